import { CollectorError, type Host } from '../../collector.ts';

/** A package on dpkg's record; see dpkg-query(1) and deb-control(5). */
export interface PackageState {
  readonly name: string;
  readonly architecture: string;
  readonly version: string;
  /** Its source package, with that one's version where it is another: `glibc (2.36-9)`; the package itself unless told. */
  readonly source: string;
  /** `ok`, or `reinstreq` when it is broken and has to be installed again. */
  readonly flag: string;
  /** `installed`, `config-files`, `half-configured` and so on. */
  readonly state: string;
}

/** States between two whole ones: dpkg began and did not end. Triggers are work that is left, not damage. */
const unfinished = new Set(['half-installed', 'unpacked', 'half-configured']);

/** Parses /var/lib/dpkg/status. Stanzas without a package or a status are left out. */
export function parseStatus(text: string): readonly PackageState[] {
  const states: PackageState[] = [];
  for (const stanza of text.split(/\n[ \t\r]*\n/)) {
    const name = field(stanza, 'Package');
    const [, flag, state] = (field(stanza, 'Status') ?? '').split(/\s+/);
    if (name === undefined || flag === undefined || state === undefined) continue;
    states.push({
      name,
      architecture: field(stanza, 'Architecture') ?? '',
      version: field(stanza, 'Version') ?? '',
      source: field(stanza, 'Source') ?? name,
      flag,
      state,
    });
  }
  return states;
}

/**
 * Without its record of installed packages apt sees nothing to update, and says so with success.
 * @throws CollectorError source_missing, unexpected_output, and as Host.read.
 */
export async function readStatus(host: Host, path: string): Promise<readonly PackageState[]> {
  const text = (await host.read(path)) ?? '';
  if (text.trim() === '')
    throw new CollectorError(
      'source_missing',
      `${path} is missing or empty, so apt sees no installed package; restore it from /var/backups/dpkg.status.*`,
    );
  const states = parseStatus(text);
  if (presentPackages(states, '').length === 0)
    throw new CollectorError(
      'unexpected_output',
      `${path} has no installed package, not even dpkg; restore it from /var/backups/dpkg.status.*`,
    );
  return states;
}

/** Fields are at the beginning of a line; a stanza is short enough to search them one by one. */
function field(stanza: string, name: string): string | undefined {
  const begin = stanza.startsWith(`${name}: `) ? 0 : stanza.indexOf(`\n${name}: `) + 1;
  if (begin === 0 && !stanza.startsWith(`${name}: `)) return undefined;
  const end = stanza.indexOf('\n', begin);
  return stanza.slice(begin + name.length + 2, end === -1 ? undefined : end).trim();
}

/** Packages of which an installation or removal was begun and not ended: what `dpkg --audit` lists (iH, iU, iF, rH and so on). */
export function unfinishedPackages(states: readonly PackageState[]): readonly PackageState[] {
  return states.filter(({ state, flag }) => unfinished.has(state) || flag === 'reinstreq');
}

/** Names of packages that are there, as apt prints them: with `:architecture` where it is not the native one. */
export function presentPackages(states: readonly PackageState[], native: string): readonly string[] {
  return states
    .filter(({ state }) => state !== 'not-installed' && state !== 'config-files')
    .map(({ name, architecture }) =>
      architecture === native || architecture === 'all' || native === '' ? name : `${name}:${architecture}`,
    );
}
