import { annexes } from './annexes.ts';
import { withServices } from './pages/availability.ts';
import { setAnnex } from './pages/annex.ts';
import { htmlOf } from './html/page.ts';
import { drawContents } from './pages/contents.ts';
import { type Drawing, measureOn } from './pages/drawing.ts';
import { governance } from './pages/governance.ts';
import { setLeadershipPage } from './pages/leadership.ts';
import { protectionPage } from './pages/protection.ts';
import { serviceQuality } from './pages/service-quality.ts';
import { drawSummary } from './pages/summary.ts';
import { fillIn, reserve } from './pdf/structure.ts';
import { attach } from './pdf/document.ts';
import { createSheet, finish } from './pdf/sheet.ts';
import { type Snapshot, snapshotText } from './snapshot.ts';
import { wordsOf } from './words/index.ts';

export interface Drawn {
  readonly pdf: Buffer;
  /** The same, to be read in a browser. */
  readonly html: string;
  /** Characters of names that no font of the report has, as `U+1F600`. */
  readonly missingGlyphs: readonly string[];
}

/**
 * Draws the report of one month. Everything in it comes from the snapshot, so the same snapshot gives the same bytes.
 */
export async function drawReport(snapshot: Snapshot): Promise<Drawn> {
  const { customer, month, period, provider } = snapshot;
  const words = wordsOf(customer.language);
  const title = `${customer.name}: ${words.running(month)}`;
  const footer = words.footer(words.format.instant(period.end, period), reportingHosts(snapshot));
  const date = new Date(period.end * 1000);
  const sheet = createSheet({
    language: customer.language,
    title,
    author: provider,
    subject: words.subject(customer.name, month),
    date,
    running: {
      customer: customer.name,
      title: words.running(month),
      footer,
      page: words.page,
    },
  });
  const drawing: Drawing = { sheet, snapshot, words };
  const pages = [
    withServices(serviceQuality(drawing), drawing),
    protectionPage(drawing),
    governance(drawing),
  ].filter(({ rows }) => rows.length > 0);
  drawSummary(drawing, pages);
  const contents = reserve(sheet, 'Sect');
  for (const page of pages) setLeadershipPage(drawing, page);
  const places = annexes.flatMap((annex) =>
    (annex.isPresent?.(drawing) ?? true) ? [setAnnex(drawing, annex)] : [],
  );
  fillIn(sheet, contents, 1, () => drawContents(drawing, places));
  const [root] = sheet.reading.open;
  if (root === undefined) throw new Error('a report without anything to read');
  const html = htmlOf(root, { language: customer.language, title, footer }, measureOn(sheet));
  attach(sheet.document, {
    name: 'snapshot.json',
    content: snapshotText(snapshot),
    type: 'application/json',
    description: title,
    date,
  });
  const pdf = await finish(sheet);
  return { pdf, html, missingGlyphs: [...sheet.missingGlyphs].toSorted() };
}

function reportingHosts({
  indicators,
}: Snapshot): { readonly hosts: number; readonly of: number } | undefined {
  const end = indicators.find(({ id }) => id === 'host_reporting')?.atEnd;
  return end === null || end === undefined ? undefined : { hosts: end.compliant, of: end.expected };
}
