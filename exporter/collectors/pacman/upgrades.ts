import { CollectorError, type Host, type ToolOutput } from '../../collector.ts';
import { failure, runPacman, type PacmanOptions } from './tool.ts';

/** A newer version in the sync databases. */
export interface Upgrade {
  readonly name: string;
  readonly installed: string;
  readonly candidate: string;
  /** In IgnorePkg or IgnoreGroup, or only in a repository without `Usage = Upgrade`. */
  readonly ignored: boolean;
}

/**
 * Parses `pacman -Qu`: `linux 6.9.1.arch1-1 -> 6.9.2.arch1-1 [ignored]`. It ends with 1 and prints nothing both when nothing is
 * newer and when a database was never fetched or is damaged; only stderr tells them apart (query in pacman's src/pacman/query.c).
 * @throws CollectorError metadata_missing, unexpected_output, permission_denied or tool_failed.
 */
export function parseUpgrades({ exitCode, stdout, stderr }: ToolOutput): readonly Upgrade[] {
  const missing = [...stderr.matchAll(/database file for '([^']+)' does not exist/g)].map(([, name]) => name);
  if (missing.length > 0)
    throw new CollectorError(
      'metadata_missing',
      `pacman has no database of ${missing.join(', ')}, so what it says of updates is incomplete; run: pacman -Sy`,
    );
  const broken = stderr.split('\n').find((line) => line.startsWith('error:'));
  if (broken !== undefined || exitCode > 1) throw failure('pacman -Qu', exitCode, stderr);
  const lines = stdout.split('\n').filter((line) => line !== '');
  if ((exitCode === 0) !== lines.length > 0)
    throw new CollectorError(
      'unexpected_output',
      `pacman -Qu ended with ${exitCode} and printed ${lines.length} lines; it prints updates exactly when it ends with 0`,
    );
  return lines.map((line) => {
    const [, name, installed, candidate, ignored] = /^(\S+) (\S+) -> (\S+)( \[ignored\])?$/.exec(line) ?? [];
    if (name === undefined || installed === undefined || candidate === undefined)
      throw new CollectorError('unexpected_output', `pacman -Qu printed ${line.slice(0, 200)}`);
    return { name, installed, candidate, ignored: ignored !== undefined };
  });
}

/** Versions of installed packages by name, from `pacman -Q`. @throws CollectorError unexpected_output. */
export function parseInstalled(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [, name, version] = /^(\S+) (\S+)$/.exec(line) ?? [];
      if (name === undefined || version === undefined)
        throw new CollectorError('unexpected_output', `pacman -Q printed ${line.slice(0, 200)}`);
      return [name, version] as const;
    }),
  );
}

export async function readUpgrades(host: Host, options: PacmanOptions): Promise<readonly Upgrade[]> {
  return parseUpgrades(await runPacman(host, options, ['-Qu', '--color', 'never']));
}

/** @throws CollectorError also source_missing: without its local database pacman sees nothing installed, and says so with success. */
export async function readInstalled(
  host: Host,
  options: PacmanOptions,
): Promise<ReadonlyMap<string, string>> {
  const { exitCode, stdout, stderr } = await runPacman(host, options, ['-Q', '--color', 'never']);
  // Without a package it ends with 1 and says nothing.
  if (exitCode !== 0 && stderr.trim() !== '') throw failure('pacman -Q', exitCode, stderr);
  const installed = parseInstalled(stdout);
  if (installed.size > 0) return installed;
  throw new CollectorError(
    'source_missing',
    'pacman knows no installed package; check local/ in its database folder (pacman-conf DBPath)',
  );
}
