import { startLocalServer } from './local-server.ts';
import { s3Contract } from './s3-contract.ts';

s3Contract('local AWS', startLocalServer, {});
