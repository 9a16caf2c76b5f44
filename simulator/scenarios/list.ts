import { calendars } from './calendars.ts';
import { combinations } from './combinations.ts';
import { faultsAlone } from './faults-alone.ts';
import { fleets } from './fleets.ts';
import { outages } from './outages.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario that `npm run simulate -- --scenario` plays and the report is proved with. */
export const scenarios: readonly Scenario[] = [
  ...faultsAlone,
  ...combinations,
  ...calendars,
  ...outages,
  ...fleets,
];
