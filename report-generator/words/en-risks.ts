import { capital } from './capital.ts';
import { countEn, listEn } from './en-count.ts';
import type { RiskWords } from './risk-words.ts';

export const risksEn: RiskWords = {
  risks: 'Largest risks',
  noRisks: 'Of what is known, nothing is past a limit or about to be.',
  noRisksKnown: 'Everything is known, and nothing is past a limit or about to be.',
  nothingKnown: 'Not known: nothing could be judged at the end of the month. Restore monitoring first.',
  decisions: 'Decisions we ask you for',
  noDecisions: 'None this month.',
  expiring: (jobs, date) =>
    jobs === 1
      ? `The proof of one restore expires on ${date}`
      : `The proofs of ${countEn(jobs, 'backup_job')} expire from ${date} on`,
  consequence: {
    watching: 'What is not seen cannot be kept in order',
    updates: 'Known faults stay open to attack',
    backups: 'What is lost now may not come back',
    protection: 'An attack may go unnoticed',
    storage: 'A failure may stop the system or lose data',
    services: 'Users may not be able to work',
    agreements: 'What was promised may not be kept',
  },
  expiringConsequence: 'After that nobody knows whether it can be restored',
  places: (names, more) => (more === 0 ? listEn(names) : `${names.join(', ')} and ${more} more`),
  impact: { high: 'High impact', medium: 'Medium impact', low: 'Low impact' },
  until: (who, date) => `${who} · by ${date}`,
  answerBy: (who, date) => `${who} · answer by ${date}`,
  comment: (signed) => `Comment by ${capital(signed)}`,
};
