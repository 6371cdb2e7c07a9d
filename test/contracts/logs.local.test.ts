import { startLocalServer } from './local-server.ts';
import { logsContract } from './logs-contract.ts';

logsContract('Logs of local AWS', startLocalServer, []);
