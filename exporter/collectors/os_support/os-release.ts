import { CollectorError, type Host } from '../../collector.ts';

/** What a Linux system says of itself; empty values are left out. */
export interface OsRelease {
  readonly id: string;
  readonly name: string;
  /** Absent on rolling releases and on what is not released yet. */
  readonly versionId?: string;
  readonly codename?: string;
  /** `2027-05-19`. */
  readonly supportEnd?: string;
  /** When the file was made: packages keep the time of the file when they install it. Unix seconds. */
  readonly made: number;
}

/** The file of the administrator wins; see os-release(5). */
const files = ['/etc/os-release', '/usr/lib/os-release'];

/**
 * Reads the os-release file.
 * @returns undefined on a system without one, which is no Linux.
 * @throws CollectorError unexpected_output when it does not say which system this is.
 */
export async function readOsRelease(host: Host): Promise<OsRelease | undefined> {
  for (const path of files) {
    const text = await host.read(path);
    if (text === undefined) continue;
    const fields = parseOsRelease(text);
    const made = (await host.stat(path))?.modified ?? 0;
    const id = fields.get('ID');
    if (id === undefined)
      throw new CollectorError(
        'unexpected_output',
        `${path} has no ID=, so it is unknown which system this is; reinstall the package the file is from`,
      );
    const versionId = fields.get('VERSION_ID');
    const codename = fields.get('VERSION_CODENAME');
    const supportEnd = fields.get('SUPPORT_END');
    return {
      id,
      name: fields.get('NAME') ?? id,
      ...(versionId === undefined ? {} : { versionId }),
      ...(codename === undefined ? {} : { codename }),
      ...(supportEnd === undefined ? {} : { supportEnd }),
      made,
    };
  }
  return undefined;
}

/** Assignments as a shell would read them, without expansion; see os-release(5). Empty values are left out. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const fields = text.split('\n').flatMap((line) => {
    const [, name, raw] = /^\s*([A-Z][A-Z0-9_]*)=(.*?)\s*$/.exec(line) ?? [];
    const value = raw === undefined ? '' : unquote(raw);
    return name === undefined || value === '' ? [] : [[name, value] as const];
  });
  return new Map(fields);
}

function unquote(raw: string): string {
  const single = /^'([^']*)'$/.exec(raw)?.[1];
  if (single !== undefined) return single;
  return (/^"(.*)"$/.exec(raw)?.[1] ?? raw).replaceAll(/\\(["$`\\'])/g, '$1');
}
