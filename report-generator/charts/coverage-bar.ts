import { hatch } from '../marks.ts';
import type { Scene } from '../scene.ts';
import { colour } from '../tokens.ts';

/** How much was known, beside the sentence that says it. @param share 0 to 1. */
export function coverageBar(share: number, width = 24, height = 4.5): Scene {
  // Below 1.5 pt neither part would be seen, and an unseen unknown looks like none.
  const known = share >= 1 ? width : Math.max(0, Math.min(width - 1.5, width * share));
  return {
    width,
    height,
    alt: '',
    items: [
      { kind: 'rect', x: 0, y: 0, width: known, height, fill: colour.ok },
      ...hatch(known, 0, width - known, height, { gap: 1.9 }),
    ],
  };
}
