import { openNotes } from './counting-journal.ts';

/** Writes changes for ever and prints the number of each one when it is acknowledged. Arguments: file, bytes a change. */
const [path, bytes = '100'] = process.argv.slice(2);
const { journal } = openNotes(path);
const value = 'v'.repeat(Number(bytes));
try {
  for (let n = 0; ; n += 1) {
    journal.change({ key: String(n % 5000), value: `${n} ${value}` }, { key: 'last', value: String(n) });
    await say(String(n));
  }
} catch (error) {
  await say(`refused ${error instanceof Error && 'code' in error ? error.code : error}`);
}

function say(line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
  });
}
