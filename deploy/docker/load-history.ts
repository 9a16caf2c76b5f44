import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPolicy } from '../../alerts/policy.ts';
import { loadHistory } from '../local/history.ts';

/** Fills the data folder of a Prometheus with thirteen simulated months, once. @returns whether it had to. */
export async function loadOnce(directory: string, now: Date, say: (line: string) => void): Promise<boolean> {
  const marker = join(directory, 'simulated-history-loaded');
  if (existsSync(marker)) {
    say(`${directory} holds the simulated history already; remove its volume to simulate it anew`);
    return false;
  }
  const end = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000);
  const { stepSeconds } = await loadHistory(
    directory,
    { end, policy: readPolicy('alerts/policy.yaml') },
    say,
  );
  writeFileSync(marker, `until ${end.toISOString()}, one sample every ${stepSeconds} s\n`);
  return true;
}

if (import.meta.main) {
  const [, , directory = '/prometheus'] = process.argv;
  await loadOnce(directory, new Date(), (line) => console.log(line));
}
