import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { explainError } from '../../src/cli/explain-error.ts';

function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 }, $fault: 'client' });
}

describe('errors in words', () => {
  it.each([
    ['AccessDeniedException', 4, 'User: arn:aws:iam::1:user/x is not authorized to perform: dynamodb:GetItem'],
    ['AccessDenied', 4, 'Access Denied'],
    ['ExpiredTokenException', 4, 'The security token included in the request is expired'],
    ['UnrecognizedClientException', 4, 'The security token included in the request is invalid.'],
    ['CredentialsProviderError', 4, 'Could not load credentials from any providers'],
    ['ResourceNotFoundException', 5, 'Requested resource not found'],
    ['QueueDoesNotExist', 5, 'The specified queue does not exist.'],
    ['NoSuchBucket', 5, 'The specified bucket does not exist'],
  ])('%s ends with %i and keeps the words of AWS', (name, exitCode, words) => {
    const explained = explainError(awsError(name, words));
    expect(explained).toMatchObject({ exitCode, message: expect.stringContaining(words) });
    expect(explained.next).toBeDefined();
    expect(explained.isBug).toBeUndefined();
  });

  it.each(['AccessDeniedException', 'AuthorizationErrorException', 'UnauthorizedOperation'])(
    'says to whose policy which statement belongs: %s',
    (name) => {
      const words =
        'User: arn:aws:sts::1:assumed-role/ops/ada is not authorized to perform: sns:Publish on resource: arn:aws:sns:r:1:t';
      expect(explainError(awsError(name, words)).next).toBe(
        'add to the policy of role ops: {"Effect":"Allow","Action":"sns:Publish","Resource":"arn:aws:sns:r:1:t"}',
      );
    },
  );

  it('says which address does not answer, and how to start local AWS there', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4210'), {
      code: 'ECONNREFUSED',
      address: '127.0.0.1',
      port: 4210,
    });
    expect(explainError(error)).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('127.0.0.1:4210'),
      next: expect.stringContaining('slipway dev'),
      mayPass: true,
    });
    expect(explainError(new AggregateError([error], ''))).toMatchObject({ exitCode: 4 });
  });

  it('knows what may pass by itself', () => {
    expect(explainError(awsError('ThrottlingException', 'Rate exceeded')).mayPass).toBe(true);
    expect(explainError(awsError('ValidationException', 'no')).mayPass).toBeUndefined();
  });

  it('takes what nobody expected for a defect of ours', () => {
    expect(explainError(new TypeError('x is not a function'))).toMatchObject({ exitCode: 1, isBug: true });
  });

  it('tells how a run ended by the exit code', () => {
    const statuses = ['SUCCEEDED', 'FAILED', 'CRASHED', 'CANCELLED', 'EXPIRED'] as const;
    expect(statuses.map(exitCodeOf)).toEqual([0, 6, 7, 8, 9]);
  });
});
