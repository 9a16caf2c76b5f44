import { always, hours, type Lasting, minutes, scraped, type Series, step, type Target } from './facts.ts';

/** Labels that tell one alert from another, without those every alert of the name has. */
export type Firing = Readonly<Record<string, string>>;

export interface AlertCase {
  readonly series: Series;
  /** Seconds from the start of the test; a multiple of the step. */
  readonly at: number;
  /** Alerts of this name that fire then. */
  readonly firing: readonly Firing[];
  /** Whole description of the first one. */
  readonly description?: string;
  /** Other alerts that fire then. */
  readonly beside?: readonly string[];
  /** With the services of the policy, or only with what is about their speed; in other cases it has none. */
  readonly services?: 'with' | 'speed';
}

export const caseNames = ['fires', 'silent', 'override', 'exporter dead', 'metric absent'] as const;
export type CaseName = (typeof caseNames)[number];
export type AlertCases = Readonly<Partial<Record<CaseName, readonly AlertCase[]>>>;

/** The host of most cases. */
export const app = { customer: 'acme', instance: 'app-1', role: 'server' } as const;
export const kiosk = { customer: 'acme', instance: 'kiosk-1', role: 'kiosk' } as const;
export const birch = { customer: 'birch', instance: 'pc-1', role: 'server' } as const;

/** The condition turns true three hours into the test; the alert has waited its 15 minutes at the next step. */
export const turns = 3 * hours;
export const fires = turns + 15 * minutes;
/** The exporter dies at six hours; what it said last still stands at 20 hours. */
export const alive: Lasting = { samples: 24 };
export const dead = 20 * hours;

export interface AgeTable {
  readonly control: string;
  readonly object?: string;
  /** Seconds. */
  readonly limit: number;
  readonly override: { readonly limit: number; readonly on: Target; readonly object?: string };
  /** Facts of an object whose clock started then (unix seconds; the test starts at 0). */
  readonly since: (start: number, lasting: Lasting, object?: string) => Series;
  readonly description: string;
}

/** The cases of a verdict that a host gives: 1 good, 0 not. */
export function verdictCases(
  told: (value: string | 0 | 1, lasting: Lasting) => Series,
  labels: Firing,
  description: string,
): AlertCases {
  const firing = [{ ...app, ...labels }];
  const turning = `1x${turns / step - 1} 0x${always}`;
  return {
    fires: [{ series: { ...scraped(), ...told(turning, {}) }, at: fires, firing, description }],
    silent: [
      { series: { ...scraped(), ...told(turning, {}) }, at: turns, firing: [] },
      { series: { ...scraped(), ...told(1, {}) }, at: dead, firing: [] },
    ],
    'exporter dead': [
      {
        series: { ...scraped(alive), ...told(0, alive) },
        at: dead,
        firing,
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  };
}

/** The five cases of a control that is judged by age. */
export function ageCases({ control, object, limit, override, since, description }: AgeTable): AlertCases {
  const firing = [{ ...app, control, ...(object === undefined ? {} : { object }) }];
  const overridden = override.object ?? object;
  const elsewhere = { ...override.on, control, ...(overridden === undefined ? {} : { object: overridden }) };
  const lasting: Lasting = { on: override.on };
  const up = { ...scraped(), ...scraped(lasting) };
  return {
    fires: [{ series: { ...up, ...since(turns - limit - 1, {}) }, at: fires, firing, description }],
    silent: [
      { series: { ...up, ...since(fires - limit, {}) }, at: fires, firing: [] },
      { series: { ...up, ...since(turns - limit - 1, {}) }, at: turns, firing: [] },
    ],
    override: [
      {
        series: { ...up, ...since(turns - limit - 1, lasting, override.object) },
        at: fires,
        firing: [],
      },
      {
        series: { ...up, ...since(turns - override.limit - 1, lasting, override.object) },
        at: fires,
        firing: [elsewhere],
      },
      {
        series: { ...up, ...since(fires - override.limit, lasting, override.object) },
        at: fires,
        firing: [],
      },
    ],
    'exporter dead': [
      {
        series: { ...scraped(alive), ...since(turns - limit - 1, alive) },
        at: dead,
        firing,
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  };
}

interface StateTable {
  readonly control: string;
  readonly object: string;
  /** Facts of an object in order (1) or not (0). */
  readonly state: (value: 0 | 1, lasting: Lasting) => Series;
  readonly description: string;
}

/** The cases of a control that is judged by a state: it has no limit to override. */
export function stateCases({ control, object, state, description }: StateTable): AlertCases {
  const firing = [{ ...app, control, object }];
  const bad = { from: turns / step };
  return {
    fires: [{ series: { ...scraped(), ...state(0, bad) }, at: fires, firing, description }],
    silent: [
      { series: { ...scraped(), ...state(0, bad) }, at: turns, firing: [] },
      { series: { ...scraped(), ...state(1, {}) }, at: fires, firing: [] },
    ],
    'exporter dead': [
      {
        series: { ...scraped(alive), ...state(0, alive) },
        at: dead,
        firing,
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  };
}
