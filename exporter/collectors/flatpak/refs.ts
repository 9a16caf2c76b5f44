import { CollectorError, type Host } from '../../collector.ts';
import { readRows } from './tool.ts';

/** An installed application or runtime. */
export interface Installed {
  /** `org.gnome.Maps/x86_64/stable`. */
  readonly ref: string;
  /** The remote it came from; empty when there is none. */
  readonly origin: string;
  /** First digits of the commit in use. */
  readonly active: string;
}

/** A newer commit of something that is installed. */
export interface Newer {
  readonly ref: string;
  readonly commit: string;
}

/** `app/` or `runtime/` and three parts; `flatpak list` leaves the first out. */
const refPattern = /^(?:(?:app|runtime)\/)?([^/\s]+\/[^/\s]+\/[^/\s]+)$/;
const commitPattern = /^[0-9a-f]{12,64}$/;

function refOf(text: string): string {
  const ref = refPattern.exec(text)?.[1];
  if (ref !== undefined) return ref;
  throw new CollectorError(
    'unexpected_output',
    `flatpak printed ${JSON.stringify(text.slice(0, 200))} where a ref belongs`,
  );
}

function commitOf(text: string): string {
  if (commitPattern.test(text)) return text.slice(0, 12);
  throw new CollectorError(
    'unexpected_output',
    `flatpak printed ${JSON.stringify(text.slice(0, 200))} where a commit belongs`,
  );
}

/** Everything installed system-wide, in installations of the administrator, and by the user of this service. */
export async function readInstalled(host: Host): Promise<readonly Installed[]> {
  const rows = await readRows(host, ['list', '--all', '--columns=ref:f,origin:f,active:f'], 3);
  return rows.map(([ref = '', origin = '', active = '']) => ({
    ref: refOf(ref),
    origin: origin === '-' ? '' : origin,
    active: commitOf(active),
  }));
}

/** Names of remotes flatpak looks at; it passes over a disabled one in silence, and ends with 0. */
export async function readRemotes(host: Host): Promise<ReadonlySet<string>> {
  const rows = await readRows(host, ['remotes', '--columns=name:f,options:f'], 2);
  return new Set(
    rows.filter(([, options = '']) => !options.split(',').includes('disabled')).map(([name = '']) => name),
  );
}

/** @param cached whether to use the listing that an earlier flatpak command kept, instead of asking the remotes. */
export async function readNewer(host: Host, cached: boolean): Promise<readonly Newer[]> {
  const args = ['remote-ls', '--updates', ...(cached ? ['--cached'] : []), '--columns=ref:f,commit:f'];
  const rows = await readRows(host, args, 2);
  return rows.map(([ref = '', commit = '']) => ({ ref: refOf(ref), commit: commitOf(commit) }));
}

/** Patterns of `flatpak mask`: `org.gnome.Maps`, `org.gnome.*`, `app/org.gnome.Maps/x86_64/stable`; flatpak-mask(1). */
export function parseMasks(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[\w.*/-]+$/.test(line));
}

/** Whether a pattern keeps updates of a ref away: parts that it leaves out match anything, `*` stands for letters, digits, `.`, `-`, `_`. */
export function isMasked(ref: string, masks: readonly string[]): boolean {
  const parts = ref.split('/');
  return masks.some((mask) => {
    const wanted = mask.replace(/^(?:app|runtime)\//, '').split('/');
    return wanted.every((part, at) => {
      if (part === '') return true;
      const pattern = part.split('*').map((text) => text.replaceAll('.', String.raw`\.`));
      return new RegExp(`^${pattern.join('[\\w.-]*')}$`).test(parts[at] ?? '');
    });
  });
}
