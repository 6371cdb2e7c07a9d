/** A reason why a task cannot start, in the words of ECS: it becomes the task's `stoppedReason`. */
export class StartRefusal extends Error {}
