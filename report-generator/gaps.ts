import type { Indicator, Snapshot } from './snapshot.ts';

/** What a reader of the report should know is missing, and where to look: a line each. */
export function gapsOf({ indicators }: Snapshot, missingGlyphs: readonly string[]): readonly string[] {
  return [
    ...indicators.flatMap(gapOf),
    ...(missingGlyphs.length === 0 ? [] : [`characters the fonts lack: ${missingGlyphs.join(' ')}`]),
  ];
}

function gapOf({ id, verdict, reason, coverage }: Indicator): readonly string[] {
  if (verdict === 'none') {
    return [`${id}: no data, ${whyOf(reason)}`];
  }
  if (verdict !== 'unknown') return [];
  const objects = coverage.objects === null ? '' : `${percent(coverage.objects)} of the objects known, `;
  return [`${id}: unknown, ${objects}${percent(coverage.time)} of the month watched`];
}

function whyOf(reason: Indicator['reason']): string {
  if (reason === 'no_evaluations')
    return 'no rule was evaluated in the month. Did Prometheus run, and does it keep thirteen months?';
  if (reason === 'no_acknowledgements')
    return 'nobody is known to have taken an incident. Collect acknowledgements and give them with --acknowledgements.';
  return 'the rules ran and recorded nothing of it. Are the rules and the policy of the same version?';
}

/** Never rounded up: 99.96% known is not 100%. */
function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
}
