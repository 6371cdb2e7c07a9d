/**
 * Writes schemas/: JSON Schemas for agent.yaml, flows and templates, made from the shapes that check them and from the ECS
 * model. A test fails while they differ.
 *
 *   node --import tsx scripts/make-schemas.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeSchemas, schemaText } from './schemas.ts';

const FOLDER = resolve(import.meta.dirname, '..', 'schemas');

mkdirSync(FOLDER, { recursive: true });
for (const [name, schema] of makeSchemas()) writeFileSync(join(FOLDER, name), schemaText(schema));
