import { z } from 'zod';
import { type Conditions, isKnownOperator } from './conditions.ts';

/** One statement of an identity-based policy, with lists where IAM also takes a single text. */
export interface PolicyStatement {
  readonly sid: string | undefined;
  readonly isDeny: boolean;
  readonly actions: Named;
  readonly resources: Named;
  readonly conditions: Conditions;
}

/** Patterns that are meant, or with `isOthers` (`NotAction`, `NotResource`) all but these. */
export interface Named {
  readonly patterns: readonly string[];
  readonly isOthers: boolean;
}

export type Policy = readonly PolicyStatement[];

const texts = z
  .union([z.string(), z.array(z.string())])
  .transform((said) => (typeof said === 'string' ? [said] : said));
const values = z
  .union([z.string(), z.boolean(), z.number(), z.array(z.union([z.string(), z.boolean(), z.number()]))])
  .transform((said) => (Array.isArray(said) ? said : [said]).map(String));

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Condition: z.record(z.string(), z.record(z.string(), values)).default({}),
  })
  .refine((said) => (said.Action === undefined) !== (said.NotAction === undefined), 'needs Action or NotAction')
  .refine((said) => (said.Resource === undefined) !== (said.NotResource === undefined), 'needs Resource or NotResource')
  .refine(
    (said) => Object.keys(said.Condition).every(isKnownOperator),
    'has a condition operator that is not evaluated',
  )
  .refine((said) => !JSON.stringify(said).includes('${'), 'has a policy variable, and those are not evaluated');

const document = z.object({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z.union([statement, z.array(statement)]).transform((said) => (Array.isArray(said) ? said : [said])),
});

/**
 * Reads an identity-based policy (IAM User Guide, "IAM JSON policy elements reference"). Throws for what it cannot judge by:
 * a policy that is half understood would allow what AWS denies.
 */
export function parsePolicy(given: unknown): Policy {
  const parsed = document.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`local AWS cannot judge by this policy: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  return parsed.data.Statement.map((said) => ({
    sid: said.Sid,
    isDeny: said.Effect === 'Deny',
    actions: { patterns: said.Action ?? said.NotAction ?? [], isOthers: said.Action === undefined },
    resources: { patterns: said.Resource ?? said.NotResource ?? [], isOthers: said.Resource === undefined },
    conditions: said.Condition,
  }));
}
