import { liveThrough } from './demo-life.ts';
import { allows, NOT_TOLD, nameOf, permissionsOf } from './permission-cells.ts';
import type { Policies } from './printed-policies.ts';
import { isUnexpected } from './run-cell.ts';

/** Whether the demo lives by the printed policies: what is wrong, empty if nothing is. */
export async function sufficiency(): Promise<{ readonly policies: Policies; readonly faults: readonly string[] }> {
  const given: Policies[] = [];
  const story = await liveThrough({
    withSchedule: true,
    limit: (printed) => {
      given.push(printed);
      return printed;
    },
  });
  const [policies] = given;
  if (policies === undefined) throw new Error('the demo was lived through without policies');
  const denied = story.judged.filter(({ decision }) => decision !== 'allowed');
  const idle = permissionsOf(policies).filter(
    (one) => !Object.hasOwn(NOT_TOLD, nameOf(one)) && !story.judged.some((judged) => allows(one, judged)),
  );
  const faults = [
    ...(story.isWhole ? [] : ['not everything has ended']),
    ...denied.map(({ principal, request }) => `${principal} may not ${request.action} on ${request.resource}`),
    ...story.troubles.filter(isUnexpected).map(({ line }) => line),
    ...idle.map((one) => `nobody needs ${nameOf(one)}`),
  ];
  return { policies, faults };
}
