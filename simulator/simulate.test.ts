import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type ControlName, readPolicy } from '../alerts/policy.ts';
import { playedControls } from './played.ts';
import { localTime } from './calendar.ts';
import { type Simulation, simulate } from './simulate.ts';

const policy = readPolicy('alerts/policy.yaml');
const end = Date.UTC(2026, 10, 21, 12) / 1000;
const options = { seed: 1, end, stepSeconds: 7200, policy };
const simulation = simulate(options);

const directory = mkdtempSync(join(tmpdir(), 'simulator-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('the same seed and end give the same bytes, another seed gives others', async () => {
  const again = simulate(options);
  const other = simulate({ ...options, seed: 2 });
  expect(again.truth).toEqual(simulation.truth);
  expect(other.truth.customers).not.toEqual(simulation.truth.customers);
  expect(await digest(again)).toBe(await digest(simulation));
  expect(await digest(other)).not.toBe(await digest(simulation));
});

test('a history has thirteen full months of each customer, and nothing of the running one in its truth', () => {
  for (const { zone, months } of Object.values(simulation.truth.customers)) {
    expect(Object.keys(months)).toHaveLength(13);
    expect(Object.keys(months)[0]).toBe('2025-10');
    expect(Object.keys(months).at(-1)).toBe('2026-10');
    expect(simulation.truth.start).toBeLessThan(localTime(zone, 2025, 10));
  }
  expect(simulation.truth.end).toBe(end);
});

test('a month in which the clocks change has the evaluations of its real hours', () => {
  const october = simulation.truth.customers['acme']?.months['2026-10'];
  // 745 hours from 22:00 UTC, which is on the grid of two hours, to 23:00 UTC.
  expect(october?.evaluations_expected).toBe(373);
  const march = simulation.truth.customers['birch']?.months['2026-03'];
  // 743 hours from 05:00 UTC to 04:00 UTC.
  expect(march?.evaluations_expected).toBe(371);
});

test('evaluations are missing in the month of the outage and nowhere else but for the short restart', () => {
  for (const { months } of Object.values(simulation.truth.customers)) {
    for (const [name, { evaluations, evaluations_expected }] of Object.entries(months)) {
      const missing = evaluations_expected - evaluations;
      expect(missing, name).toBeLessThanOrEqual(name === '2026-05' ? 4 : name === '2026-09' ? 1 : 0);
      if (name === '2026-05') expect(missing).toBeGreaterThanOrEqual(3);
    }
  }
});

test.each([1, 2, 3])(
  'with seed %i patching improves over the year and the last month has met and missed targets',
  (seed) => {
    const { truth } = seed === 1 ? simulation : simulate({ ...options, seed });
    for (const [customer, { months }] of Object.entries(truth.customers)) {
      const all = Object.values(months);
      const mean = (some: typeof all): number =>
        some.reduce((sum, { controls }) => sum + share(controls, 'patch_security'), 0) / some.length;
      expect(mean(all.slice(-3)) - mean(all.slice(0, 3)), customer).toBeGreaterThan(0.1);
      const last = all.at(-1)?.controls ?? {};
      const met = playedControls.filter((control) => share(last, control) >= policy.controls[control].target);
      expect(met.length, customer).toBeGreaterThanOrEqual(4);
      expect(met.length, customer).toBeLessThan(playedControls.length);
    }
  },
);

test('a month counts the incidents that began in it and those that ended in it', () => {
  for (const { months } of Object.values(simulation.truth.customers)) {
    const all = Object.values(months).map(({ incidents }) => incidents);
    for (const [index, { opened, resolved, open_at_end }] of all.entries()) {
      const before = all[index - 1];
      if (before !== undefined) expect(before.open_at_end + opened - resolved).toBe(open_at_end);
    }
    expect(all.some(({ open_at_end }) => open_at_end > 0)).toBe(true);
  }
});

test('a step that does not divide a day is refused', () => {
  expect(() => simulate({ ...options, stepSeconds: 7000 })).toThrow(/7000 s does not divide a day/);
});

function share(
  controls: Partial<Record<ControlName, { readonly compliant: number; readonly expected: number }>>,
  control: ControlName,
): number {
  const { compliant = 0, expected = 1 } = controls[control] ?? {};
  return compliant / expected;
}

/** Of the bytes of two days in the middle. */
async function digest({ writePart }: Simulation): Promise<string> {
  const from = end - 100 * 86_400;
  const { path } = await writePart({ name: 'days', from, to: from + 2 * 86_400 }, directory);
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
