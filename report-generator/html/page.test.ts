import { parser } from 'sax';
import { expect, test } from 'vitest';
import { heading, headline, para } from '../pdf/blocks.ts';
import { decoration, figure, mark } from '../pdf/items.ts';
import { addPage, bookmark, createSheet, type Sheet } from '../pdf/sheet.ts';
import { artifact, group, leaf, measureOnly } from '../pdf/structure.ts';
import { table } from '../pdf/table.ts';
import { put, width } from '../pdf/text.ts';
import { tile } from '../pdf/tile.ts';
import type { Scene } from '../scene.ts';
import { htmlOf } from './page.ts';

const scene: Scene = {
  width: 60,
  height: 20,
  alt: 'Backups: 90% in May & 95% in June',
  items: [
    { kind: 'rect', x: 0, y: 0, width: 60, height: 20, fill: '#F3F5F6' },
    { kind: 'path', path: 'M0 10L60 5', stroke: '#2A6496', dash: [2, 1] },
    { kind: 'text', text: 'June <95%>', x: 58, y: 8, style: 'axis', align: 'end' },
  ],
};

function htmlFrom(draw: (sheet: Sheet) => void): string {
  const sheet = createSheet({
    language: 'es',
    title: 'Acme',
    author: 'Faro',
    subject: 'x',
    date: new Date(0),
    running: { customer: 'Acme', title: 'Octubre', footer: 'Faro & Co', page: (n) => `Página ${n}` },
  });
  addPage(sheet, 'Resumen');
  draw(sheet);
  const [root] = sheet.reading.open;
  if (root === undefined) throw new Error('no root');
  return htmlOf(root, { language: 'es', title: 'Acme <script>', footer: 'Faro & Co' }, (text, style) =>
    width(sheet, text, style),
  );
}

/** Names and attributes of the elements of the body in order; throws where the page is not well formed. */
function elementsIn(
  html: string,
): readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[] {
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const strict = parser(true);
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- sax has no such function
  strict.onerror = (error) => {
    throw error;
  };
  strict.onopentag = ({ name, attributes }) =>
    void found.push({
      name,
      attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])),
    });
  strict.write(html.replace('<!DOCTYPE html>', '')).close();
  return found;
}

const mainOf = (html: string): string => /<main>\n([^]*)<\/main>/.exec(html)?.[1] ?? '';

test('a page that is well formed, in its language, without script or address', () => {
  const html = htmlFrom((sheet) => para(sheet, 'Todo en **orden**', 50, 50, 300, 'body'));
  const elements = elementsIn(html);
  expect(elements[0]).toEqual({ name: 'html', attributes: { lang: 'es' } });
  expect(elements.map(({ name }) => name)).not.toContain('script');
  expect(html).not.toMatch(/<link|<img|@import|url\(|https?:/);
  expect(html).toContain('<title>Acme &lt;script&gt;</title>');
  expect(html).toContain('<footer>Faro &amp; Co</footer>');
  expect(mainOf(html)).toBe('<p>Todo en <strong>orden</strong></p>\n');
});

test('texts are whole where the page breaks or cuts them, and foreign ones harmless', () => {
  const long = 'averyveryverylonghostnamewithoutanybreak.internal';
  const html = htmlFrom((sheet) => {
    para(sheet, `<b>${long}</b> & "more"`, 50, 50, 60, 'body', { maxLines: 1 });
    table(sheet, {
      columns: [
        { key: 'host', head: 'Equipo <b>', max: 40 },
        { key: 'value', head: 'Valor', align: 'right', grow: 1 },
      ],
      rows: [{ host: { text: long, note: '<i>' }, value: '7\u0000' }],
      y: 100,
      width: 120,
    });
  });
  expect(mainOf(html)).toBe(
    `<p>&lt;b&gt;${long}&lt;/b&gt; &amp; &quot;more&quot;</p>\n` +
      '<table><thead><tr><th scope="col">Equipo &lt;b&gt;</th>\n<th scope="col" class="end">Valor</th></tr></thead>\n' +
      `<tbody><tr><th scope="row">${long} <span class="note">&lt;i&gt;</span></th>\n<td class="end">7</td></tr></tbody></table>\n`,
  );
  elementsIn(html);
});

test('a table over two pages is one table with one head', () => {
  const html = htmlFrom((sheet) =>
    table(sheet, {
      columns: [{ key: 'host', head: 'Equipo' }],
      rows: Array.from({ length: 80 }, (_, index) => ({ host: `pc-${index}` })),
      y: 100,
      newPage: () => addPage(sheet, 'Resumen, continuación'),
    }),
  );
  const names = elementsIn(html).map(({ name }) => name);
  expect(names.filter((name) => name === 'table')).toHaveLength(1);
  expect(names.filter((name) => name === 'tr')).toHaveLength(81);
  expect(html).not.toContain('continuación');
});

test('a cell that is only a mark says its word', () => {
  const html = htmlFrom((sheet) =>
    table(sheet, {
      columns: [
        { key: 'host', head: 'Equipo' },
        { key: 'backup', head: 'Copias', align: 'middle' },
      ],
      rows: [{ host: 'pc-1', backup: { text: '', verdict: 'missed', label: 'fuera de plazo' } }],
      y: 100,
    }),
  );
  expect(html).toMatch(
    /<td class="middle"><span><svg class="mark" aria-hidden="true".*<\/svg><span class="heard">fuera de plazo<\/span><\/span>\n?<\/td>/,
  );
});

test('pictures are read where they say something, and no text in them can run over', () => {
  const html = htmlFrom((sheet) => {
    figure(sheet, scene, 50, 50);
    decoration(sheet, scene, 50, 100);
  });
  const svgs = elementsIn(html).filter(({ name }) => name === 'svg');
  expect(
    svgs.map(({ attributes }) => [attributes['role'], attributes['aria-label'], attributes['aria-hidden']]),
  ).toEqual([
    ['img', scene.alt, undefined],
    [undefined, undefined, 'true'],
  ]);
  // The text of a picture is inside of it, and only there.
  expect(html.match(/June &lt;95%&gt;/g)).toHaveLength(2);
  expect(html).toMatch(
    /<text x="58" y="8" font-size="7.5" text-anchor="end" fill="#63707C" textLength="[\d.]+" lengthAdjust="spacingAndGlyphs">/,
  );
  expect(html).toContain('stroke-dasharray="2 1"');
});

test('headings begin with one h1 and leave no level out; parts are linked', () => {
  const html = htmlFrom((sheet) => {
    bookmark(sheet, 'Resumen');
    headline(sheet, 'El mes', 50, 50, 300, 'display', 20);
    heading(sheet, 'Parches', 50, 100, 300, { aside: 'a un lado' });
    addPage(sheet, 'Anexo');
    bookmark(sheet, 'Anexo A');
    headline(sheet, 'Equipos', 50, 50, 300, 'title', 17);
    heading(sheet, 'Todos', 50, 100, 300);
  });
  const names = elementsIn(html).map(({ name }) => name);
  expect(names.filter((name) => /^h\d$/.test(name))).toEqual(['h1', 'h2', 'h2', 'h3']);
  expect(html).toContain('<li><a href="#part-2">Anexo A</a></li>');
  expect(html).toMatch(/<a id="part-2"><\/a>\n<h2>Equipos<\/h2>/);
  expect(html).toContain('<p><span class="note">a un lado</span></p>');
});

test('what is measured, decorates or stands on every page is not read', () => {
  const html = htmlFrom((sheet) => {
    measureOnly(sheet, () => para(sheet, 'medido', 50, 50, 300, 'body'));
    artifact(sheet, () => void put(sheet, 'pie', 50, 50, 'running'));
    group(sheet, 'Sect', () => leaf(sheet, 'P', () => put(sheet, 'leído', 50, 90, 'body')));
    mark(sheet, 'plain', 50, 50);
  });
  expect(mainOf(html)).toBe('<section><p>leído</p></section>\n');
});

test('a tile is a block with its whole texts and its mark', () => {
  const data = {
    label: 'Una etiqueta que es demasiado larga para el sitio que tiene en la página',
    value: '98,96 %',
    muted: false,
    verdict: 'missed',
    verdictWord: 'No cumplido',
    change: '+0,3 puntos',
    lines: ['objetivo 99 %'],
    spark: scene,
  } as const;
  const html = htmlFrom((sheet) =>
    group(sheet, 'Sect', () => tile(sheet, data, 50, 50, 100, { first: true })),
  );
  expect(mainOf(html).replaceAll(/<svg.*?<\/svg>/g, '[svg]')).toBe(
    `<section class="tiles"><div class="tile"><p><span class="strong">${data.label}</span> <span class="figure">98,96 %</span> [svg]<span class="strong">No cumplido</span> <span class="note">+0,3 puntos</span> <span class="note">objetivo 99 %</span></p>\n<figure>[svg]</figure></div></section>\n`,
  );
});
