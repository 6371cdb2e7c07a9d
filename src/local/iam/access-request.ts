/** One thing that a call asks IAM for. Most calls ask for one, RunTask for several. */
export interface AccessRequest {
  /** `ecs:RunTask` */
  readonly action: string;
  /** The ARN, `*` where the action takes no resource. */
  readonly resource: string;
  /** Condition keys of the request; several values of one key as a list. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}
