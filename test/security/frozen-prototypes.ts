/**
 * Reads the corpus and plans launches with prototypes that cannot grow, and without `__proto__`; ends with an error if one is
 * not as it was. Prints how many bodies and files it has seen.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { acceptMessage } from '../../src/runs/accept-message.ts';
import { MemoryFileStore } from '../fakes/memory-file-store.ts';
import { MemoryRunStore } from '../fakes/memory-run-store.ts';
import { bodyOf } from '../messages/message-case.ts';
import { messageCorpus } from '../messages/message-corpus.ts';
import { planCase } from '../templates/render-launch.ts';
import { launch } from '../templates/small-launch.ts';

const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, Map.prototype, String.prototype];
const shapes = () => PROTOTYPES.map((prototype) => Object.entries(Object.getOwnPropertyDescriptors(prototype)));
const before = shapes();
// Frozen ones would forbid every object a key such as `constructor` of its own: these cannot get anything new.
for (const prototype of PROTOTYPES) Object.preventExtensions(prototype);
const store = new MemoryRunStore();
const deps = { store, files: new MemoryFileStore(), bucket: undefined, now: () => 0, by: 'agent' };
let seen = 0;
for (const one of messageCorpus()) {
  seen += 1;
  const message = { messageId: `m${seen}`, body: bodyOf(one), receipt: 'r', receiveCount: 1, sentAt: 0 };
  const { kind } = await acceptMessage(deps, message);
  if (kind !== one.end.kind) throw new Error(`${one.name} is ${kind}`);
}
const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
for (const key of KEYS) {
  const poison: Record<string, unknown> = JSON.parse(`{${JSON.stringify(key)}:{"polluted":"yes"}}`);
  for (const place of ['env', 'tags', 'taskDefinitionPatch', 'runTaskKwargs', 'secrets']) {
    // Whether it is refused or taken word for word does not matter here: nothing else may come of it.
    await planCase(launch({ runConfig: { [place]: poison }, agent: { profiles: poison, environments: poison } }));
    seen += 1;
  }
}
for (const name of readdirSync('test/golden/bad/yaml')) {
  await planCase(launch({ template: { raw: readFileSync(`test/golden/bad/yaml/${name}`, 'utf8') } }));
  seen += 1;
}
assert.deepEqual(shapes(), before);
assert.equal(Reflect.get({}, 'polluted'), undefined);
process.stdout.write(`${seen} seen\n`);
