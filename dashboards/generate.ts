import { mkdirSync, writeFileSync } from 'node:fs';
import type { Policy } from '../alerts/policy.ts';
import { readPolicy } from '../alerts/policy.ts';
import type { Board } from './board.ts';
import { boards } from './index.ts';

/** The file Grafana provisions: the same bytes for the same board and policy. */
export function boardJson(board: Board, policy: Policy): string {
  return `${JSON.stringify(board.build(policy), null, 2)}\n`;
}

if (import.meta.main) {
  const policy = readPolicy(new URL('../alerts/policy.yaml', import.meta.url).pathname);
  const folder = new URL('generated/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const board of boards) writeFileSync(new URL(`${board.uid}.json`, folder), boardJson(board, policy));
}
