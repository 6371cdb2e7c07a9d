import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The folders that tasks run in. Beside the state, so that what a killed local ECS has left is found and removed at the
 * next start; without state in a folder of their own that goes when local ECS ends.
 */
export class WorkFolders {
  readonly #besideState: string | undefined;
  #temporary: string | undefined;

  constructor(stateDir: string | undefined) {
    this.#besideState = stateDir === undefined ? undefined : join(stateDir, 'tasks');
  }

  /** Makes the folder of a task. */
  make(taskId: string): string {
    const folder = join(this.#besideState ?? this.#makeTemporary(), taskId);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  remove(taskId: string): void {
    const root = this.#besideState ?? this.#temporary;
    if (root !== undefined) rmSync(join(root, taskId), { recursive: true, force: true });
  }

  /** Removes the folder that was made for want of state; a second call does nothing. */
  close(): void {
    if (this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true, force: true });
  }

  #makeTemporary(): string {
    this.#temporary ??= mkdtempSync(join(tmpdir(), 'slipway-tasks-'));
    return this.#temporary;
  }
}
