import { type LocalAws, startLocalAws } from '../../src/local/start-local-aws.ts';

/** Variables that lead a command to a local AWS. */
export function localEnv({ url }: LocalAws): Record<string, string> {
  return { AWS_ENDPOINT_URL: url, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
}

export function startServer(): Promise<LocalAws> {
  return startLocalAws({});
}

/** AWS's own words for a call that the caller may not make. */
export function denied(action: string): { kind: 'error'; name: string; message: string; status: number } {
  const message = `User: arn:aws:iam::000000000000:user/ada is not authorized to perform: ${action}`;
  return { kind: 'error', name: 'AccessDeniedException', message, status: 403 };
}
