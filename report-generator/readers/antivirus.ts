import { vector } from '../../exporter/metrics.ts';
import type { AntivirusFacts } from '../facts/antivirus.ts';
import type { Measuring } from '../kpi.ts';
import { byText, labelOf, rank, readMonthEnd, scrapedThen } from './month-end.ts';

type Product = AntivirusFacts['products'][number];

/** Every antivirus product at the end of the month. */
export async function readAntivirus(measuring: Measuring): Promise<AntivirusFacts | undefined> {
  const end = await readMonthEnd(measuring, ['av_definitions', 'av_protection']);
  if (end === undefined) return undefined;
  const info = await scrapedThen(
    measuring,
    end.last,
    vector('maintenance_antivirus_info', { customer: measuring.customer }),
    ['instance', 'product'],
  );
  const states = (['av_definitions', 'av_protection'] as const).flatMap((control) =>
    end.objects(control).map((state) => ({ control, state })),
  );
  if (states.length === 0) return undefined;
  const products = Map.groupBy(states, ({ state }) =>
    JSON.stringify([state.instance, state.role, state.object]),
  );
  const rows = [...products.values()].flatMap((own): readonly Product[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { instance, role, object: product } = first.state;
    const current = own.find(({ control }) => control === 'av_definitions')?.state;
    const running = own.find(({ control }) => control === 'av_protection')?.state;
    const age = current?.age;
    return [
      {
        instance,
        role,
        product,
        version: labelOf(info, 'version', instance, product),
        definitions: labelOf(info, 'definitions', instance, product),
        running: running?.verdict ?? null,
        current: current?.verdict ?? null,
        age: age ?? null,
        limit: current?.limit ?? null,
        built: age === undefined ? null : end.last.instant - age,
        gap: end.gap(instance, [running?.verdict ?? null, current?.verdict ?? null]),
      },
    ];
  });
  return { products: rows.toSorted(worstFirst) };
}

function worstFirst(one: Product, other: Product): number {
  return (
    rank([one.running]) - rank([other.running]) ||
    rank([one.current]) - rank([other.current]) ||
    (other.age ?? 0) - (one.age ?? 0) ||
    byText(one.instance, other.instance)
  );
}
