import type { Outcome } from './outcome.ts';

type Make = (customer: string, say: (step: string) => void) => Promise<Outcome>;

/** Makes one report after the other; on a terminal one sees how far it is. */
export async function withProgress(
  customers: readonly string[],
  make: Make,
  quiet: boolean,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  if (quiet || !process.stderr.isTTY) {
    for (const customer of customers) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: Prometheus has other work as well
      outcomes.push(await make(customer, () => {}));
    }
    return outcomes;
  }
  const { Listr } = await import('listr2');
  const tasks = customers.map((customer) => ({
    title: customer,
    task: async (_: unknown, task: { title: string }) => {
      const outcome = await make(customer, (step) => (task.title = `${customer}: ${step}`));
      outcomes.push(outcome);
      if (outcome.refusal !== undefined) throw new Error(`${customer}: not written`);
      task.title = `${customer}: ${outcome.gaps.length === 0 ? 'written' : `written, gaps: ${outcome.gaps.length}`}`;
    },
  }));
  await new Listr(tasks, { exitOnError: false }).run();
  return outcomes;
}
