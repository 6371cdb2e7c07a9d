import cronstrue from 'cronstrue';

/** Fields of cron in words, such as `At 02:30 AM, only on Sunday`; undefined for what are no fields. */
export function wordsOfCron(fields: string): string | undefined {
  try {
    const words = cronstrue.toString(fields, { use24HourTimeFormat: true, throwExceptionOnParseError: true });
    return words.replace(/^At (\d)/, 'at $1').replace(/^Every/, 'every');
  } catch {
    return undefined;
  }
}
