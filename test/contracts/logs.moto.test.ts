import { inject } from 'vitest';
import { logsContract } from './logs-contract.ts';
import { LOGS_DEVIATIONS } from './moto-deviations.ts';

const start = async () => ({ endpoint: inject('motoEndpoint'), stop: async () => undefined });

logsContract('Logs of moto', start, Object.keys(LOGS_DEVIATIONS));
