import { startLocalServer } from './local-server.ts';
import { sqsContract } from './sqs-contract.ts';

sqsContract('SQS of local AWS', startLocalServer, []);
