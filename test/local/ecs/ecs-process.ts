import { startEcs } from './start-ecs.ts';

/**
 * Local ECS as a program of its own, so that a test can kill it: `ecs-process.ts <state directory>`. Tells its endpoint;
 * any word on its standard input makes it exit without closing anything.
 */
const { endpoint } = await startEcs({ stateDir: process.argv[2] });
process.stdout.write(`${endpoint}\n`);
process.stdin.once('data', () => process.exit(0));
