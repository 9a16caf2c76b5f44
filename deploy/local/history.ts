import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Policy } from '../../alerts/policy.ts';
import { simulate } from '../../simulator/simulate.ts';
import type { Truth } from '../../simulator/truth.ts';

const run = promisify(execFile);

export interface HistoryOptions {
  /** Where the history ends; thirteen full months and the running one lie before. */
  readonly end: Date;
  readonly policy: Policy;
  /** 1 unless told. */
  readonly seed?: number;
  /** Seconds between samples; two hours unless told. */
  readonly stepSeconds?: number;
}

export interface LoadedHistory {
  readonly stepSeconds: number;
  readonly truth: Truth;
  /** Who took which alert when, as report-generator reads it. */
  readonly acknowledgements: string;
}

/** promtool uses one core, and writing the next months a part of another. */
const atOnce = 2;

/**
 * Simulates a fleet and loads its history into the data directory of a Prometheus that is not running.
 * @param say is told about each month.
 * @throws Error with what promtool said.
 */
export async function loadHistory(
  dataDirectory: string,
  { end, policy, seed = 1, stepSeconds = 7200 }: HistoryOptions,
  say: (line: string) => void = () => {},
): Promise<LoadedHistory> {
  mkdirSync(dataDirectory, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), 'maintenance-history-'));
  try {
    const simulation = simulate({ seed, end: end.getTime() / 1000, stepSeconds, policy });
    const loading = new Set<Promise<void>>();
    for (const part of simulation.parts) {
      if (loading.size >= atOnce) await Promise.race(loading);
      say(`loading ${part.name}; the last is ${simulation.parts.at(-1)?.name ?? part.name}`);
      const { path } = await simulation.writePart(part, scratch);
      const load = loadFile(path, dataDirectory).finally(() => loading.delete(load));
      loading.add(load);
    }
    await Promise.all(loading);
    const { truth, acknowledgements } = simulation;
    return { stepSeconds, truth, acknowledgements };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * Loads an OpenMetrics file with timestamps as blocks and removes it. As few blocks as possible: promtool reads the whole
 * file once per block.
 * @throws Error with what promtool said.
 */
export async function loadFile(path: string, dataDirectory: string): Promise<void> {
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', '--max-block-duration=4400h'];
  try {
    await run('promtool', [...args, path, dataDirectory]);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(`promtool could not load ${path}: ${said}`, { cause: error });
  }
  rmSync(path);
}
