/** An IAM policy, as its JSON is written (IAM User Guide, "IAM JSON policy elements reference"). */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  /** Absent in a role's trust policy. */
  readonly Resource?: readonly string[];
  readonly Principal?: { readonly Service: string };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Statements that allow nothing, because there is nothing to allow them on, are left out. */
export function policyOf(statements: readonly Statement[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: statements.filter(({ Action, Resource }) => Action.length > 0 && Resource?.length !== 0),
  };
}
