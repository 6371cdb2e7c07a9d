import { z } from 'zod';

export const tagShape = z.object({ key: z.string().default(''), value: z.string().default('') });

export type Tag = z.infer<typeof tagShape>;
