/** SQS's id of a principal → the flows that it may run; `*` stands for all of them. */
export type Senders = Readonly<Record<string, readonly string[]>>;

/**
 * Whether a message's sender may run the flow. Without a map everybody may who can send to the queue; with one, whatever it
 * does not name is denied. For a role, SQS gives `<role id>:<session>` (API ReceiveMessage, `SenderId`): its id alone names
 * every session.
 */
export function mayRun(senders: Senders | undefined, senderId: string | undefined, flow: string): boolean {
  if (senders === undefined) return true;
  if (senderId === undefined) return false;
  const [roleId = ''] = senderId.split(':');
  return [senderId, roleId].some((id) => flowsOf(senders, id).some((allowed) => allowed === '*' || allowed === flow));
}

/** A key such as `constructor` names nobody whom nobody has written there. */
function flowsOf(senders: Senders, id: string): readonly string[] {
  return Object.hasOwn(senders, id) ? (senders[id] ?? []) : [];
}
