import type { Kpi } from '../kpi.ts';
import { attainmentOf, decidedIn, type SlaClass, tallyOf } from '../responses.ts';
import { incidentKpi, nothing } from './incidents.ts';

/**
 * Share of the incidents of a class that were answered in time, or over before they had to be. Of those decided in the
 * month; what nobody is known to have answered counts against it.
 */
export function responseInTime(slaClass: SlaClass): Kpi {
  return incidentKpi({
    id: `response_${slaClass}`,
    unit: 'ratio',
    better: 'high',
    countOf: ({ answers, period }) => {
      const own = answers.filter((incident) => incident.slaClass === slaClass);
      const tally = tallyOf(own, period);
      const { worst } = attainmentOf(tally);
      const { answered, resolvedFirst, breached, unknown } = tally;
      const met = answered + resolvedFirst;
      const decided = met + breached + unknown;
      if (worst === null) return nothing;
      return { value: worst, numerator: met, denominator: decided, known: (met + breached) / decided };
    },
    targetOf: ({ sla_classes }) => sla_classes[slaClass].target,
  });
}

/**
 * Mean time from an incident to the first person who takes it, on the clock of the class, over those decided in the month
 * that somebody is known to have taken.
 */
export function timeToRespond(slaClass: SlaClass): Kpi {
  return incidentKpi({
    id: `time_to_respond_${slaClass}`,
    unit: 'seconds',
    better: 'low',
    countOf: ({ answers, period }) => {
      const own = answers.filter((incident) => incident.slaClass === slaClass);
      const asked = decidedIn(own, period).filter(({ basis }) => basis !== 'resolved_first');
      const known = asked.flatMap(({ answer }) => (answer === null ? [] : [answer.seconds]));
      if (asked.length === 0) return nothing;
      if (known.length === 0) return { ...nothing, reason: 'no_acknowledgements', known: 0 };
      const sum = known.reduce((total, seconds) => total + seconds, 0);
      return {
        value: sum / known.length,
        numerator: sum,
        denominator: known.length,
        known: known.length / asked.length,
      };
    },
    targetOf: ({ sla_classes }) => sla_classes[slaClass].response,
  });
}
