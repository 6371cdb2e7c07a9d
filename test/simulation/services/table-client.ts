import {
  BatchGetCommand,
  type BatchGetCommandInput,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Process } from '../process.ts';
import { atOnce, type Call, type Wire } from '../wire.ts';
import type { TableService } from './table-service.ts';

export const TABLE = 'slipway';

/** What a process holds of DynamoDB: the commands of the two stores, carried out by the table. */
export function tableClient(wire: Wire, process: Process, table: TableService): DynamoDBDocumentClient {
  const send = async (command: object): Promise<object> => {
    // Index entries only tell which records to read, and that read makes the trip. Four shards of nothing need none.
    if (command instanceof QueryCommand && wire.isOpen(process, 'dynamodb')) return table.query(command.input);
    return wire.send(process, { service: 'dynamodb', stop: undefined, ...callOf(command, process.name, table) });
  };
  return Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send });
}

function callOf(command: object, by: string, table: TableService): Omit<Call<object>, 'service' | 'stop'> {
  if (command instanceof PutCommand) {
    // Signs of life have a name of their own, or every one of them would shift the count by which runs' writes are known.
    const name = command.input.Item?.PK === 'FLEET' ? 'PutFleet' : 'Put';
    return { name, execute: atOnce(() => table.put(by, command.input)) };
  }
  if (command instanceof TransactWriteCommand) {
    return { name: 'TransactWrite', execute: atOnce(() => table.transact(by, command.input)) };
  }
  if (command instanceof DeleteCommand) return { name: 'Delete', execute: atOnce(() => table.remove(command.input)) };
  if (command instanceof GetCommand) {
    return { name: 'Get', isRead: true, execute: atOnce(() => table.get(command.input.Key ?? {})) };
  }
  if (command instanceof BatchGetCommand) {
    const input: BatchGetCommandInput = command.input;
    return { name: 'BatchGet', isRead: true, execute: atOnce(() => table.batchGet(input)) };
  }
  if (command instanceof QueryCommand) {
    return { name: 'Query', isRead: true, execute: atOnce(() => table.query(command.input)) };
  }
  throw new Error(`the simulated table does not know ${command.constructor.name}`);
}
