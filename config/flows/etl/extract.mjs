import { readFile } from 'node:fs/promises';

/** Reads a CSV file without quotes; lines that begin with # are remarks. Every value is text as it stands there. */
export async function extract(file) {
  const text = await readFile(file, 'utf8');
  const [header, ...lines] = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const names = header.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    if (values.length !== names.length) throw new Error(`${names.length} values are needed, there are others: ${line}`);
    return Object.fromEntries(names.map((name, column) => [name, values[column]]));
  });
}
