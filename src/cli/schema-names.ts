/** The JSON Schemas that the package brings, by what they are for. */
export const SCHEMA_NAMES = ['agent', 'flow', 'task-definition', 'run-task-kwargs'] as const;
