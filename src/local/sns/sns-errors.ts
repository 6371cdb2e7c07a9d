import { AwsError } from '../service.ts';

/** As SNS words it: `Invalid parameter: <what>`. */
export function invalidParameter(what: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${what}`, { status: 400 });
}
