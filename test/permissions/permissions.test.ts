import { describe, expect, it } from 'vitest';
import { type LifeOptions, liveThrough } from './demo-life.ts';
import { scenesOf } from './demo-scenes.ts';
import { NOT_TOLD, nameOf, type Permission, permissionsOf, without } from './permission-cells.ts';
import type { Policies } from './printed-policies.ts';
import { isUnexpected, runCell } from './run-cell.ts';

/** A part of the demo that needs a second: the whole of it, and every permission, is `npm run permissions`. */
const PART: LifeOptions = { scenes: scenesOf('demo-hello', 'more-secretive') };

/** One of each role and each way of being told. */
const TAKEN_AWAY = [
  'agent TakeRequests sqs:ReceiveMessage',
  'agent PassRolesToTasks iam:PassRole',
  'agent WatchAndStop ecs:DescribeTasks',
  'task RecordOfItsRun dynamodb:GetItem',
  'execution ReadSecrets secretsmanager:GetSecretValue',
];

let policies: Policies;

describe('the demo, by the policies that slipway aws iam prints', () => {
  it('meets no denial', async () => {
    const story = await liveThrough({
      ...PART,
      limit: (printed) => {
        policies = printed;
        return printed;
      },
    });
    expect(story.isWhole).toBe(true);
    expect(story.judged.filter(({ decision }) => decision !== 'allowed')).toEqual([]);
    expect(story.troubles.filter(isUnexpected)).toEqual([]);
  });

  it.each(TAKEN_AWAY)(
    'names action and resource in its first line of trouble, and what to add, without: %s',
    async (name) => {
      const outcome = await runCell(permissionNamed(name), PART);
      expect(outcome).toMatchObject({ name, faults: [] });
    },
  );

  it('has every permission taken away in turn, or says why its absence cannot be told', () => {
    const names = permissionsOf(policies).map(nameOf);
    expect(Object.keys(NOT_TOLD).filter((name) => !names.includes(name))).toEqual([]);
    for (const one of permissionsOf(policies)) {
      expect(permissionsOf(without(policies, one)).map(nameOf)).toEqual(names.filter((name) => name !== nameOf(one)));
    }
  });
});

function permissionNamed(name: string): Permission {
  const found = permissionsOf(policies).find((one) => nameOf(one) === name);
  if (found === undefined) throw new Error(`no policy has ${name}`);
  return found;
}
