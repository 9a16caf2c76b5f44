import { open } from 'node:fs/promises';

/**
 * A sample as a line of OpenMetrics text with its timestamp. Families are not declared, so every metric has an unknown type
 * and any name is allowed (OpenMetrics 1.0, "MetricFamily"); promtool keeps no metadata anyway.
 * @param labels the text between the braces, from `labelText`.
 * @param instant unix seconds.
 */
export function line(name: string, labels: string, value: number, instant: number): string {
  return `${name}{${labels}} ${valueText(value)} ${instant}\n`;
}

/** `a="x",b="y"`. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in labels) {
    const value = labels[name] ?? '';
    text += `${text === '' ? '' : ','}${name}="${needsEscape.test(value) ? escaped(value) : value}"`;
  }
  return text;
}

/** Writes lines to a file, a megabyte at a time, and ends it as OpenMetrics must end. @returns how many lines. */
export async function writeOpenMetrics(path: string, lines: Iterable<string>): Promise<number> {
  const file = await open(path, 'w');
  try {
    let count = 0;
    let text = '';
    for (const next of lines) {
      count += 1;
      text += next;
      if (text.length < 1_048_576) continue;
      await file.write(text);
      text = '';
    }
    await file.write(`${text}# EOF\n`);
    return count;
  } finally {
    await file.close();
  }
}

const needsEscape = /["\\\n]/;

function escaped(value: string): string {
  return value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}

function valueText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
