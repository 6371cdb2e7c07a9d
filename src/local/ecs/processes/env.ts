/** What a program needs to run at all. Everything else in this process's environment is nobody else's business. */
const BASICS = ['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'LANG', 'SystemRoot'] as const;

/** The part of this process's environment that tasks get. */
export function basicEnvironment(): Record<string, string> {
  return Object.fromEntries(
    BASICS.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
