import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { controlNames } from '../alerts/policy.ts';
import { drawReport } from './draw.ts';
import { untaggedOperators } from './pdf/untagged.ts';
import { boxesOf, overlaps } from './pdf/word-boxes.ts';
import { type Indicator, type Snapshot, snapshotSchema } from './snapshot.ts';
import { october } from './tests/october.ts';

const directory = mkdtempSync(join(tmpdir(), 'draw-'));
afterAll(() => rmSync(directory, { recursive: true }));

const months = Array.from({ length: 13 }, (_, index) => {
  const month = new Date(Date.UTC(2025, 9 + index, 1));
  return month.toISOString().slice(0, 7);
});

function share(id: string, value: number, target: number, verdict: Indicator['verdict']): Indicator {
  return {
    id,
    unit: 'ratio',
    better: 'high',
    value,
    reason: null,
    numerator: value * 1000,
    denominator: 1000,
    target,
    verdict,
    coverage: { objects: 0.995, time: 1 },
    atEnd: { compliant: 9, known: 10, expected: 10 },
    trend: months.map((month, index) => ({ month, value: value - (12 - index) * 0.01, time: 1 })),
    queries: [`sum_over_time(customer:maintenance_control_compliant:sum{control="${id}"}[2682000000ms])`],
  };
}

function count(id: string, unit: 'count' | 'seconds', value: number): Indicator {
  return {
    ...share(id, value, 0, 'plain'),
    unit,
    better: 'low',
    target: null,
    coverage: { objects: null, time: 1 },
    atEnd: null,
    trend: months.map((month, index) => ({ month, value: value + (12 - index), time: 1 })),
  };
}

const host = (
  instance: string,
  role: string,
  verdict: 'met' | 'missed' | 'unknown',
): Snapshot['hosts'][number] => ({
  instance,
  role,
  controls: Object.fromEntries(controlNames.map((name) => [name, name === 'backup' ? null : verdict])),
});

const ordinary: Snapshot = {
  ...october,
  evaluation: [{ ruleGroup: 'maintenance-controls', interval: 60, evaluations: 44_700, expected: 44_700 }],
  indicators: [
    ...controlNames.map((name) =>
      share(
        name,
        name === 'backup' ? 0.9896 : 0.97,
        name === 'backup' ? 0.99 : 0.95,
        name === 'backup' ? 'missed' : 'met',
      ),
    ),
    count('incidents_opened', 'count', 12),
    count('time_to_resolve', 'seconds', 7800),
  ],
  controls: [...controlNames],
  hosts: [
    host('erp-1', 'server', 'missed'),
    host('pc-1', 'workstation', 'unknown'),
    host('pc-2', 'workstation', 'met'),
  ],
};

const unmeasured = (indicator: Indicator): Indicator => ({
  ...indicator,
  value: null,
  reason: 'no_evaluations',
  numerator: null,
  denominator: null,
  verdict: 'none',
  coverage: { objects: null, time: 0 },
  atEnd: null,
  trend: indicator.trend.map((month) => ({ ...month, value: null, time: 0 })),
});

const variants: Readonly<Record<string, Snapshot>> = {
  ordinary,
  spanish: { ...ordinary, customer: { ...ordinary.customer, language: 'es' } },
  'first month': {
    ...ordinary,
    indicators: ordinary.indicators.map((indicator) => ({
      ...indicator,
      trend: indicator.trend.map((month, index) =>
        index === 12 ? month : { ...month, value: null, time: 0 },
      ),
    })),
  },
  'nothing measured': { ...ordinary, indicators: ordinary.indicators.map(unmeasured), hosts: [] },
  'no incident': {
    ...ordinary,
    indicators: ordinary.indicators.map((indicator) =>
      indicator.id === 'time_to_resolve'
        ? {
            ...indicator,
            value: null,
            reason: 'nothing_happened',
            trend: indicator.trend.map((month) => ({ ...month, value: null })),
          }
        : indicator,
    ),
  },
  nasty: {
    ...ordinary,
    customer: {
      ...ordinary.customer,
      name: 'Société Générale de Maintenance Industrielle et Portuaire du Nord-Ouest',
    },
    indicators: ordinary.indicators.map((indicator) =>
      indicator.id === 'time_to_resolve' ? { ...indicator, value: 1_234_567 } : indicator,
    ),
    hosts: Array.from({ length: 130 }, (_, index) =>
      host(
        `averyveryverylonghostnamewithoutanybreakwhatsoever${index}.internal`,
        'production-line-controller',
        index < 40 ? 'missed' : 'unknown',
      ),
    ),
  },
};

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
}

describe.each(Object.entries(variants))('%s', (name, snapshot) => {
  const file = join(directory, `${name.replaceAll(' ', '-')}.pdf`);
  let pdf: Buffer;
  beforeAll(async () => {
    ({ pdf } = await drawReport(snapshotSchema.parse(snapshot)));
    writeFileSync(file, pdf);
  });
  test('is the same file twice', async () => {
    expect((await drawReport(snapshotSchema.parse(snapshot))).pdf.equals(pdf)).toBe(true);
  });

  test('is tagged, in its language, with every font embedded, and sound', () => {
    expect(run('pdfinfo', file)).toMatch(/^Tagged: +yes$/m);
    const fonts = run('pdffonts', file).trim().split('\n').slice(2);
    expect(fonts).toHaveLength(4);
    for (const font of fonts) expect(font).toMatch(/ yes yes yes /);
    expect(run('qpdf', '--check', file)).toContain('No syntax or stream encoding errors found');
    expect(untaggedOperators(run('qpdf', '--qdf', '--object-streams=disable', file, '-'))).toEqual([]);
  });

  test('keeps every word on its page and no two words on one place', () => {
    const boxes = boxesOf(run('pdftotext', '-bbox', file, '-'));
    expect(boxes.length).toBeGreaterThan(100);
    expect(
      boxes.filter(({ left, right, top, bottom }) => left < 40 || right > 556 || top < 30 || bottom > 830),
    ).toEqual([]);
    expect(overlaps(boxes)).toEqual([]);
  });
});

describe('says', () => {
  const textOf = async (snapshot: Snapshot): Promise<string> => {
    const file = join(directory, 'text.pdf');
    writeFileSync(file, (await drawReport(snapshot)).pdf);
    return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replaceAll(
      /[ \u00a0]+/g,
      ' ',
    );
  };

  test('value, verdict, target and basis of an indicator, and never a rounded target', async () => {
    const text = await textOf(ordinary);
    const { length } = controlNames;
    expect(text).toContain(`${length - 1} of ${length} targets met`);
    expect(text).toContain('98.96%');
    expect(text).not.toContain('99.0%');
    expect(text).toContain('Page 1 of');
    expect(text).toContain('Europe/Madrid');
  });

  test('what it asks for, why and of whom in paragraphs of their own, and a why that was left out not at all', async () => {
    const decision = { what: 'Stop cell 2', why: 'Five hosts wait.', who: 'R. Pons', until: '2026-11-06' };
    const decisions = [decision, { ...decision, what: 'Name an owner', why: '' }];
    const facts = { notes: { comment: null, decisions, incidents: [] } };
    const { html } = await drawReport({ ...ordinary, facts });
    const [, asked] = html.split('Decisions we ask you for</h2>');
    expect(
      [...(asked?.split('</section>')[0]?.matchAll(/<p>(.*?)<\/p>/g) ?? [])].map(([, text]) => text),
    ).toEqual([
      '<span class="strong">Stop cell 2</span>',
      '<span class="note">Five hosts wait.</span>',
      '<span class="note">R. Pons · answer by 6\u00a0November</span>',
      '<span class="strong">Name an owner</span>',
      '<span class="note">R. Pons · answer by 6\u00a0November</span>',
    ]);
  });

  test('on which page each annex begins, and leads there', async () => {
    const pages = (await textOf(variants['nasty'] ?? ordinary)).split('\f');
    const listed = [...(pages[0]?.matchAll(/\b([A-L]) [A-Z][a-z A-Z]+, (\d+)/g) ?? [])].map(
      ([, letter = '', page]) => [letter, Number(page)],
    );
    const found = pages.flatMap((page, index) =>
      [...page.matchAll(/^ ?Annex ([A-L])$/gm)].map(([, letter = '']) => [letter, index + 1]),
    );
    expect(listed).toEqual(found);
    expect(found.map(([letter]) => letter)).toEqual(['I', 'K', 'L']);
    const qdf = run('qpdf', '--qdf', '--object-streams=disable', join(directory, 'text.pdf'), '-');
    const targets = [...qdf.matchAll(/\/D \((annex-[A-L])\)/g)].map(([, name]) => name);
    expect(targets).toEqual(['annex-I', 'annex-K', 'annex-L']);
    for (const name of targets) expect(qdf.split(`(${name})`).length, name).toBeGreaterThan(2);
  });

  test('that nothing was measured, and why, with no 0 and no Met anywhere', async () => {
    const text = await textOf(variants['nothing measured'] ?? ordinary);
    expect(text).toContain('No data');
    // The method page counts what was watched, and that was nothing.
    const [leadership] = text.split('Method and data quality');
    expect(leadership).not.toMatch(/\b0(\.0)?%/);
    expect(text).not.toMatch(/\bMet\b/);
  });

  test('which character of a name it could not set', async () => {
    const { missingGlyphs } = await drawReport({ ...ordinary, hosts: [host('rocket-🚀', 'server', 'met')] });
    expect(missingGlyphs).toEqual(['U+1F680']);
    expect(await textOf({ ...ordinary, hosts: [host('rocket-🚀', 'server', 'met')] })).toContain(
      'rocket-[U+1F680]',
    );
  });
});
