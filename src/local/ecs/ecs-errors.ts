import { AwsError } from '../service.ts';

/** A mistake of the caller that ECS reports as `ClientException`. */
export function clientError(message: string): AwsError {
  return new AwsError('ClientException', message);
}

/** `InvalidParameterException`. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** `ClusterNotFoundException`, with the words of ECS. */
export function clusterNotFound(): AwsError {
  return new AwsError('ClusterNotFoundException', 'Cluster not found.');
}

/** A call beyond the account's rate. ECS has no modelled shape for it (Amazon ECS API Reference, `request-throttling`). */
export function throttled(): AwsError {
  return new AwsError('ThrottlingException', 'Rate exceeded');
}
