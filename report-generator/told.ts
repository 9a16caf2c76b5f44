import { exitCodes, type Outcome } from './outcome.ts';

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
  const { customer, files, gaps, notes, said = [], refusal, unsent } = outcome;
  const about = many || quiet ? `${customer}: ` : '';
  const missing = gaps.map((gap) => `${many || quiet ? `${customer}: gap: ` : 'Gap: '}${gap}`);
  return {
    out: quiet ? [] : [...files, ...missing, ...said],
    error: [
      ...notes.map((note) => `${about}${note}`),
      ...(quiet ? missing : []),
      ...(refusal === undefined
        ? []
        : [many ? `${customer}: no report: ${refusal}` : `No report: ${refusal}`]),
      ...(unsent === undefined ? [] : [`${many ? `${customer}: not sent` : 'Not sent'}: ${unsent}`]),
    ],
  };
}

/** The end of a run over several customers: how many of each kind, and whom to look at. */
export function tellAll(outcomes: readonly Outcome[]): string {
  const named = (what: string, is: (outcome: Outcome) => boolean): readonly string[] => {
    const customers = outcomes.filter(is).map(({ customer }) => customer);
    return customers.length === 0 ? [] : [`${customers.length} ${what} (${customers.join(', ')})`];
  };
  return `Reports: ${[
    ...named('whole', ({ exitCode }) => exitCode === exitCodes.whole),
    ...named('with gaps', ({ exitCode }) => exitCode === exitCodes.gaps),
    ...named('not sent', ({ unsent }) => unsent !== undefined),
    ...named('not written', ({ refusal }) => refusal !== undefined),
  ].join(', ')}.`;
}
