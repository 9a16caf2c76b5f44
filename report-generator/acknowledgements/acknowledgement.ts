import { allMatch, type Labels, type Matcher } from '../../alerts/matchers.ts';

/**
 * Somebody took an alert. Prometheus cannot know it, and Alertmanager has no such thing (alertmanager#1860): it comes from
 * people, by a file or by a silence.
 */
export interface Acknowledgement {
  /** The alerts that are meant: all must hold of the labels of one, `alertname` included. */
  readonly matchers: readonly Matcher[];
  /** Unix seconds. */
  readonly at: number;
  /** A name, as its source has it; nobody proves it. */
  readonly by: string;
  /** Where it was made: `alertmanager`, or whatever the file says. */
  readonly source: string;
}

/** One place that acknowledgements come from. A ticket system or a pager is one more file that gives this. */
export interface AcknowledgementSource {
  /** Everything it still knows, in any order. @throws Error that says what to do, when it cannot tell. */
  readonly read: () => Promise<readonly Acknowledgement[]>;
}

/** All of several sources, oldest first; what two of them know is there once. */
export async function readAcknowledgements(
  sources: readonly AcknowledgementSource[],
): Promise<readonly Acknowledgement[]> {
  const found = (await Promise.all(sources.map((source) => source.read()))).flat();
  const once = new Map(found.map((one) => [keyOf(one), one]));
  return [...once.values()].toSorted(
    (one, other) => one.at - other.at || (keyOf(one) < keyOf(other) ? -1 : 1),
  );
}

/** Two with the same key are the same. */
export function keyOf({ matchers, at, by }: Acknowledgement): string {
  const texts = matchers.map(({ name, operator, value }) => JSON.stringify([name, operator, value]));
  return JSON.stringify([at, by, ...texts.toSorted()]);
}

/**
 * The first that answers an alert which fired at `fired` and was over at `to`. One made before it fired, or after it was
 * over, is about another time.
 * @param acknowledgements oldest first.
 * @param before only what was known by then, unix seconds.
 */
export function firstAnswer(
  acknowledgements: readonly Acknowledgement[],
  { labels, fired, to }: { readonly labels: Labels; readonly fired: number; readonly to: number | undefined },
  before: number,
): Acknowledgement | undefined {
  const last = to ?? Infinity;
  for (const one of acknowledgements) {
    if (one.at >= before || one.at > last) return undefined;
    if (one.at >= fired && allMatch(one.matchers, labels)) return one;
  }
  return undefined;
}
