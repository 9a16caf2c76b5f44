import type { MonthTruth } from '../../simulator/truth.ts';
import { type Check, none, noneReason, percent, same, watched } from './cell.ts';

export const opened: Check = (found, truth) => {
  const reason = noneReason(truth);
  if (reason !== undefined) return none(found, reason);
  const whole = truth.evaluations === truth.evaluations_expected;
  return {
    text: watched(found),
    lies: [
      ...same('value', found.value, truth.incidents.opened),
      ...(found.coverage.time === 1 && !whole ? ['an outage is not told'] : []),
    ],
  };
};

/** A mean in seconds over what ended in the month; of what nobody saw end two bounds are told, and the later one counts. */
function duration(
  of: (truth: MonthTruth) => { readonly mean: number | null; readonly count: number },
): Check {
  return (found, truth, { facts, period }) => {
    const reason = noneReason(truth);
    if (reason !== undefined) return none(found, reason);
    const { mean, count } = of(truth);
    if (mean === null) return none(found, 'nothing_happened');
    const { value, denominator } = found;
    const wanted = same('denominator', denominator, count);
    if (truth.incidents.ended_unseen === 0) {
      const off = value === null || Math.abs(value - mean) > 1e-6;
      return { text: watched(found), lies: [...wanted, ...(off ? [`${value} s, not ${mean} s`] : [])] };
    }
    const unsure = (facts.incidents?.list ?? []).reduce(
      (sum, { to, earliest }) =>
        sum + (to !== null && earliest !== null && to >= period.start ? to - earliest : 0),
      0,
    );
    const high = value ?? -Infinity;
    const low = high - unsure / count;
    const outside = mean < low - 1e-6 || mean > high + 1e-6 || unsure === 0;
    return {
      text: `${Math.round(low)}..${Math.round(high)} s (ended unseen)`,
      lies: [...wanted, ...(outside ? [`${mean} s is not in ${low} to ${high} s`] : [])],
    };
  };
}

export const resolve = duration(({ incidents: { mean_seconds_to_resolve: mean, resolved: count } }) => ({
  mean,
  count,
}));

type SlaClass = keyof MonthTruth['classes'];

export function resolveOf(slaClass: SlaClass): Check {
  return duration(({ classes }) => {
    const { mean_seconds_to_resolve: mean, resolved: count } = classes[slaClass];
    return { mean, count };
  });
}

export function respond(slaClass: SlaClass): Check {
  return (found, truth) => {
    const reason = noneReason(truth);
    if (reason !== undefined) return none(found, reason);
    const { answered, breached, unknown, mean_seconds_to_respond: mean } = truth.classes[slaClass];
    if (answered + breached + unknown === 0) return none(found, 'nothing_happened');
    if (mean === null) return none(found, 'no_acknowledgements');
    const off = found.value === null || Math.abs(found.value - mean) > 1e-6;
    const share = (answered + breached) / (answered + breached + unknown);
    return {
      text: unknown === 0 ? watched(found) : `= (${percent(share)} acknowledged)`,
      lies: [
        ...same('coverage of objects', found.coverage.objects, share),
        ...(off ? [`${found.value} s, not ${mean} s`] : []),
      ],
    };
  };
}

export function response(slaClass: SlaClass): Check {
  return (found, truth) => {
    const reason = noneReason(truth);
    if (reason !== undefined) return none(found, reason);
    const { answered, resolved_first: first, breached, unknown } = truth.classes[slaClass];
    const [met, decided] = [answered + first, answered + first + breached + unknown];
    if (decided === 0) return none(found, 'nothing_happened');
    return {
      text:
        unknown === 0
          ? watched(found)
          : `${percent(met / decided)}..${percent((met + unknown) / decided)} (not acknowledged)`,
      lies: [
        ...same('numerator and denominator', [found.numerator, found.denominator], [met, decided]),
        ...same('coverage of objects', found.coverage.objects, (met + breached) / decided),
      ],
    };
  };
}
