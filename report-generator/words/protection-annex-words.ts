import type { Gap } from '../facts/judged.ts';

/** The tables of the annexes A to D. */
export interface ProtectionAnnexWords {
  readonly unknown: string;
  /** Why something is not known, below the name of the host. */
  readonly gap: Readonly<Record<Gap, string>>;
  /** A host that must have something and shows none of it. */
  readonly missing: string;
  readonly none: string;
  readonly updates: {
    readonly lede: string;
    readonly heads: Readonly<
      Record<
        'host' | 'system' | 'support' | 'security' | 'standard' | 'restart' | 'deployment' | 'outcome',
        string
      >
    >;
    readonly ended: (date: string) => string;
    readonly noRestart: string;
    /** Of the outcomes the exporter tells; others are printed as they are. */
    readonly outcomes: Readonly<Record<string, string>>;
  };
  readonly backups: {
    readonly lede: string;
    readonly jobs: string;
    readonly restores: string;
    readonly noRestore: string;
    readonly heads: Readonly<
      Record<
        | 'host'
        | 'job'
        | 'tool'
        | 'critical'
        | 'runs'
        | 'success'
        | 'structure'
        | 'data'
        | 'restored'
        | 'at'
        | 'proof'
        | 'duration'
        | 'size'
        | 'result',
        string
      >
    >;
    readonly critical: string;
    readonly runs: (succeeded: number, due: number) => string;
    readonly never: string;
    readonly late: (days: number) => string;
    readonly left: (days: number) => string;
    readonly failed: string;
    readonly identical: string;
    readonly differs: string;
  };
  readonly disks: {
    readonly lede: string;
    readonly disks: string;
    readonly volumes: string;
    readonly retired: string;
    readonly heads: Readonly<
      Record<
        | 'host'
        | 'model'
        | 'serial'
        | 'modelAndSerial'
        | 'size'
        | 'health'
        | 'wear'
        | 'temperature'
        | 'reallocated'
        | 'pending'
        | 'selfTest'
        | 'finding'
        | 'volume'
        | 'level'
        | 'members'
        | 'scrub',
        string
      >
    >;
    readonly members: (whole: number, members: number) => string;
  };
  readonly antivirus: {
    readonly lede: string;
    readonly heads: Readonly<
      Record<'host' | 'product' | 'version' | 'definitions' | 'running' | 'age' | 'limit', string>
    >;
    readonly running: string;
    readonly stopped: string;
  };
}
