export type Item = Record<string, unknown>;

type Values = Readonly<Record<string, unknown>>;

/** The conditions that our stores write; any other must be added here before it can be simulated. */
export function holds(current: Item | undefined, condition: string | undefined, values: Values = {}): boolean {
  switch (condition) {
    case undefined:
      return true;
    case 'attribute_not_exists(PK)':
      return current === undefined;
    case '#version = :expected':
      return current !== undefined && current.version === values[':expected'];
    case 'attribute_not_exists(PK) OR #beat < :beat':
      return current === undefined || Number(current.beat) < Number(values[':beat']);
    case '#nonce = :nonce':
      return current !== undefined && current.nonce === values[':nonce'];
    case '#epoch = :epoch':
      return current !== undefined && current.epoch === values[':epoch'];
    case 'arn = :arn':
      return current !== undefined && current.arn === values[':arn'];
    case 'attribute_not_exists(#holders) OR size(#holders) < :limit OR contains(#holders, :runId)': {
      const holders = setOf(current?.holders);
      return holders.size < Number(values[':limit']) || holders.has(values[':runId']);
    }
    default:
      throw new Error(`the simulated table does not know the condition ${condition}`);
  }
}

export interface ItemUpdate {
  readonly Key: Item | undefined;
  readonly UpdateExpression: string | undefined;
  readonly ExpressionAttributeValues?: Values | undefined;
}

/** The item after an update that our stores write: of the set of a limit's holders. */
export function updated(current: Item | undefined, update: ItemUpdate): Item {
  const { Key = {}, UpdateExpression, ExpressionAttributeValues = {} } = update;
  const { holders, ...rest } = current ?? Key;
  const named = setOf(ExpressionAttributeValues[':holder']);
  const left = [...setOf(holders)].filter((holder) => !named.has(holder));
  switch (UpdateExpression) {
    case 'ADD #holders :holder':
      return { ...rest, holders: new Set([...left, ...named]) };
    case 'DELETE #holders :holder':
      return left.length === 0 ? rest : { ...rest, holders: new Set(left) };
    default:
      throw new Error(`the simulated table does not know the update ${UpdateExpression}`);
  }
}

function setOf(value: unknown): ReadonlySet<unknown> {
  return value instanceof Set ? value : new Set();
}
