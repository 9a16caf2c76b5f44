import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { RestoreTestSettings } from '../collectors/backup/job.ts';
import { CollectorError } from '../collector.ts';
import { errorCode } from '../error-code.ts';
import { localHost } from '../host.ts';
import { appendEvidence } from '../evidence.ts';
import { type RestoreTestRecord, updateRecord } from '../job-record.ts';
import { runLimited } from './limited-run.ts';
import { RestoreError, type RestoreFailure } from './failure.ts';
import { requireSuccess, type Restorer } from './restorer.ts';
import { type Verified, verifyRestored } from './verify.ts';

export interface RestoreTest {
  /** Name of the job. */
  readonly name: string;
  /** The collector that declares it, for the evidence. */
  readonly tool: string;
  readonly job: Readonly<Record<string, unknown>>;
  readonly test: RestoreTestSettings;
  /** Undefined where the job names a command instead. */
  readonly restorer: Restorer | undefined;
  readonly stateDirectory: string;
  /** Unix seconds. */
  readonly now: () => number;
  /** Stops the test: it cleans up and gives no verdict. */
  readonly signal: AbortSignal;
}

/** How a restore test ended. */
export type RestoreVerdict =
  | {
      readonly success: true;
      /** Seconds the restore took. */
      readonly duration: number;
      readonly verified: Verified;
    }
  | { readonly success: false; readonly reason: RestoreFailure; readonly message: string };

/**
 * Restores a job for real into a folder of its own, compares what came back, removes the folder, and puts the verdict on
 * record and into the evidence.
 * @throws Error when it cannot be recorded or cleaned up: a verdict nobody sees is none.
 */
export async function restoreTest(asked: RestoreTest): Promise<RestoreVerdict> {
  const started = asked.now();
  const verdict = await attempt(asked);
  const ended = asked.now();
  await updateRecord(asked.stateDirectory, asked.name, (record) => {
    const last = verdict.success ? ended : record.restore_test?.last_success;
    const entry: RestoreTestRecord = {
      at: ended,
      success: verdict.success,
      ...(verdict.success
        ? { duration: verdict.duration, bytes: verdict.verified.bytes }
        : { reason: `${verdict.reason}: ${verdict.message}` }),
      ...(last === undefined ? {} : { last_success: last }),
    };
    return { ...record, restore_test: entry };
  });
  await appendEvidence(asked.stateDirectory, [evidenceOf(asked, verdict, started, ended)], ended);
  return verdict;
}

async function attempt({
  name,
  job,
  test,
  restorer,
  stateDirectory,
  now,
  signal,
}: RestoreTest): Promise<RestoreVerdict> {
  let scratch: string | undefined;
  try {
    scratch = await makeScratch(name, test);
    const run = runLimited({
      scratch,
      deadline: Date.now() + test.timeout * 1000,
      maximumBytes: test.maximum_bytes,
      signal,
    });
    const host = localHost({ stateDirectory, signal });
    const began = now();
    if (test.command !== undefined) {
      const [tool = '', ...args] = test.command;
      requireSuccess(await run(tool, args), 'the restore command');
    } else await restorer?.restore({ job, test, scratch, host, run });
    const duration = now() - began;
    const verified = await verifyRestored(scratch, test, now());
    if (test.check !== undefined) {
      const [tool = '', ...args] = test.check;
      const { exitCode, stdout, stderr } = await run(tool, args);
      if (exitCode !== 0)
        throw new RestoreError(
          'check_failed',
          `the check ended with ${exitCode}: ${`${stdout}\n${stderr}`.trim().slice(-300)}`,
        );
    }
    return { success: true, duration, verified };
  } catch (error) {
    if (signal.aborted)
      throw new Error('the restore test was stopped; nothing is on record of it', { cause: error });
    if (error instanceof RestoreError)
      return { success: false, reason: error.reason, message: error.message };
    if (error instanceof CollectorError)
      return { success: false, reason: 'restore_failed', message: error.message };
    throw error;
  } finally {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** @throws RestoreError no_space when there is less room than the test may take, or no directory. */
async function makeScratch(
  name: string,
  { scratch_directory: parent, maximum_bytes: needed }: RestoreTestSettings,
) {
  try {
    const { bavail, bsize } = await statfs(parent);
    if (bavail * bsize < needed)
      throw new RestoreError(
        'no_space',
        `${parent} has ${bavail * bsize} bytes free, and restore_test.maximum_bytes asks for ${needed}`,
      );
    return await mkdtemp(join(parent, `restore-test-${name.replaceAll(/[^A-Za-z0-9_-]/g, '_')}-`));
  } catch (error) {
    if (error instanceof RestoreError) throw error;
    throw new RestoreError(
      'no_space',
      `the scratch directory ${parent} cannot be used (${errorCode(error) ?? String(error)}); correct restore_test.scratch_directory`,
      { cause: error },
    );
  }
}

function evidenceOf(asked: RestoreTest, verdict: RestoreVerdict, started: number, ended: number) {
  const { name, tool, test } = asked;
  return {
    kind: 'restore_test' as const,
    id: `${name} ${isoTime(started)}`,
    at: isoTime(ended),
    outcome: verdict.success ? 'success' : 'failure',
    tool,
    source: 'maintenance-exporter restore-test',
    details: {
      job: name,
      started: isoTime(started),
      include: test.include,
      ...(verdict.success
        ? {
            duration_seconds: verdict.duration,
            bytes: verdict.verified.bytes,
            files: verdict.verified.files,
            compared_sha256: verdict.verified.digest ?? 'nothing was compared but the number of files',
          }
        : { reason: verdict.reason, message: verdict.message }),
    },
  };
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
