import { barmanResult } from './collectors/barman/result.ts';
import { borgResult } from './collectors/borg/result.ts';
import { borgmaticResult } from './collectors/borgmatic/result.ts';
import { pgbackrestResult } from './collectors/pgbackrest/result.ts';
import type { RunOutcome } from './job-record.ts';
import { dumpFileResult } from './collectors/dump/result.ts';
import { kopiaResult } from './collectors/kopia/result.ts';
import { resticResult } from './collectors/restic/result.ts';
import { rsnapshotResult } from './collectors/rsnapshot/result.ts';

/** A command that has ended. */
export interface EndedCommand {
  readonly argv: readonly string[];
  /** As a shell counts: 128 and the number of the signal when one ended it. */
  readonly exitCode: number;
  /** The end of what it printed. */
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command did for a backup job. */
export type BackupResult =
  | {
      readonly kind: 'run';
      readonly outcome: Exclude<RunOutcome, 'interrupted'>;
      /** Why it is not a success, one sentence. */
      readonly reason?: string | undefined;
      /** Source data it covered. */
      readonly bytes?: number | undefined;
      readonly addedBytes?: number | undefined;
      readonly files?: number | undefined;
    }
  | {
      readonly kind: 'check';
      readonly depth: 'structure' | 'data';
      readonly success: boolean;
      readonly reason?: string | undefined;
    }
  /** A check that could not look: it says nothing about the backup. */
  | { readonly kind: 'no_verdict'; readonly reason: string };

/** Understands what the commands of one tool print; undefined for any other command. */
export type Recogniser = (ended: EndedCommand) => BackupResult | undefined;

/** Every tool whose results are understood. A new one is its own file and one line here. */
const recognisers: readonly Recogniser[] = [
  resticResult,
  borgResult,
  borgmaticResult,
  pgbackrestResult,
  barmanResult,
  kopiaResult,
  rsnapshotResult,
  dumpFileResult,
];

/** What a command did, as its tool tells it; by its exit code alone where nobody here knows the tool. */
export function backupResult(ended: EndedCommand): BackupResult {
  for (const recognise of recognisers) {
    const result = recognise(ended);
    if (result !== undefined) return result;
  }
  if (ended.exitCode === 0) return { kind: 'run', outcome: 'success' };
  return { kind: 'run', outcome: 'failure', reason: `it ended with ${ended.exitCode}` };
}
