import type { KnownDisk, KnownDisks } from '../collectors/smartctl/known.ts';
import { isRetired, type Retired, type Retirement } from '../collectors/smartctl/retired.ts';

/** A table of the known disks for people, one line each; empty text when there is none. */
export function formatDisks(known: KnownDisks, retired: Retired): string {
  if (known.size === 0) return '';
  const rows = [...known].map(([id, disk]) => [
    id,
    disk.model,
    disk.serial,
    disk.type === undefined ? disk.device : `${disk.device} (${disk.type})`,
    stateOf(disk, retired.get(id)),
    disk.last_seen === undefined ? '' : timeOf(disk.last_seen),
  ]);
  const table = [['DISK', 'MODEL', 'SERIAL', 'DEVICE', 'STATE', 'LAST SEEN'], ...rows].map((row) =>
    row.map((cell) => (cell === '' ? '-' : cell)),
  );
  const widths = table.reduce<readonly number[]>(
    (most, row) => row.map((cell, column) => Math.max(cell.length, most[column] ?? 0)),
    [],
  );
  return table
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

const words = {
  readable: 'present',
  asleep: 'present, asleep',
  unreadable: 'present, unreadable',
  gone: 'gone',
  unknown: 'not seen',
} as const;

function stateOf(disk: KnownDisk, retirement: Retirement | undefined): string {
  const state = words[disk.state ?? 'unknown'];
  if (retirement === undefined) return state;
  const { at, by, why } = retirement;
  const said = `${timeOf(at)} by ${by}${why === undefined ? '' : `: ${why}`}`;
  if (!isRetired(retirement, disk)) return `${state}; back after it was retired ${said}`;
  return state === 'gone' ? `retired ${said}` : `retired ${said}, but ${state}`;
}

function timeOf(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
}
