import type { Finding } from './findings.ts';
import { valueAt } from './track.ts';
import { lastSeen, type Life, type ProofName } from './world.ts';

/** A job is there as long as the exporter names it; its restore points only while the repository can be read. */
export function backup(life: Life, instant: number): Finding[] {
  const named = lastSeen(life.up, instant);
  if (named === undefined) return [];
  const read = lastSeen(life.exposed.restic, instant);
  return life.jobs
    .filter(({ job }) => job.since <= named)
    .map(({ job, states }) => {
      const state = read === undefined ? undefined : valueAt(states, read);
      const age = state && instant - (state.lastSuccess ?? -Infinity);
      return { object: job.name, known: read === instant, age };
    });
}

/**
 * Checks and restore tests are on record, so they are told also while the repository cannot be read; that there was none is not.
 * Where the role does not ask for them, a job without any is not there.
 */
export function proven(life: Life, instant: number, asked: boolean, name: ProofName): Finding[] {
  const named = lastSeen(life.up, instant);
  if (named === undefined) return [];
  return life.jobs.flatMap(({ job, proofs, proofTold }): Finding[] => {
    if (job.since > named || (!asked && valueAt(proofs[name], named) === undefined)) return [];
    const at = lastSeen(proofTold[name], instant);
    if (at === undefined) return [{ object: job.name, known: false }];
    const proof = valueAt(proofs[name], at);
    const age = proof?.success === true ? instant - proof.at : Infinity;
    return [{ object: job.name, known: at === instant, age }];
  });
}
