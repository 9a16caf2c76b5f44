import { formatsOf } from '../format.ts';
import type { GovernanceWords } from './governance-words.ts';

const { number } = formatsOf('en');
const s = (count: number): string => (count === 1 ? '' : 's');

export const governanceAnnexEn: Pick<GovernanceWords, 'matrix' | 'exceptions'> = {
  matrix: {
    lede: 'What each requirement asks for in our words, and what maintenance shows of it at the last evaluation of the month. Met: everything essential and supporting is in order. Not assessed: what is known does not tell. The age is that of what is open longest, or was done longest ago. Recorded series: customer:maintenance_requirement_verdict:last and customer:maintenance_evidence_ok:sum, by framework, requirement and evidence.',
    heads: {
      id: 'No.',
      about: 'What is asked',
      evidence: 'Evidence: in order of expected',
      age: 'Age',
      result: 'Result',
    },
    result: {
      met: 'Met',
      partly: 'Partly',
      not_met: 'Not met',
      not_assessed: 'Not assessed',
      not_applicable: 'Not applicable',
    },
    evidence: (name, ok, expected, known) =>
      ok === null || expected === null
        ? `${name}: none`
        : `${name} ${number(ok)} of ${number(expected)}${known === null || known >= expected ? '' : ` (${number(expected - known)} unknown)`}`,
    supporting: (text) => `supporting: ${text}`,
    about: (about) => about,
  },
  exceptions: {
    lede: 'What is out of order, known, and accepted by a person until a day. It stays expected, nobody is alerted, and it counts again by itself when it is over. Cyber Essentials honours none of them.',
    none: 'No exception held in the month, and no risk was accepted.',
    heads: {
      control: 'Control',
      covers: 'What it covers',
      reason: 'Reason',
      owner: 'Accepted by',
      from: 'From',
      expires: 'Until',
      state: 'State',
    },
    state: { live: 'holds', ended: 'ended', ahead: 'begins later' },
    everything: 'everything',
    covered: (count) => `${number(count)} object${s(count)} at month end`,
  },
};
