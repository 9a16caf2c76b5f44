import { CollectorError, type Host } from '../../collector.ts';
import { compareVersions, type Nevra } from '../versions/rpm.ts';

interface Condition {
  readonly key: string;
  readonly comparator: string;
  readonly value: string;
}

/** A package of which only versions that fulfil every condition may be installed. */
export interface Lock {
  readonly name: string;
  readonly conditions: readonly Condition[];
}

/**
 * Parses versionlock.toml, as `dnf5 versionlock add` writes it: an array of packages, each with an array of conditions
 * (dnf5-versionlock(8)). Only that much of TOML is understood.
 * @throws CollectorError unexpected_output on anything else.
 */
export function parseLocks(text: string): readonly Lock[] {
  const locks: { name: string; conditions: { key: string; comparator: string; value: string }[] }[] = [];
  let into: 'file' | 'package' | 'condition' = 'file';
  for (const line of text.split(/\r?\n/)) {
    const plain = line.trim();
    if (plain === '' || plain.startsWith('#')) continue;
    const lock = locks.at(-1);
    const [, key, quoted, literal] = /^(\w+)\s*=\s*(?:"([^"\\]*)"|'([^']*)')\s*(?:#.*)?$/.exec(plain) ?? [];
    const value = quoted ?? literal;
    if (plain === '[[packages]]') {
      locks.push({ name: '', conditions: [] });
      into = 'package';
    } else if (plain === '[[packages.conditions]]' && lock !== undefined) {
      lock.conditions.push({ key: '', comparator: '', value: '' });
      into = 'condition';
    } else if (key === undefined || value === undefined) throw notUnderstood(line);
    else if (into === 'package' && key === 'name' && lock !== undefined) lock.name = value;
    else if (into === 'condition') {
      const condition = lock?.conditions.at(-1);
      if (condition !== undefined && (key === 'key' || key === 'comparator' || key === 'value'))
        condition[key] = value;
    }
  }
  const broken = locks.find(
    ({ name, conditions }) => name === '' || conditions.some((one) => one.key === ''),
  );
  if (broken !== undefined) throw notUnderstood(broken.name);
  return locks;
}

function notUnderstood(what: string): CollectorError {
  return new CollectorError(
    'unexpected_output',
    `/etc/dnf/versionlock.toml has ${what.slice(0, 100)}, which this exporter does not understand; updates it locks count as pending`,
  );
}

/** Whether dnf5 may install a version: no entry is about its name, or one of those that are allows it. */
export function allowed(locks: readonly Lock[], candidate: Nevra): boolean {
  const about = locks.filter(({ name }) => globOf(name).test(candidate.name));
  return about.length === 0 || about.some((lock) => fulfils(lock, candidate));
}

/** Shell pattern as a regular expression: `*`, `?` and `[...]`. */
function globOf(pattern: string): RegExp {
  const parts = pattern.match(/\[!?[^\]]+\]|[\s\S]/g) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace('[!', '[^').replaceAll('\\', '\\\\');
    return part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${source.join('')}$`);
}

function fulfils({ conditions }: Lock, candidate: Nevra): boolean {
  return conditions.every(({ key, comparator, value }) => {
    if (key === 'arch') return compare(comparator, globOf(value).test(candidate.arch) ? 0 : 1);
    if (key === 'evr' && /[*?[]/.test(value))
      return compare(comparator, matchesEvr(value, candidate.evr) ? 0 : 1);
    if (key === 'evr') return compare(comparator, compareVersions(candidate.evr, value));
    if (key === 'epoch') {
      const epoch = /^(\d+):/.exec(candidate.evr)?.[1] ?? '0';
      return compare(comparator, Number(epoch) - Number(value));
    }
    return true;
  });
}

/** An epoch of 0 may be written or not. */
function matchesEvr(pattern: string, evr: string): boolean {
  return globOf(pattern.replace(/^0:/, '')).test(evr);
}

function compare(comparator: string, order: number): boolean {
  switch (comparator) {
    case '=':
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return true;
  }
}

/** @throws CollectorError as `parseLocks` and Host.read. */
export async function readLocks(host: Host, root = ''): Promise<readonly Lock[]> {
  return parseLocks((await host.read(`${root}/etc/dnf/versionlock.toml`)) ?? '');
}
