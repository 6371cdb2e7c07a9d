import { startLocalAws } from '../../src/local/start-local-aws.ts';

/** A local AWS in a process of its own; prints its URL. Argument: the state directory. */
const [stateDir = ''] = process.argv.slice(2);
const aws = await startLocalAws({ stateDir });
process.stdout.write(`${aws.url}\n`);
