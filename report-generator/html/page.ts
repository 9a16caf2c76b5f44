import type { ReadElement } from '../pdf/reading.ts';
import type { Measure } from '../scene.ts';
import { bodyOf, bookmarksOf } from './body.ts';
import { escaped } from './escape.ts';
import { styleSheet } from './style.ts';

export interface HtmlAbout {
  readonly language: 'en' | 'es';
  readonly title: string;
  /** What stands at the foot of every page. */
  readonly footer: string;
}

/**
 * The report as one HTML file that needs no other: what the PDF says, in the order it is read, with the same pictures. It
 * has no script, and its policy lets none run.
 */
export function htmlOf(root: ReadElement, { language, title, footer }: HtmlAbout, measure: Measure): string {
  const parts = bookmarksOf(root).map(
    (part, index) => `<li><a href="#part-${index + 1}">${escaped(part)}</a></li>`,
  );
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
<title>${escaped(title)}</title>
<style>
${styleSheet}
</style>
</head>
<body>
<main>
${bodyOf(root, measure)}</main>
<nav><ul>${parts.join('')}</ul></nav>
<footer>${escaped(footer)}</footer>
</body>
</html>
`;
}
