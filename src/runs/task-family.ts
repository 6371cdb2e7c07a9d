/** The family of a task definition's ARN or `family:revision`. */
export function familyOf(taskDefinition: string): string {
  return (taskDefinition.split('/').at(-1) ?? taskDefinition).split(':')[0] ?? taskDefinition;
}
