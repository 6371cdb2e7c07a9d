import { inject } from 'vitest';
import { dynamodbContract } from './dynamodb-contract.ts';
import { DYNAMODB_DEVIATIONS } from './moto-deviations.ts';

const start = async () => ({ endpoint: inject('motoEndpoint'), stop: async () => {} });

dynamodbContract('moto', start, DYNAMODB_DEVIATIONS, {
  '200 racing conditional increments lose none':
    'now and then loses one: its threads share a table without a lock between the check and the write',
});
