import { spellEn } from './en-count.ts';
import type { IncidentIndicatorId } from './incident-words.ts';
import type { IndicatorWords } from './words.ts';

const noObject = (): string => '';
const late = (which: string) => (count: number) =>
  `${spellEn(count)} ${which} ${count === 1 ? 'incident' : 'incidents'} not known to be answered in time`;

export const incidentIndicatorsEn: Readonly<Record<IncidentIndicatorId, IndicatorWords>> = {
  incidents_opened: {
    label: 'Incidents opened',
    head: 'Incidents',
    name: 'incidents opened',
    counts:
      'Critical and warning alerts that began to fire in the month and that no other alert explains; gaps of up to 15 minutes are part of one incident.',
    open: noObject,
  },
  time_to_resolve: {
    label: 'Mean time to resolve',
    head: 'Time to resolve',
    name: 'mean time to resolve',
    counts: 'Mean time from the first firing to the end, over the incidents that ended in the month.',
    open: noObject,
  },
  time_to_resolve_urgent: {
    label: 'Mean time to resolve, urgent',
    head: 'Resolve, urgent',
    name: 'mean time to resolve urgent incidents',
    counts: 'Mean time from the first firing to the end, over the urgent incidents that ended in the month.',
    open: noObject,
  },
  time_to_resolve_standard: {
    label: 'Mean time to resolve, standard',
    head: 'Resolve, standard',
    name: 'mean time to resolve standard incidents',
    counts:
      'Mean time from the first firing to the end, nights and weekends included, over the standard incidents that ended in the month.',
    open: noObject,
  },
  time_to_respond_urgent: {
    label: 'Mean time to respond, urgent',
    head: 'Respond, urgent',
    name: 'mean time to respond to urgent incidents',
    counts:
      'Mean time on the contract clock from an urgent incident to the first person known to have taken it. Known: share of the incidents that had to be taken.',
    open: noObject,
    nothing: 'No incident had to be answered',
  },
  time_to_respond_standard: {
    label: 'Mean time to respond, standard',
    head: 'Respond, standard',
    name: 'mean time to respond to standard incidents',
    counts:
      'Mean time on the contract clock from a standard incident to the first person known to have taken it. Known: share of the incidents that had to be taken.',
    open: noObject,
    nothing: 'No incident had to be answered',
  },
  response_urgent: {
    label: 'Urgent incidents answered in time',
    head: 'Answered, urgent',
    name: 'urgent incidents answered in time',
    counts:
      'Urgent incidents that somebody took before the deadline, or that were over before it, of those decided in the month.',
    open: late('urgent'),
    nothing: 'No incident had to be answered',
  },
  response_standard: {
    label: 'Standard incidents answered',
    head: 'Answered, standard',
    name: 'standard incidents answered in time',
    counts:
      'Standard incidents that somebody took before the deadline, or that were over before it, of those decided in the month.',
    open: late('standard'),
    nothing: 'No incident had to be answered',
  },
};
