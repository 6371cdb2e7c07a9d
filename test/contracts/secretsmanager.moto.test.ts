import { inject } from 'vitest';
import { SECRETS_MANAGER_DEVIATIONS } from './moto-deviations.ts';
import { secretsManagerContract } from './secretsmanager-contract.ts';

const start = async () => ({ endpoint: inject('motoEndpoint'), stop: async () => undefined });

secretsManagerContract('Secrets Manager of moto', start, Object.keys(SECRETS_MANAGER_DEVIATIONS));
