import { startLocalServer } from './local-server.ts';
import { secretsManagerContract } from './secretsmanager-contract.ts';

secretsManagerContract('Secrets Manager of local AWS', startLocalServer, []);
