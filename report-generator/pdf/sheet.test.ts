import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scene } from '../scene.ts';
import { colour, grid, page } from '../tokens.ts';
import { heading, headline, para } from './blocks.ts';
import { box, decoration, figure, mark, rule } from './items.ts';
import { addPage, bookmark, createSheet, finish, type Sheet } from './sheet.ts';
import { artifact, group, leaf, measureOnly } from './structure.ts';
import { table } from './table.ts';
import { put } from './text.ts';
import { tile, tileHeight } from './tile.ts';
import { pageContents, untaggedOperators } from './untagged.ts';

const folder = mkdtempSync(join(tmpdir(), 'report-pdf-'));
afterAll(() => rmSync(folder, { recursive: true }));

function newSheet(language: 'en' | 'es' = 'en'): Sheet {
  return createSheet({
    language,
    title: 'Maintenance report',
    author: 'Provider',
    subject: 'October 2026',
    date: new Date(Date.UTC(2026, 10, 1)),
    running: {
      customer: 'Example Foods',
      title: 'Maintenance report',
      footer: 'State of 31 October 2026',
      page: (n, of) => `Page ${n} of ${of}`,
    },
  });
}

const curve: Scene = {
  width: 62,
  height: 20,
  alt: 'Backups rose from 90% to 97%',
  items: [
    { kind: 'path', path: 'M0 18L30 9L60 2', stroke: colour.data, weight: 1.5 },
    { kind: 'path', path: 'M0 5h60', stroke: colour.ink3, weight: 0.5, dash: [2, 2] },
    { kind: 'text', text: '97%', x: 60, y: 9, style: 'axis', align: 'end' },
  ],
};
const bar: Scene = {
  width: 24,
  height: 4.5,
  alt: '',
  items: [{ kind: 'rect', x: 0, y: 0, width: 20, height: 4.5, fill: colour.ok, stroke: colour.ink }],
};

/** One page with a headline, two tiles and a paragraph, and a table of 60 hosts that runs on to the second. */
function draw(sheet: Sheet): void {
  let y = addPage(sheet, 'Summary');
  bookmark(sheet, 'Summary');
  const { left, width } = grid;
  group(sheet, 'Sect', () => {
    y = headline(sheet, 'Backups are late on 7 of 60 hosts', left, y, width, 'title', 17);
    const tiles = [
      {
        label: 'Backups on time',
        value: '88.3%',
        muted: false,
        verdict: 'missed',
        verdictWord: 'Target missed',
        change: '+2.5 points',
        lines: ['Target 95% · 53 of 60 hosts', '97.5% known'],
        spark: curve,
        coverageBar: bar,
      },
      {
        label: 'Restores proven',
        value: 'No data',
        muted: true,
        verdict: 'none',
        verdictWord: 'Not measured',
        lines: ['No rule was evaluated'],
      },
    ] as const;
    for (const [index, one] of tiles.entries())
      tile(sheet, one, left + index * 172, y, 160, { first: index === 0 });
    y += Math.max(...tiles.map(tileHeight)) + 8;
    y = para(sheet, 'Seven hosts have **no backup** of the last day.', left, y, width, 'body');
    mark(sheet, 'unknown', left + 4, y + 8);
    box(sheet, left + 20, y + 4, 40, 8, colour.tint);
    y = heading(sheet, 'Hosts', left, y + 16, width, { aside: 'worst first' });
    decoration(sheet, bar, left + 200, y - 12);
  });
  group(sheet, 'Sect', () => {
    y = table(sheet, {
      y,
      columns: [
        { key: 'host', head: 'Host', grow: 2, style: 'cellStrong' },
        { key: 'role', head: 'Role' },
        { key: 'backup', head: 'Backup', align: 'middle' },
        { key: 'age', head: 'Age in days', align: 'right' },
      ],
      rows: Array.from({ length: 60 }, (_, index) => ({
        host: `host-${String(index).padStart(2, '0')}.example`,
        role: index === 0 ? { text: 'database', note: 'the quieter line' } : 'web',
        backup:
          index < 7
            ? { text: '', verdict: 'missed', label: 'late' }
            : { text: 'on time', verdict: 'met', label: 'met' },
        age: String(index),
      })),
      newPage: () => addPage(sheet, 'Hosts'),
    });
    rule(sheet, left, y + 4, width);
  });
}

async function build(name: string, drawing: (sheet: Sheet) => void): Promise<string> {
  const sheet = newSheet();
  drawing(sheet);
  const file = join(folder, name);
  writeFileSync(file, await finish(sheet));
  return file;
}

function run(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'latin1', maxBuffer: 1e9 });
  if (error) throw new Error(`${program} does not run; it is in poppler-utils or qpdf`, { cause: error });
  expect(`${program} ${status} ${stderr}`).toBe(`${program} 0 `);
  return Buffer.from(stdout, 'latin1').toString('utf8');
}

function qdfOf(file: string): string {
  return run('qpdf', '--qdf', '--object-streams=disable', file, '-');
}

function pageText(file: string, n: number): string {
  return run('pdftotext', '-f', String(n), '-l', String(n), '-layout', file, '-');
}

function qdfPage(content: string): string {
  return `%% Contents for page 1\n4 0 obj\n<<\n>>\nstream\n${content}\nendstream\n`;
}

describe('a small report as a file', () => {
  let file = '';
  beforeAll(async () => {
    file = await build('small.pdf', draw);
  });

  test('is tagged, in its language, with a title, on two A4 pages', () => {
    const info = run('pdfinfo', file);
    expect(info).toMatch(/^Tagged: +yes$/m);
    expect(info).toMatch(/^Title: +Maintenance report$/m);
    expect(info).toMatch(/^Subject: +October 2026$/m);
    expect(info).toMatch(/^Pages: +2$/m);
    expect(info).toMatch(/^Page size: +595\.28 x 841\.89 pts \(A4\)$/m);
    const qdf = qdfOf(file);
    expect(qdf).toMatch(/\/Lang \(en\)/);
    expect(qdf).toMatch(/\/DisplayDocTitle true/);
    expect(run('pdfinfo', '-meta', file)).toContain('<pdfuaid:part>1</pdfuaid:part>');
  });

  test('embeds every font it names', () => {
    const rows = run('pdffonts', file).trim().split('\n').slice(2);
    expect(rows.map((row) => row.replace(/^[A-Z]{6}\+(\S+) .*$/, '$1')).toSorted()).toEqual([
      'SourceSans3-Regular',
      'SourceSans3-SemiBold',
      'SourceSerif4-SemiBold',
    ]);
    for (const row of rows) expect(row).toMatch(/ yes yes yes +\d+ +0$/);
  });

  test('is sound for qpdf', () => {
    expect(run('qpdf', '--check', file)).toContain('No syntax or stream encoding errors found');
  });

  test('draws nothing outside an element or an artifact', () => {
    const qdf = qdfOf(file);
    expect(pageContents(qdf).map(({ page: number }) => number)).toEqual([1, 2]);
    expect(untaggedOperators(qdf)).toEqual([]);
  });

  test('has its texts in reading order, words apart', () => {
    const text = run('pdftotext', '-raw', file, '-').replace(/\s+/g, ' ');
    const order = [
      'Backups are late on 7 of 60 hosts',
      'Backups on time 88.3% Target missed +2.5 points Target 95% · 53 of 60 hosts 97.5% known',
      'Restores proven No data Not measured No rule was evaluated',
      'Seven hosts have no backup of the last day.',
      'Hosts worst first',
      'Host Role Backup Age in days',
      'host-00.example database the quieter line 0',
      'host-59.example web on time 59',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(order.filter((_, index) => places[index] === -1)).toEqual([]);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test('says in its structure what the eye sees', () => {
    const structure = run('pdfinfo', '-struct-text', file);
    const count = (tag: string): number => structure.match(new RegExp(`^ *${tag}( |:|$)`, 'gm'))?.length ?? 0;
    expect([count('H1'), count('H2'), count('Table'), count('THead'), count('TBody')]).toEqual([
      1, 1, 1, 1, 1,
    ]);
    expect([count('TR'), count('TH'), count('TD')]).toEqual([61, 64, 180]);
    const qdf = qdfOf(file);
    expect(qdf.match(/\/ActualText \(late \)/g)).toHaveLength(7);
    expect(qdf.match(/\/ActualText \(met \)/g)).toHaveLength(53);
    expect(qdf).toContain('/Alt (Backups rose from 90% to 97%. )');
    // From the lower left corner: column of the first tile, under a headline of one line.
    const [, bbox = ''] = qdf.match(/\/BBox \[([^\]]*)\]\s+\/O \/Layout/) ?? [];
    expect(bbox.trim().split(/\s+/).map(Number)).toEqual([143.64, 709.89, 205.64, 729.89]);
    // Without the space, a reader would run the texts of two elements together.
    expect(structure.match(/^ *".*[^ ]"$/gm)).toBeNull();
    expect(structure.match(/\/Scope \/Column/g)).toHaveLength(4);
    expect(structure.match(/\/Scope \/Row/g)).toHaveLength(60);
  });

  test('repeats the head of the table, and reads it once', () => {
    expect(run('pdftotext', '-raw', file, '-').match(/Age in days/g)).toHaveLength(2);
    expect(run('pdfinfo', '-struct-text', file).match(/Age in days/g)).toHaveLength(1);
  });

  test('has a running head from page 2 on, and a footer on each page', () => {
    expect(pageText(file, 1)).not.toContain('Example Foods');
    expect(pageText(file, 2)).toMatch(/Example Foods Maintenance report +Hosts/);
    expect(pageText(file, 1)).toMatch(/State of 31 October 2026 +Page 1 of 2/);
    expect(pageText(file, 2)).toMatch(/State of 31 October 2026 +Page 2 of 2/);
  });

  test('has its bookmark shown, at the left edge of the page', () => {
    const qdf = qdfOf(file);
    expect(qdf).toMatch(/\/Title \(Summary\)/);
    expect(qdf).toMatch(/\/Count 1\n/);
    expect(qdf).toMatch(/\/XYZ\s+0\s+841\.89\s+0/);
  });

  test('is the same byte for byte when drawn again', async () => {
    const again = await build('again.pdf', draw);
    expect(spawnSync('cmp', [file, again], { encoding: 'utf8' }).stdout).toBe('');
  });
});

test('an untagged operator and an open mark are found', () => {
  expect(untaggedOperators(qdfPage('/P BDC\n(f ) Tj\nEMC\n0 0 1 1 re\nf'))).toEqual(['page 1: f']);
  expect(untaggedOperators(qdfPage('[<0041>] TJ'))).toEqual(['page 1: TJ']);
  expect(untaggedOperators(qdfPage('/P BDC\nf'))).toEqual(['page 1: 1 marks left open']);
  expect(() => untaggedOperators('')).toThrow('no page contents');
});

describe('a sheet refuses', () => {
  const sheet = newSheet();
  addPage(sheet, '');

  test('text outside an element', () => {
    expect(() => put(sheet, 'lost', 0, 0, 'body')).toThrow('untagged text: lost');
  });
  test('a leaf in a leaf, and can go on after', () => {
    expect(() => leaf(sheet, 'P', () => leaf(sheet, 'H1', () => 0))).toThrow('H1 inside P');
    expect(leaf(sheet, 'P', () => put(sheet, '', 0, 0, 'body'))).toBe(0);
  });
  test('a figure that says nothing', () => {
    expect(() => figure(sheet, bar, 0, 0)).toThrow('alternative text');
  });
  test('a mark that nobody could hear', () => {
    const columns = [{ key: 'a', head: 'A' }];
    const rows = [{ a: { text: '', verdict: 'met' } }] as const;
    expect(() => table(sheet, { columns, rows, y: page.top })).toThrow('needs a label');
  });
  test('to be finished inside a group', async () => {
    let finished: Promise<Buffer> | undefined;
    group(sheet, 'Sect', () => {
      finished = finish(sheet);
    });
    await expect(finished).rejects.toThrow('inside an open group');
  });
});

test('measuring returns what drawing returns, and draws nothing', async () => {
  const sheet = newSheet();
  const start = addPage(sheet, '');
  const block = (): number => para(sheet, 'word '.repeat(200), grid.left, start, 200, 'body');
  const measured = measureOnly(sheet, () => {
    draw(sheet);
    figure(sheet, curve, 0, 0);
    artifact(sheet, () => put(sheet, 'hidden', 0, 0, 'body'));
    return block();
  });
  expect(measured).toBeGreaterThan(start + 10 * 13);
  expect(sheet.sections).toHaveLength(1);
  expect(block()).toBe(measured);
  const file = join(folder, 'measured.pdf');
  writeFileSync(file, await finish(sheet));
  expect(run('pdftotext', '-raw', file, '-').replace(/\s+/g, ' ').trim()).toBe(
    `${'word '.repeat(200)}State of 31 October 2026 Page 1 of 1`,
  );
});

test('a character without a glyph is drawn and listed by its name', async () => {
  const sheet = newSheet('es');
  const y = addPage(sheet, '');
  para(sheet, 'Café 日 \u202E😀 ≥ Łódź Ψ\u0007', grid.left, y, 400, 'body');
  expect([...sheet.missingGlyphs]).toEqual(['U+65E5', 'U+202E', 'U+1F600', 'U+0007']);
  const file = join(folder, 'glyphs.pdf');
  writeFileSync(file, await finish(sheet));
  expect(run('pdftotext', '-raw', file, '-').split('\n')[0]).toBe(
    'Café [U+65E5] [U+202E][U+1F600] ≥ Łódź Ψ[U+0007]',
  );
});
