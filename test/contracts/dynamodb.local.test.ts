import { dynamodbContract } from './dynamodb-contract.ts';
import { startLocalServer } from './local-server.ts';

dynamodbContract('local AWS', startLocalServer, {
  'ExecuteStatement reads with PartiQL': 'local AWS has no PartiQL and says so',
});
