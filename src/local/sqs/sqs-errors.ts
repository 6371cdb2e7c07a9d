import { AwsError } from '../service.ts';

/** The errors of the SQS API with their codes in the query protocol (SQS API reference, service model `sqs`). */

export function queueDoesNotExist(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.', {
    queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
  });
}

export function queueNameExists(attribute: string): AwsError {
  return new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
    { queryCode: 'QueueAlreadyExists' },
  );
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { queryCode: 'InvalidParameterValue' });
}

/** The usual wording for a parameter that is out of its range. */
export function invalidValue(value: unknown, parameter: string, reason: string): AwsError {
  return invalidParameter(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function missingParameter(parameter: string): AwsError {
  return new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${parameter}.`, {
    queryCode: 'MissingParameter',
  });
}

export function invalidAttributeName(message: string): AwsError {
  return new AwsError('InvalidAttributeName', message, { queryCode: 'InvalidAttributeName' });
}

export function invalidAttributeValue(name: string, reason: string): AwsError {
  return new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}. Reason: ${reason}`, {
    queryCode: 'InvalidAttributeValue',
  });
}

export function receiptHandleIsInvalid(handle: string): AwsError {
  return new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`, {
    status: 404,
    queryCode: 'ReceiptHandleIsInvalid',
  });
}

export function messageNotInflight(): AwsError {
  return new AwsError('MessageNotInflight', 'The specified message is not in flight.', {
    queryCode: 'AWS.SimpleQueueService.MessageNotInflight',
  });
}

export function invalidMessageContents(): AwsError {
  return new AwsError('InvalidMessageContents', 'The message contains characters outside the allowed set.', {
    queryCode: 'InvalidMessageContents',
  });
}

export function overLimit(inFlight: number): AwsError {
  return new AwsError('OverLimit', `There are ${inFlight} messages in flight, which is the maximum.`, {
    status: 403,
    queryCode: 'OverLimit',
  });
}

export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, { status: 404, queryCode: 'ResourceNotFoundException' });
}

/** The four ways in which a batch as a whole is wrong. */
export function batchError(
  name:
    | 'BatchEntryIdsNotDistinct'
    | 'BatchRequestTooLong'
    | 'EmptyBatchRequest'
    | 'InvalidBatchEntryId'
    | 'TooManyEntriesInBatchRequest',
  message: string,
): AwsError {
  return new AwsError(name, message, { queryCode: `AWS.SimpleQueueService.${name}` });
}
