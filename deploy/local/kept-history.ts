import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '../../alerts/policy.ts';
import { loadHistory } from './history.ts';

/** A history that is loaded. */
interface KeptHistory {
  readonly stepSeconds: number;
  /** The file that tells who took which alert when. */
  readonly acknowledgements: string;
}

/** Loads the history once; again when the month has changed or what makes it has. */
export async function ensureHistory(
  at: string,
  policy: Policy,
  say: (line: string) => void,
): Promise<KeptHistory> {
  const stamp = join(at, 'loaded.json');
  const acknowledgements = join(at, 'acknowledgements.yaml');
  const end = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
  const key = createHash('sha256').update(end.toISOString().slice(0, 7));
  for (const file of ['alerts/policy.yaml', 'deploy/local/history.ts', ...sourcesIn('simulator')])
    key.update(readFileSync(file));
  const digest = key.digest('hex');
  const loaded: unknown = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : undefined;
  if (typeof loaded === 'object' && loaded !== null && 'digest' in loaded && loaded.digest === digest) {
    if ('stepSeconds' in loaded && typeof loaded.stepSeconds === 'number')
      return { stepSeconds: loaded.stepSeconds, acknowledgements };
  }
  rmSync(at, { recursive: true });
  mkdirSync(at, { recursive: true });
  const history = await loadHistory(join(at, 'data'), { end, policy }, say);
  const { stepSeconds } = history;
  writeFileSync(acknowledgements, history.acknowledgements);
  writeFileSync(stamp, JSON.stringify({ digest, stepSeconds }));
  return { stepSeconds, acknowledgements };
}

function sourcesIn(name: string): readonly string[] {
  return readdirSync(name)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .toSorted()
    .map((file) => join(name, file));
}
