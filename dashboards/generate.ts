import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Policy, readPolicy } from '../alerts/policy.ts';
import type { Board } from './board.ts';
import { boards } from './index.ts';

/** The file Grafana provisions: the same bytes for the same board and policy. */
export function boardJson(board: Board, policy: Policy): string {
  return `${JSON.stringify(board.build(policy), null, 2)}\n`;
}

if (import.meta.main) {
  const directory = join(import.meta.dirname, 'generated');
  try {
    const policy = readPolicy(join(import.meta.dirname, '..', 'alerts', 'policy.yaml'));
    mkdirSync(directory, { recursive: true });
    for (const board of boards) writeFileSync(join(directory, `${board.uid}.json`), boardJson(board, policy));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
