import { z } from 'zod';
import type { Host, Problem } from '../../../collector.ts';
import type { Disk } from '../disks.ts';
import type { LastSelfTest } from '../self-tests.ts';

const stateName = 'smartctl-self-tests';

/** By disk and kind of test. */
const schema = z.object({
  tests: z.record(z.string(), z.record(z.string(), z.object({ hours: z.number(), timestamp: z.number() }))),
});

type Tests = z.infer<typeof schema>['tests'];

/**
 * Keeps the time of a self-test at the earliest that was ever reckoned. A disk counts only the hours it runs, so that
 * one that was switched off for a year would show a test of then as one of today.
 * @returns the disks with the times that hold, and what was wrong with the memory; what is lost is learned anew.
 * @throws CollectorError when the state cannot be read or written.
 */
export async function dateSelfTests(
  host: Host,
  disks: readonly Disk[],
): Promise<{ readonly disks: readonly Disk[]; readonly problems: readonly Problem[] }> {
  const { document, problems } = await host.state.read(stateName);
  const { data } = schema.safeParse(document ?? { tests: {} });
  const before: Tests = data?.tests ?? {};
  const dated = disks.map((disk) => withTimes(disk, before[disk.id] ?? {}));
  const after: Tests = { ...before };
  for (const { id, answer, nameless } of dated) {
    const times = answer.state === 'readable' && !nameless ? timesOf(answer.facts.selfTests) : {};
    if (Object.keys(times).length > 0) after[id] = { ...before[id], ...times };
  }
  if (JSON.stringify(after) !== JSON.stringify(before)) await host.state.write(stateName, { tests: after });
  const message = `${stateName} is damaged; the times of self-tests are reckoned anew`;
  const damage: readonly Problem[] = data === undefined ? [{ reason: 'state_unreadable', message }] : [];
  return { disks: dated, problems: [...problems, ...damage] };
}

function withTimes(disk: Disk, remembered: Tests[string]): Disk {
  const { answer, nameless } = disk;
  if (nameless || answer.state !== 'readable') return disk;
  const selfTests = answer.facts.selfTests.map((test): LastSelfTest => {
    const known = remembered[test.kind];
    if (known === undefined || known.hours !== test.hours) return test;
    return { ...test, timestamp: Math.min(known.timestamp, test.timestamp ?? known.timestamp) };
  });
  return { ...disk, answer: { ...answer, facts: { ...answer.facts, selfTests } } };
}

function timesOf(tests: readonly LastSelfTest[]): Tests[string] {
  return Object.fromEntries(
    tests.flatMap(({ kind, hours, timestamp }) =>
      hours === undefined || timestamp === undefined ? [] : [[kind, { hours, timestamp }]],
    ),
  );
}
