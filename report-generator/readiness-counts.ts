import type { FrameworkReadiness, RequirementVerdict } from './facts/readiness.ts';

export type ReadinessCounts = Readonly<Record<RequirementVerdict | 'in_scope', number>>;

/** How many requirements of these frameworks have which verdict; in scope is all that is applicable. */
export function readinessCounts(
  frameworks: readonly Pick<FrameworkReadiness, 'requirements'>[],
): ReadinessCounts {
  const all = frameworks.flatMap(({ requirements }) => requirements);
  const count = (wanted: RequirementVerdict): number =>
    all.filter(({ verdict }) => verdict === wanted).length;
  const [met, partly, not_met, not_assessed] = [
    count('met'),
    count('partly'),
    count('not_met'),
    count('not_assessed'),
  ];
  return {
    met,
    partly,
    not_met,
    not_assessed,
    not_applicable: count('not_applicable'),
    in_scope: met + partly + not_met + not_assessed,
  };
}
