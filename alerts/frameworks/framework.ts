import type { ControlName } from '../controls.ts';
import type { PersonTask, PlannedControl } from './planned.ts';

/** Kinds of devices that a requirement can be about; `device_roles` of the policy says which roles they are. */
export const deviceKinds = ['endpoint', 'network'] as const;
export type DeviceKind = (typeof deviceKinds)[number];

/** A control or a person's task that a requirement rests on, or a part of it. */
export interface Evidence {
  readonly control: ControlName | PlannedControl | PersonTask;
  /** Only this object of the control. */
  readonly object?: string;
  /** Only devices of this kind. */
  readonly device?: DeviceKind;
  /** A number of the framework itself: judged by age, never by the limit of the policy, and no exception counts. */
  readonly maxAge?: `${number}h` | `${number}d`;
}

export interface Requirement {
  /** As the framework numbers it; ours where it has no numbers. */
  readonly id: string;
  /** What it is about, in our own words. */
  readonly about: string;
  /** How much of it the evidence can show at best. */
  readonly reach: 'most' | 'part';
  /** All of it must be in order. */
  readonly essential: readonly [Evidence, ...Evidence[]];
  /** What is not in order here makes it partly. */
  readonly supporting?: readonly Evidence[];
  /** An assessment fails by this alone. */
  readonly failsAlone?: true;
}

/** One framework: what of it maintenance can show. */
export interface Framework {
  readonly name: string;
  readonly title: string;
  /** What its parts are called. */
  readonly unit: string;
  /** How many parts it has; those that are not listed are not about maintenance. */
  readonly total: number;
  /** Whether what the policy excepts, with an owner and an end, counts as in order. */
  readonly honoursExceptions: boolean;
  /** Shares of what is expected. Without `fixed` the policy may set others. */
  readonly shares: {
    /** In order, for met. */
    readonly met: number;
    /** In order, for partly. */
    readonly partly: number;
    /** Known, for anything else than met to be said while some is unknown. */
    readonly known: number;
    readonly fixed?: true;
  };
  readonly requirements: readonly Requirement[];
}

/** The label value of a piece of evidence: `backup`, `hardening_ssh_root_login`, `patch_security_14d`. */
export function evidenceName({ control, object, device, maxAge }: Evidence): string {
  return [control, object, device, maxAge].filter((part) => part !== undefined).join('_');
}

/** What a requirement rests on, essential or not. */
export function evidenceOf({ essential, supporting = [] }: Requirement): readonly Evidence[] {
  return [...essential, ...supporting];
}
