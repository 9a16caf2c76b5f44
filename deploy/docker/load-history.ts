import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPolicy } from '../../alerts/policy.ts';
import { loadHistory } from '../local/history.ts';

/** `load-history DIRECTORY`: fills the data folder of a Prometheus once; a filled one is left as it is. */
const [, , directory = '/prometheus'] = process.argv;
const marker = join(directory, 'simulated-history-loaded');
if (existsSync(marker)) {
  console.log(`${directory} holds the simulated history already; remove its volume to simulate it anew`);
} else {
  const end = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
  const policy = readPolicy('alerts/policy.yaml');
  const { stepSeconds } = await loadHistory(directory, { end, policy }, (month) =>
    console.log(`simulating ${month}`),
  );
  writeFileSync(marker, `until ${end.toISOString()}, one sample every ${stepSeconds} s\n`);
}
