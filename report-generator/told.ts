import { exitCodes, type Outcome } from './batch.ts';

/** What an operator is told of a run: lines for standard output, and lines for standard error. */
export interface Told {
  readonly out: readonly string[];
  readonly error: readonly string[];
}

/**
 * Of one report: its files, its gaps, or why there is none.
 * @param quiet says nothing of what went well; gaps then are lines of standard error, so that cron mails them.
 */
export function tellOne(
  outcome: Outcome,
  { quiet, many }: { readonly quiet: boolean; readonly many: boolean },
): Told {
  const { customer, files, gaps, notes, refusal } = outcome;
  const about = many || quiet ? `${customer}: ` : '';
  const missing = gaps.map((gap) => `${many || quiet ? `${customer}: gap: ` : 'Gap: '}${gap}`);
  return {
    out: quiet ? [] : [...files, ...missing],
    error: [
      ...notes.map((note) => `${about}${note}`),
      ...(quiet ? missing : []),
      ...(refusal === undefined
        ? []
        : [many ? `${customer}: no report: ${refusal}` : `No report: ${refusal}`]),
    ],
  };
}

/** The end of a run over several customers: how many of each kind, and whom to look at. */
export function tellAll(outcomes: readonly Outcome[]): string {
  const named = (code: Outcome['exitCode'], what: string): readonly string[] => {
    const customers = outcomes.filter(({ exitCode }) => exitCode === code).map(({ customer }) => customer);
    return customers.length === 0 ? [] : [`${customers.length} ${what} (${customers.join(', ')})`];
  };
  return `Reports: ${[
    ...named(exitCodes.whole, 'whole'),
    ...named(exitCodes.gaps, 'with gaps'),
    ...named(exitCodes.refused, 'not written'),
  ].join(', ')}.`;
}
