/** The ending of each archive that can be unpacked. */
const ENDINGS = { '.zip': 'zip', '.tar.gz': 'tar.gz', '.tgz': 'tar.gz', '.tar': 'tar' } as const;

export type ArchiveFormat = (typeof ENDINGS)[keyof typeof ENDINGS];

/** What kind of archive a file is by its name; undefined for none that can be unpacked. */
export function archiveFormatOf(name: string): ArchiveFormat | undefined {
  return Object.entries(ENDINGS).find(([ending]) => name.toLowerCase().endsWith(ending))?.[1];
}
