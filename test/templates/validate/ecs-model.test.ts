import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fieldNames } from '../../../src/templates/validate/ecs-types.ts';

describe('the model of the ECS API', () => {
  it('is what the script makes of the installed SDK', () => {
    const said = execFileSync('node', ['--import', 'tsx', 'scripts/make-ecs-model.ts', '--check'], {
      encoding: 'utf8',
    });
    expect(said).toBe('the ECS model is up to date\n');
  });

  it('has every field of the two requests', () => {
    expect(fieldNames('RegisterTaskDefinitionRequest')).toHaveLength(18);
    expect(fieldNames('RunTaskRequest')).toHaveLength(19);
  });
});
