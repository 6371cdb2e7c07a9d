import { ecsContract } from './ecs-contract.ts';
import { startLocalServer } from './local-server.ts';

ecsContract('local AWS', async () => ({ ...(await startLocalServer()), subnet: 'subnet-1', securityGroup: 'sg-1' }));
