/** Operators that set text or paint (ISO 32000-1, annex A). */
const painting = new Set([
  'Tj',
  'TJ',
  "'",
  '"',
  'f',
  'F',
  'f*',
  'S',
  's',
  'B',
  'B*',
  'b',
  'b*',
  'sh',
  'Do',
  'EI',
]);

/**
 * Operators that draw outside an element and outside an artifact: a reader that goes by the structure would never meet
 * what they draw, and PDF/UA forbids them. `qdf` is the file as `qpdf --qdf` writes it; each one is `page 2: Tj`.
 */
export function untaggedOperators(qdf: string): readonly string[] {
  return pageContents(qdf).flatMap(({ page, content }) => {
    let depth = 0;
    const found: string[] = [];
    for (const token of operators(content)) {
      if (token === 'BDC' || token === 'BMC') depth += 1;
      else if (token === 'EMC') depth -= 1;
      else if (depth === 0 && painting.has(token)) found.push(`page ${page}: ${token}`);
    }
    if (depth !== 0) found.push(`page ${page}: ${depth} marks left open`);
    return found;
  });
}

/** The content of each page, in the order of the file. Throws when there is none: nothing would be checked. */
export function pageContents(qdf: string): readonly { readonly page: number; readonly content: string }[] {
  const contents = qdf.matchAll(/^%% Contents for page (\d+)\n[^]*?\bstream\n([^]*?)\nendstream$/gm);
  const pages = [...contents].map(([, page, content = '']) => ({ page: Number(page), content }));
  if (pages.length === 0) throw new Error('no page contents found: is this the output of qpdf --qdf?');
  return pages;
}

function operators(content: string): readonly string[] {
  const withoutStrings = content.replace(/\((?:\\[^]|[^\\()])*\)/g, ' ').replace(/<[0-9A-Fa-f\s]*>/g, ' ');
  return withoutStrings.split(/[\s[\]]+/);
}
