import { AwsError } from '../service.ts';
import type { AccessRequest } from './access-request.ts';
import type { AccessDecision } from './evaluate-policies.ts';

export interface Refusal {
  readonly principal: string;
  readonly request: AccessRequest;
  readonly decision: Exclude<AccessDecision, 'allowed'>;
}

/** In AWS's words (IAM User Guide, "Troubleshoot access denied error messages"). */
export function refusalText({ principal, request, decision }: Refusal): string {
  const { action, resource } = request;
  const because =
    decision === 'denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
}

/** The same as the error of a service: each has its own code, status and spelling. */
export function accessDeniedError(service: string, refusal: Refusal): AwsError {
  const { request } = refusal;
  switch (service) {
    case 's3': {
      // S3 puts the ARN in quotation marks (S3 User Guide, "Troubleshoot access denied (403 Forbidden) errors").
      const quoted = { ...refusal, request: { ...request, resource: `"${request.resource}"` } };
      return new AwsError('AccessDenied', refusalText(quoted), { status: 403 });
    }
    case 'sqs': {
      // SQS writes the names of its actions in small letters.
      const small = { ...refusal, request: { ...request, action: request.action.toLowerCase() } };
      return new AwsError('AccessDeniedException', refusalText(small), { status: 403, queryCode: 'AccessDenied' });
    }
    case 'sns':
      return new AwsError('AuthorizationError', refusalText(refusal), { status: 403 });
    case 'sts':
      return new AwsError('AccessDenied', refusalText(refusal), { status: 403 });
    default:
      return new AwsError('AccessDeniedException', refusalText(refusal));
  }
}
