import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parser } from 'sax';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { preflight } from '../../deploy/local/preflight.ts';
import { grid } from '../tokens.ts';
import { heading, headline, para } from './blocks.ts';
import { attach } from './document.ts';
import { figure, mark } from './items.ts';
import { addPage, bookmark, createSheet, finish } from './sheet.ts';
import { table } from './table.ts';

/*
 * PDF/A-3a and PDF/UA-1, as far as programs of Debian can tell.
 */

const directory = mkdtempSync(join(tmpdir(), 'report-conformance-'));
const file = join(directory, 'report.pdf');
afterAll(() => rmSync(directory, { recursive: true }));

const title = 'Smith & Sons <Madrid>: informe, octubre de 2026';
const author = 'Faro "IT" & Co';
const numbers = '{"customer": "Smith & Sons", "ñ": "\u{1F600}"}\n';
const date = new Date(Date.UTC(2026, 9, 31, 23));

async function written(): Promise<Buffer> {
  const sheet = createSheet({
    language: 'es',
    title,
    author,
    subject: 'Cómo se mantuvo',
    date,
    running: { customer: 'Smith & Sons', title: 'Informe', footer: 'Pie', page: (n, of) => `${n} de ${of}` },
  });
  addPage(sheet, 'Resumen');
  bookmark(sheet, 'Resumen');
  headline(sheet, 'Todo en orden', grid.left, 80, 300, 'display', 20);
  heading(sheet, 'Copias', grid.left, 150, 300);
  para(sheet, 'Un **párrafo** con ñ', grid.left, 180, 300, 'lede');
  mark(sheet, 'risk', 60, 220);
  figure(
    sheet,
    {
      width: 60,
      height: 20,
      alt: 'De 90 a 97 %',
      items: [{ kind: 'path', path: 'M0 18L60 2', stroke: '#2A6496', dash: [2, 2] }],
    },
    grid.left,
    240,
  );
  table(sheet, {
    columns: [{ key: 'host', head: 'Equipo' }],
    rows: Array.from({ length: 60 }, (_, index) => ({ host: `pc-${index}` })),
    y: 300,
    newPage: () => addPage(sheet, 'Resumen'),
  });
  const name = 'snapshot.json';
  attach(sheet.document, { name, content: numbers, type: 'application/json', description: title, date });
  return finish(sheet);
}

beforeAll(async () => writeFileSync(file, await written()));

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

test('Preflight finds nothing but what the third part of PDF/A allows and the first does not', () => {
  const found = preflight(file);
  const allowed = [
    /^7\.11\.2: Error on MetaData, part must be 1$/,
    // Embedded files came with the third part (ISO 19005-3, 6.8).
    /^1\.4\.7: .*EmbeddedFile entry is present in the Names dictionary$/,
    /^1\.2\.9: .*EmbeddedFile entry is present in a FileSpecification dictionary$/,
    // Optional from the second part on (ISO 19005-2, 6.2.11.4.2).
    /^3\.1\.11: .*The CIDSet entry is missing/,
  ];
  expect(found.filter((error) => !allowed.some((one) => one.test(error)))).toEqual([]);
  for (const one of allowed)
    expect(
      found.some((error) => one.test(error)),
      String(one),
    ).toBe(true);
});

test('it says that it is PDF/A-3a and PDF/UA-1, and what pdfuaid is, in XML that is well formed', () => {
  const xmp =
    /<\?xpacket begin[^]*?<\?xpacket end/.exec(
      run('qpdf', '--qdf', '--object-streams=disable', file, '-'),
    )?.[0] ?? '';
  const texts = new Map<string, string>();
  const strict = parser(true);
  let inside = '';
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- sax has no such function
  strict.onerror = (error) => {
    throw error;
  };
  strict.onopentag = ({ name }) => void (inside = name);
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- as above
  strict.ontext = (text) =>
    void (text.trim() === '' || texts.set(inside, `${texts.get(inside) ?? ''}${text.trim()}`));
  strict.write(xmp.replace(/<\?xpacket.*$/, '').replace(/^<\?xpacket[^>]*>/, '')).close();
  expect(texts.get('pdfaid:part')).toBe('3');
  expect(texts.get('pdfaid:conformance')).toBe('A');
  expect(texts.get('pdfuaid:part')).toBe('1');
  expect(texts.get('pdfaSchema:namespaceURI')).toBe('http://www.aiim.org/pdfua/ns/id/');
  expect(texts.get('rdf:li')).toContain('Smith & Sons <Madrid>');
  expect(texts.get('xmp:ModifyDate')).toBe('2026-10-31T23:00:00Z');
});

test('the information of the file is the same, and its fonts are in it', () => {
  const info = run('pdfinfo', '-isodates', file);
  expect(info).toMatch(new RegExp(`^Title: +${title.replaceAll(/[.*+?^$()|[\]]/g, '.')}$`, 'm'));
  expect(info).toMatch(/^Author: +Faro "IT" & Co$/m);
  expect(info).toMatch(/^CreationDate: +2026-10-31T23:00:00Z$/m);
  expect(info).toMatch(/^ModDate: +2026-10-31T23:00:00Z$/m);
  expect(info).toMatch(/^Tagged: +yes$/m);
  const fonts = run('pdffonts', file).trim().split('\n').slice(2);
  expect(fonts.length).toBeGreaterThan(2);
  for (const font of fonts) expect(font).toMatch(/ yes yes yes /);
});

test('the numbers are in it, as they are beside it', () => {
  expect(run('qpdf', '--list-attachments', '--verbose', file)).toMatch(/snapshot\.json[^]*application\/json/);
  expect(run('qpdf', '--show-attachment=snapshot.json', file)).toBe(numbers);
  expect(run('qpdf', '--check', file)).toContain('No syntax or stream encoding errors found');
  // Of the whole document, as its data.
  const plain = run('qpdf', '--qdf', '--object-streams=disable', file, '-');
  expect(plain).toMatch(/\/AFRelationship \/Data/);
  expect(plain).toMatch(/\/AF \[/);
});

test('it is the same file twice', async () => {
  expect((await written()).equals(await written())).toBe(true);
});
