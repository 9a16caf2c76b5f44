import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';

/** What rules cost a Prometheus, in seconds. */
export interface Costs {
  /** The time one evaluation of each group took; the least of some, for others may have had to share the processor. */
  readonly groups: ReadonlyMap<string, number>;
  /** Of all rules with the same name, by that name and how many they are. */
  readonly rules: ReadonlyMap<string, number>;
  /** What the processors spent on one evaluation of everything: less troubled by a busy machine, where all else takes longer. */
  readonly processor: number;
}

const answer = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        evaluationTime: z.number(),
        lastEvaluation: z.iso.datetime({ offset: true }),
        rules: z.array(
          z.object({
            name: z.string(),
            evaluationTime: z.number(),
            health: z.string(),
            lastError: z.string().optional(),
          }),
        ),
      }),
    ),
  }),
});
type Group = z.infer<typeof answer>['data']['groups'][number];

/**
 * Waits until each group has been evaluated so often since this was called.
 * @param url of a Prometheus that evaluates all groups with the same interval.
 * @throws Error when a rule fails.
 */
export async function evaluated(url: string, rounds: number): Promise<Costs> {
  const before = new Map((await groupsOf(url)).map(({ name, lastEvaluation }) => [name, lastEvaluation]));
  const seen = new Map([...before].map(([name, at]) => [name, new Set([at])]));
  const groups = new Map<string, number>();
  const rules = new Map<string, number>();
  const slowest = (): number => Math.min(...[...seen.values()].map(({ size }) => size - 1));
  const begun = await processorTime(url);
  for (let done = false; !done;) {
    // oxlint-disable-next-line no-await-in-loop -- it is asked again until it is so
    for (const group of await groupsOf(url)) {
      const times = seen.get(group.name);
      if (times?.has(group.lastEvaluation) !== false || group.lastEvaluation.startsWith('0001')) continue;
      times.add(group.lastEvaluation);
      least(groups, group.name, group.evaluationTime);
      for (const [name, own] of Map.groupBy(group.rules, (rule) => rule.name))
        least(
          rules,
          `${name} (${own.length})`,
          own.reduce((sum, { evaluationTime }) => sum + evaluationTime, 0),
        );
    }
    done = slowest() >= rounds;
    // oxlint-disable-next-line no-await-in-loop -- see above
    if (!done) await setTimeout(500);
  }
  const processor = ((await processorTime(url)) - begun) / rounds;
  return { groups, rules, processor };
}

async function groupsOf(url: string): Promise<readonly Group[]> {
  const response = await fetch(`${url}/api/v1/rules`);
  const { groups } = answer.parse(await response.json()).data;
  const broken = groups.flatMap(({ rules }) => rules).find(({ health }) => health === 'err');
  if (broken !== undefined) throw new Error(`${broken.name}: ${broken.lastError}`);
  return groups;
}

function least(of: Map<string, number>, name: string, seconds: number): void {
  of.set(name, Math.min(of.get(name) ?? Infinity, seconds));
}

/** Seconds that Prometheus has spent on processors. */
async function processorTime(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (.+)$/m.exec(text)?.[1]);
}
