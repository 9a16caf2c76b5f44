import { dump } from 'js-yaml';
import { z } from 'zod';
import type { Collector } from './collector.ts';
import { metrics } from './metrics.ts';

/** The generated part of docs/collectors/<name>.md: how to switch the collector on, its settings, and what it gives. */
export function collectorPage(collector: Collector): string {
  const { summary, tools, rights, interval, timeout } = collector;
  return [
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    [
      `- Runs: ${tools.length === 0 ? 'no program' : tools.map((tool) => `\`${tool}\``).join(', ')}`,
      `- Every ${duration(interval)}, for ${duration(timeout)} at the most (\`interval\`, \`timeout\`)`,
      `- Needs ${rights === '' ? 'nothing beyond an unprivileged user' : rights}`,
      `- ${collector.byDefault ? 'On where no configuration names any collector' : 'Off unless configured'}; \`maintenance-exporter init\` adds it where its tool is found`,
    ].join('\n'),
    `\`\`\`yaml\n${dump({ collectors: { [collector.name]: collector.example } }).trimEnd()}\n\`\`\``,
    ...settingsTable(collector.settings),
    metricsTable(collector),
  ].join('\n\n');
}

function duration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function settingsTable(settings: z.ZodObject): readonly string[] {
  const rows = settingRows(settings, '');
  if (rows.length === 0) return [];
  return [['| Setting | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n')];
}

/** One row per setting; the settings of a list's entries stand below it. */
function settingRows(settings: z.ZodObject, under: string): readonly string[] {
  return Object.entries(settings.shape).flatMap(([key, schema]) => {
    if (!(schema instanceof z.ZodType)) return [];
    const { description = '', inner, fallback } = unwrapped(schema);
    const entry = inner instanceof z.ZodArray ? inner.element : undefined;
    const path = `${under}${key}`;
    return [
      `| \`${path}\` | ${fallback} | ${escaped(description)} |`,
      ...(entry instanceof z.ZodObject ? settingRows(entry, `${path}[].`) : []),
    ];
  });
}

/** A schema without its wrappers, with what they say. */
function unwrapped(schema: z.ZodType): {
  readonly description: string | undefined;
  readonly inner: z.ZodType;
  readonly fallback: string;
} {
  const description = schema.description;
  if (schema instanceof z.ZodDefault) {
    const value: unknown = schema.def.defaultValue;
    const inner = schema.unwrap();
    const below = inner instanceof z.ZodType ? unwrapped(inner) : undefined;
    return {
      description: description ?? below?.description,
      inner: below?.inner ?? schema,
      fallback: `\`${escaped(JSON.stringify(value))}\``,
    };
  }
  if (schema instanceof z.ZodOptional) {
    const inner = schema.unwrap();
    const below = inner instanceof z.ZodType ? unwrapped(inner) : undefined;
    return { description: description ?? below?.description, inner: below?.inner ?? schema, fallback: '' };
  }
  return { description, inner: schema, fallback: 'required' };
}

function metricsTable(collector: Collector): string {
  return [
    '| Metric | Labels | Meaning |',
    '| --- | --- | --- |',
    ...collector.metrics.map((name) => {
      const { labels, help } = metrics[name];
      return `| \`${name}\` | ${labels.map((label) => `\`${label}\``).join(', ')} | ${escaped(help)} |`;
    }),
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
