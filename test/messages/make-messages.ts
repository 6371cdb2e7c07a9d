/**
 * Writes the corpus of message bodies, each with the end that it must come to:
 *
 *   node --import tsx test/messages/make-messages.ts
 */
import { writeFileSync } from 'node:fs';
import { messageCorpus } from './message-corpus.ts';

const lines = messageCorpus().map((one) => JSON.stringify(one));
writeFileSync(new URL('../golden/messages/messages.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`);
process.stdout.write(`${lines.length} bodies\n`);
