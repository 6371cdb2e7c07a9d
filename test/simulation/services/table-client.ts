import {
  BatchGetCommand,
  type BatchGetCommandInput,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
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
    const answer = wire.isOpen(process, 'dynamodb') ? atHand(command, process.name, table) : undefined;
    return (
      answer ?? wire.send(process, { service: 'dynamodb', stop: undefined, ...callOf(command, process.name, table) })
    );
  };
  return Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send });
}

/** What needs no trip, and draws no lot of the faults. */
function atHand(command: object, by: string, table: TableService): object | undefined {
  // Index entries only tell which records to read, and that read makes the trip; a fleet that is read late changes little.
  if (command instanceof QueryCommand) return table.query(command.input);
  // Of signs of life many more are written than of all the rest, and a lost one is an early one less.
  if (command instanceof PutCommand && isSignOfLife(command.input)) return table.put(by, command.input);
  return command instanceof DeleteCommand && isOfAgent(command.input.Key) ? table.remove(command.input) : undefined;
}

function callOf(command: object, by: string, table: TableService): Omit<Call<object>, 'service' | 'stop'> {
  if (command instanceof PutCommand) {
    return { name: putName(command.input.Item), execute: atOnce(() => table.put(by, command.input)) };
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

/** Runs' records apart from the rest, so that a fault at the nth of them stays where it is whatever else is written. */
function putName(item: PutCommandInput['Item']): string {
  return item?.SK === 'RUN' ? 'Put' : 'PutOther';
}

function isSignOfLife({ Item: item, ConditionExpression: condition }: PutCommandInput): boolean {
  return condition === undefined && isOfAgent(item);
}

function isOfAgent(key: PutCommandInput['Item']): boolean {
  return String(key?.SK).startsWith('AGENT#');
}
