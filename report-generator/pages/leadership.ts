import { headline, para } from '../pdf/blocks.ts';
import { destination } from '../pdf/links.ts';
import { addPage, bookmark } from '../pdf/sheet.ts';
import { group, leaf, measureOnly } from '../pdf/structure.ts';
import { put } from '../pdf/text.ts';
import { densities, type Density, grid, page } from '../tokens.ts';
import type { Drawing } from './drawing.ts';

/** A part of a leadership page from `y` on, at a density; returns its bottom. Sections beside each other are one row. */
export type PageRow = (drawing: Drawing, y: number, density: Density) => number;

export interface LeadershipPage {
  /** In the bookmark, above the headline and, with "continued", in the running head. */
  readonly section: string;
  /** Draws from the top of the page; returns where the rows begin. */
  readonly head: (drawing: Drawing, density: Density) => number;
  readonly rows: readonly PageRow[];
  readonly bottom?: number;
}

/** Blocks start on multiples of this many points below the page's top. */
const step = 4;
const mostAir = 8;

interface Layout {
  readonly density: Density;
  readonly gap: number;
  /** Rows that begin a continuation page. */
  readonly breaks: ReadonlySet<number>;
}

/** How many pages it takes. */
export function pagesOf(drawing: Drawing, wanted: LeadershipPage): number {
  return 1 + layoutOf(drawing, wanted).breaks.size;
}

/**
 * Sets a page at the first density at which it fits and shares what is left among the gaps. What does not even fit at the
 * closest goes to a continuation page: nothing ever collides.
 */
export function setLeadershipPage(drawing: Drawing, wanted: LeadershipPage): void {
  const { sheet, words } = drawing;
  const { section, head, rows } = wanted;
  const { density, gap, breaks } = layoutOf(drawing, wanted);
  addPage(sheet, section);
  bookmark(sheet, section);
  destination(sheet, section, 74);
  group(sheet, 'Sect', () => {
    let y = head(drawing, density);
    for (const [index, row] of rows.entries()) {
      const at = breaks.has(index)
        ? addPage(sheet, words.sections.continued(section))
        : onStep(y + (index === 0 ? 0 : gap));
      y = row(drawing, at, density);
    }
  });
}

function layoutOf(drawing: Drawing, { head, rows, bottom = page.bottom }: LeadershipPage): Layout {
  return measureOnly(drawing.sheet, () => {
    const lengthAt = (density: Density, gap: number): number =>
      rows.reduce(
        (y, row, index) => row(drawing, onStep(y + (index === 0 ? 0 : gap)), density),
        head(drawing, density),
      );
    const [open] = densities;
    const density = densities.find((each) => lengthAt(each, each.gap) <= bottom) ?? densities.at(-1) ?? open;
    const airs = Array.from({ length: mostAir }, (_, index) => mostAir - index);
    const gap = density.gap + (airs.find((air) => lengthAt(density, density.gap + air) <= bottom) ?? 0);
    const breaks = new Set<number>();
    let y = head(drawing, density);
    for (const [index, row] of rows.entries()) {
      let at = onStep(y + (index === 0 ? 0 : gap));
      if (index > 0 && row(drawing, at, density) > bottom + 0.5) {
        breaks.add(index);
        at = page.top;
      }
      y = row(drawing, at, density);
    }
    return { density, gap, breaks };
  });
}

/** The head of every page but the first: section, the finding, and a paragraph; either text may be empty. */
export function titled(
  section: string,
  finding: string,
  lede: string,
): (drawing: Drawing, density: Density) => number {
  return ({ sheet }, density) => {
    leaf(sheet, 'P', () => put(sheet, section, grid.left, 74, 'kicker'));
    const top = headline(sheet, finding, grid.left, 79, grid.width, 'title', 17) + 3;
    const bottom = lede === '' ? top : para(sheet, lede, grid.left, top, grid.width, density.lede);
    return onStep(bottom + density.gap);
  };
}

function onStep(y: number): number {
  return page.top + Math.ceil((y - page.top) / step) * step;
}
