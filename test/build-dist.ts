import { execFileSync } from 'node:child_process';

/** Builds `dist` once before the tests: agents, workers and CLIs that they start as processes run the built program. */
export function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
