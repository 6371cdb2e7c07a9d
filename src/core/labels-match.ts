/** What an agent says about the runs it takes. */
export interface AgentLabels {
  readonly labels: readonly string[];
  /** Then only an unlabelled agent takes unlabelled runs. */
  readonly strictLabels: boolean;
}

/** Whether the agent takes a run with these labels: the flow's and the request's together have to be within its own. */
export function labelsMatch({ labels, strictLabels }: AgentLabels, runLabels: readonly string[]): boolean {
  if (runLabels.length === 0) return !strictLabels || labels.length === 0;
  return runLabels.every((label) => labels.includes(label));
}
