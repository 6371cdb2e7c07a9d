import { inject } from 'vitest';
import { SQS_DEVIATIONS } from './moto-deviations.ts';
import { sqsContract } from './sqs-contract.ts';

const start = async () => ({ endpoint: inject('motoEndpoint'), stop: async () => undefined });

sqsContract('SQS of moto', start, Object.keys(SQS_DEVIATIONS));
