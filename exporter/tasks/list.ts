import type { Confirmations } from './record.ts';

/** A table of the confirmed tasks for people, one line each; empty text when there is none. */
export function formatTasks(tasks: Confirmations): string {
  if (tasks.size === 0) return '';
  const rows = [
    ['TASK', 'LAST', 'OUTCOME', 'BY'],
    ...[...tasks].map(([task, { at, outcome, by }]) => [task, timeText(at), outcome, by]),
  ];
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = [width(0), width(1), width(2)];
  return rows
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`)
    .join('');
}

/** Unix seconds as day and minute, UTC. */
export function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
}
