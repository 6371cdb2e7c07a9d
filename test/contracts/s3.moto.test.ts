import { inject } from 'vitest';
import { S3_DEVIATIONS } from './moto-deviations.ts';
import { s3Contract } from './s3-contract.ts';

s3Contract('moto', async () => ({ endpoint: inject('motoEndpoint'), stop: async () => {} }), S3_DEVIATIONS);
