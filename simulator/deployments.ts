import { starts, type Track, trackOf } from './track.ts';

/** What the log of the package manager says of runs that installed something. */
export interface Deployments {
  /** How many took effect, and when the newest of them ended, unix seconds. */
  readonly success: number;
  readonly lastSuccess: number | undefined;
  /** The same of those that wait for a reboot. */
  readonly waiting: number;
  readonly lastWaiting: number | undefined;
}

/** Runs over time; one that brought a kernel takes effect with the next boot. */
export function deployments(
  updates: readonly { readonly installed: number; readonly kernel: boolean }[],
  booted: Track<number>,
  start: number,
): Track<Deployments> {
  const boots = starts(booted);
  const runs = [...Map.groupBy(updates, ({ installed }) => installed)]
    .filter(([installed]) => Number.isFinite(installed))
    .map(([ended, installed]) => ({
      ended,
      effective: installed.some(({ kernel }) => kernel)
        ? (boots.find((boot) => boot > ended) ?? Infinity)
        : ended,
    }))
    .toSorted((a, b) => a.ended - b.ended);
  const changes = runs.flatMap(({ ended, effective }) => [ended, effective]);
  return trackOf(
    [start, ...changes.filter((instant) => instant > start && Number.isFinite(instant))],
    (instant) => {
      const done = runs.filter(({ effective }) => effective <= instant);
      const waiting = runs.filter(({ ended, effective }) => ended <= instant && effective > instant);
      return {
        success: done.length,
        lastSuccess: done.at(-1)?.ended,
        waiting: waiting.length,
        lastWaiting: waiting.at(-1)?.ended,
      };
    },
  );
}
