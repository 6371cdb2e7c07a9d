import type { Arns } from '../arns.ts';
import type { DefinitionRecord } from '../state/records.ts';
import { requiredAttributesOf } from './normalise-definition.ts';

/** A definition as the API tells it: API `TaskDefinition`, times in epoch seconds. */
export function definitionView(record: DefinitionRecord, arns: Arns): unknown {
  return {
    taskDefinitionArn: arns.definition(record.family, record.revision),
    ...record.definition,
    revision: record.revision,
    status: record.status,
    requiresAttributes: requiredAttributesOf(record.definition),
    compatibilities: record.compatibilities,
    registeredAt: record.registeredAt / 1000,
    registeredBy: arns.root,
    ...(record.deregisteredAt === undefined ? {} : { deregisteredAt: record.deregisteredAt / 1000 }),
    ...(record.deleteRequestedAt === undefined ? {} : { deleteRequestedAt: record.deleteRequestedAt / 1000 }),
  };
}
