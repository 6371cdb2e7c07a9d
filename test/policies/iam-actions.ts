/** What IAM is asked for a call of an API: its own name, if nothing stands here. */
export const IAM_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:TransactWriteItems': ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  'ecs:RunTask': ['ecs:RunTask', 'ecs:TagResource', 'iam:PassRole'],
  'ecs:RegisterTaskDefinition': ['ecs:RegisterTaskDefinition', 'ecs:TagResource', 'iam:PassRole'],
};
