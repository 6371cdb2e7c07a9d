import { z } from 'zod';
import { invalidParameter } from '../ecs-errors.ts';
import { parseInput } from '../parse-input.ts';
import type { EcsStore } from '../state/ecs-store.ts';

const MAX_PAGE = 100;

const shape = z.object({
  familyPrefix: z.string().optional(),
  status: z.string().optional(),
  sort: z.string().default('ASC'),
  maxResults: z.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
  nextToken: z.string().optional(),
});

/** ListTaskDefinitions: `familyPrefix` is a whole family name there, as ECS documents it. */
export function listDefinitions(store: EcsStore, input: unknown): unknown {
  const { familyPrefix, status = 'ACTIVE', sort, maxResults, nextToken } = parseInput(shape, input);
  const families = familyPrefix === undefined ? [...store.state.families.keys()].sort() : [familyPrefix];
  const arns = families.flatMap((family) =>
    [...(store.state.families.get(family)?.revisions.values() ?? [])]
      .filter((definition) => definition.status === status)
      .sort((a, b) => a.revision - b.revision)
      .map(({ revision }) => store.arns.definition(family, revision)),
  );
  const page = pageOf(sort === 'DESC' ? arns.reverse() : arns, nextToken, maxResults);
  return { taskDefinitionArns: page.items, nextToken: page.nextToken };
}

/** ListTaskDefinitionFamilies. A family is INACTIVE when none of its definitions is ACTIVE; `ALL` is the default. */
export function listFamilies(store: EcsStore, input: unknown): unknown {
  const { familyPrefix = '', status = 'ALL', maxResults, nextToken } = parseInput(shape, input);
  const families = [...store.state.families]
    .filter(([name]) => name.startsWith(familyPrefix))
    .filter(([, { revisions }]) => {
      const isActive = [...revisions.values()].some((definition) => definition.status === 'ACTIVE');
      return status === 'ALL' || isActive === (status === 'ACTIVE');
    })
    .map(([name]) => name)
    .sort();
  const page = pageOf(families, nextToken, maxResults);
  return { families: page.items, nextToken: page.nextToken };
}

function pageOf(
  all: readonly string[],
  nextToken: string | undefined,
  limit: number,
): { items: readonly string[]; nextToken?: string } {
  const start = nextToken === undefined ? 0 : Number(nextToken);
  if (!Number.isSafeInteger(start) || start < 0) throw invalidParameter('Invalid token.');
  const items = all.slice(start, start + limit);
  return start + limit < all.length ? { items, nextToken: String(start + limit) } : { items };
}
