import { readFileSync, writeFileSync } from 'node:fs';
import { collectorPage } from './collector-page.ts';
import { collectors } from './collectors/index.ts';
import type { Collector } from './collector.ts';
import { metrics } from './metrics.ts';

const readme = new URL('README.md', import.meta.url);

/** The table of collectors, from the collectors themselves. */
function collectorTable(known: readonly Collector[]): string {
  return [
    '| Collector | Reads | Runs | Every | Needs |',
    '| --- | --- | --- | --- | --- |',
    ...known.map(({ name, summary, tools, interval, rights }) =>
      row([
        `[\`${name}\`](../docs/collectors/${name}.md)`,
        summary,
        tools.length === 0 ? 'nothing' : tools.map((tool) => `\`${tool}\``).join(', '),
        interval % 3600 === 0 ? `${interval / 3600} h` : `${interval / 60} min`,
        rights === '' ? 'nothing beyond an unprivileged user' : rights,
      ]),
    ),
  ].join('\n');
}

/** The table of metrics, from the catalogue. */
function metricTable(): string {
  return [
    '| Metric | Type | Labels | Meaning |',
    '| --- | --- | --- | --- |',
    ...Object.entries(metrics).map(([name, { type, labels, help }]) =>
      row([`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(', '), help]),
    ),
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

/** Puts generated text between `<!-- name -->` and `<!-- /name -->`. @throws Error when the markers are not there. */
export function between(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`the markers ${start} and ${end} are not there`);
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}

/** The exporter's README with its tables as the code has them now. */
export function withTables(text: string): string {
  return between(between(text, 'collectors', collectorTable(collectors)), 'metrics', metricTable());
}

/** Where a collector is documented. */
export function pageOf({ name }: Collector): URL {
  return new URL(`../docs/collectors/${name}.md`, import.meta.url);
}

/** A collector's page with its generated part as the code has it now. */
export function withCollector(text: string, collector: Collector): string {
  return between(text, 'generated', collectorPage(collector));
}

if (import.meta.main) {
  writeFileSync(readme, withTables(readFileSync(readme, 'utf8')));
  for (const collector of collectors)
    writeFileSync(pageOf(collector), withCollector(readFileSync(pageOf(collector), 'utf8'), collector));
}
