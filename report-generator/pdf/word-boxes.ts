interface Box {
  readonly page: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly word: string;
}

/** @param xhtml what `pdftotext -bbox` prints. */
export function boxesOf(xhtml: string): readonly Box[] {
  return xhtml.split('<page ').flatMap((part, page) =>
    [
      ...part.matchAll(
        /<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)<\/word>/g,
      ),
    ].map(([, left, top, right, bottom, word = '']) => ({
      page,
      left: Number(left),
      right: Number(right),
      top: Number(top),
      bottom: Number(bottom),
      word,
    })),
  );
}

/** Pairs of words that share more than a hair: their boxes reach above and below the letters, so those are drawn in first. */
export function overlaps(boxes: readonly Box[]): readonly string[] {
  const hair = 0.8;
  const core = boxes.map((box) => {
    const inset = (box.bottom - box.top) * 0.28;
    return { ...box, top: box.top + inset, bottom: box.bottom - inset };
  });
  return core.flatMap((a, index) =>
    core
      .slice(index + 1)
      .filter(
        (b) =>
          a.page === b.page &&
          Math.min(a.right, b.right) - Math.max(a.left, b.left) > hair &&
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > hair,
      )
      .map((b) => `page ${a.page}: ${a.word} / ${b.word}`),
  );
}
