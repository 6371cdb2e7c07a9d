import { type LocalClock, type QueryCall, type QueryService, unknownOperation } from '../service.ts';
import type { QueueSink } from '../sqs/queue-sink.ts';
import type { XmlElements } from '../xml-document.ts';
import { createTopic, deleteTopic, listTopics, subscribe } from './manage-topics.ts';
import { publish } from './publish.ts';
import { TopicStore } from './topic-store.ts';

export interface SnsOptions {
  /** Undefined keeps nothing on disk. */
  readonly stateDir: string | undefined;
  readonly clock: LocalClock;
  readonly region: string;
  readonly accountId: string;
  /** Where subscribed queues are. */
  readonly queues: QueueSink;
}

type Operation = (store: TopicStore, call: QueryCall) => XmlElements;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateTopic: createTopic,
  DeleteTopic: deleteTopic,
  ListTopics: listTopics,
  Publish: publish,
  Subscribe: subscribe,
};

/** Local SNS: topics, and subscriptions of queues. What nobody has subscribed to is gone, as with AWS. */
export function createSns(options: SnsOptions): QueryService {
  const store = new TopicStore(options);
  return {
    name: 'sns',
    namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    actions: new Set(Object.keys(OPERATIONS)),
    call: async (call) => {
      const operation = Object.hasOwn(OPERATIONS, call.operation) ? OPERATIONS[call.operation] : undefined;
      if (operation === undefined) throw unknownOperation('SNS', call.operation);
      return operation(store, call);
    },
    close: async () => store.close(),
  };
}
