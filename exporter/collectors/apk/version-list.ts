import { CollectorError, type Host, type ToolOutput } from '../../collector.ts';

/** An installed package of which a repository has a newer version. */
export interface Newer {
  readonly name: string;
  readonly installed: string;
  readonly candidate: string;
}

/** `apk version -v -l '<'`: the newest of each installed package among the repositories it may come from (src/app_version.c). */
const listing = ['version', '-v', '-l', '<'];

/**
 * A repository that apk left out. It says so in a warning, goes on, and ends with 0: `WARNING: Ignoring APKINDEX.x.tar.gz: reason`
 * (apk-tools 2.12 and before), `WARNING: opening from cache https://...: reason` (later).
 */
const leftOut = /^WARNING: (?:Ignoring|(?:constructing|opening|updating|fetching)\b[a-z ]*?) (\S+): (.+)$/gm;

/**
 * Parses the list of newer versions. @throws CollectorError metadata_missing where apk did without a repository, permission_denied,
 * tool_failed, unexpected_output.
 */
export function parseVersionList({ exitCode, stdout, stderr }: ToolOutput): readonly Newer[] {
  const said = `${stderr}\n${stdout}`;
  const missing = [...said.matchAll(leftOut)].map(([, what = '', why = '']) => `${what} (${why})`);
  if (missing.length > 0)
    throw new CollectorError(
      missing.every((one) => /permission denied/i.test(one)) ? 'permission_denied' : 'metadata_missing',
      `apk did without ${missing.join(', ').slice(0, 400)}, so what it says of updates is incomplete; run: apk update`,
    );
  const error = said.split('\n').find((line) => line.startsWith('ERROR:'));
  if (error !== undefined || exitCode !== 0)
    throw new CollectorError(
      /permission denied/i.test(error ?? '') ? 'permission_denied' : 'tool_failed',
      `apk version ended with ${exitCode}: ${(error ?? stderr.trim()).slice(0, 300)}`,
    );
  const lines = stdout.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('WARNING:'));
  if (!/^Installed:\s+Available:\s*$/.test(lines[0] ?? ''))
    throw new CollectorError(
      'unexpected_output',
      `apk version printed ${JSON.stringify((lines[0] ?? '').slice(0, 100))} where its heading belongs`,
    );
  return lines.slice(1).map(parseLine);
}

/** `busybox-1.28.4-r0    < 1.28.4-r1 @edge`; a name may have dashes and digits, so the last `-digit` separates (apk-package(5)). */
function parseLine(line: string): Newer {
  const [, name, installed, candidate] =
    /^(\S+)-(\d[^\s-]*(?:-r\d+)?)\s+< (\d\S*)(?:\s+@\S+)?\s*$/.exec(line) ?? [];
  if (name === undefined || installed === undefined || candidate === undefined)
    throw new CollectorError(
      'unexpected_output',
      `apk version printed ${JSON.stringify(line.slice(0, 200))}`,
    );
  return { name, installed, candidate };
}

/** @throws CollectorError as Host.run and `parseVersionList`. */
export async function readVersionList(host: Host): Promise<readonly Newer[]> {
  return parseVersionList(await host.run('apk', listing, { timeout: 60_000 }));
}
