import { z } from 'zod';
import { problemOf, type Host, type Problem } from '../../collector.ts';
import type { Evidence } from '../../evidence.ts';
import { sample, type Sample } from '../../metrics.ts';

const outcomes = ['success', 'partial', 'failure', 'pending_reboot'] as const;
export type Outcome = (typeof outcomes)[number];

/** A package that a deployment changed or tried to. */
export interface DeployedPackage {
  readonly name: string;
  /** Undefined when it was not installed before, or the log does not tell. */
  readonly from?: string | undefined;
  /** Undefined when it was removed. */
  readonly to?: string | undefined;
  /** Whether the log says that this one failed. */
  readonly failed?: boolean | undefined;
}

/** One run of a package manager that changed packages or tried to, as its log tells. Never a dry run. */
export interface Deployment {
  /** Unix seconds. */
  readonly started: number;
  /** Unix seconds; undefined when the log does not say. */
  readonly ended?: number | undefined;
  /** As the log says; whether it waits for a reboot is decided here. A run that is still under way is left out until it ends. */
  readonly outcome: 'success' | 'partial' | 'failure';
  readonly packages: readonly DeployedPackage[];
  /** User or service that started it, where the log tells. */
  readonly actor?: string | undefined;
  /** Command line or client, where the log tells. */
  readonly command?: string | undefined;
  /** Unique within the manager where the log numbers its runs; the start time and the packages otherwise. */
  readonly number?: string | undefined;
}

export interface DeploymentLog {
  /** Label of the package manager; its state is `<manager>-deployments`. */
  readonly manager: string;
  /** File or command the deployments were read from. */
  readonly source: string;
  /** Whether a change of this package takes effect only with a reboot; none does unless told. */
  readonly needsReboot?: ((packageName: string) => boolean) | undefined;
  /** When the host was started, unix seconds; undefined when unknown, and then nothing is called pending_reboot. */
  readonly booted: number | undefined;
}

const stateSchema = z.object({
  format: z.literal(1),
  /** Deployments on record by id: when they ended, and whether they still wait for a reboot. */
  recorded: z.record(z.string(), z.object({ ended: z.number(), waits: z.boolean() })),
  totals: z.partialRecord(z.enum(outcomes), z.number()),
  last: z.partialRecord(z.enum(outcomes), z.number()),
});
type Ledger = z.infer<typeof stateSchema>;

const mostRecorded = 10_000;

/** Whether a document of the state is a whole ledger, so that the logs behind it need not be read again. */
export function isLedger(document: unknown): boolean {
  return stateSchema.safeParse(document).success;
}

/**
 * Puts deployments that are not on record yet into the evidence file and counts them. Logs rotate; what was counted stays
 * counted. One that changed packages which need a reboot is `pending_reboot` until the host starts again, then `success` too.
 */
export async function recordDeployments(
  host: Host,
  deployments: readonly Deployment[],
  log: DeploymentLog,
): Promise<{ readonly samples: readonly Sample[]; readonly problems: readonly Problem[] }> {
  const state = `${log.manager}-deployments`;
  const problems: Problem[] = [];
  let ledger: Ledger = { format: 1, recorded: {}, totals: {}, last: {} };
  try {
    const remembered = await host.state.read(state);
    problems.push(...remembered.problems);
    const parsed = stateSchema.safeParse(remembered.document);
    if (parsed.success) ledger = parsed.data;
    else if (remembered.document !== undefined)
      problems.push({
        reason: 'state_unreadable',
        message: `the state ${state} is not what this exporter writes; deployments are counted anew from the logs that are left`,
      });
    const { next, evidence } = bringUpToDate(ledger, deployments, log);
    if (evidence.length > 0 || problems.length > 0) {
      // Evidence first: a record that is there twice is better than one that is missing.
      await host.evidence(evidence);
      await host.state.write(state, next);
    }
    return { samples: ledgerSamples(next, log.manager), problems };
  } catch (error) {
    return { samples: ledgerSamples(ledger, log.manager), problems: [...problems, problemOf(error)] };
  }
}

function bringUpToDate(ledger: Ledger, deployments: readonly Deployment[], log: DeploymentLog) {
  const recorded = { ...ledger.recorded };
  const totals = { ...ledger.totals };
  const last = { ...ledger.last };
  const evidence: Evidence[] = [];
  const count = (outcome: Outcome, at: number) => {
    totals[outcome] = (totals[outcome] ?? 0) + 1;
    last[outcome] = Math.max(last[outcome] ?? 0, at);
  };
  for (const [id, entry] of Object.entries(recorded)) {
    if (!entry.waits || log.booted === undefined || log.booted <= entry.ended) continue;
    recorded[id] = { ...entry, waits: false };
    count('success', log.booted);
    evidence.push(takenEffect(id, log.booted, log));
  }
  for (const deployment of deployments.toSorted((a, b) => a.started - b.started)) {
    const id = idOf(deployment, log.manager);
    if (Object.hasOwn(recorded, id)) continue;
    const ended = deployment.ended ?? deployment.started;
    const outcome = outcomeOf(deployment, ended, log);
    recorded[id] = { ended, waits: outcome === 'pending_reboot' };
    count(outcome, ended);
    evidence.push(evidenceOf(deployment, id, outcome, log));
  }
  return { next: { format: 1 as const, recorded: newest(recorded), totals, last }, evidence };
}

/** Logs are rotated away long before this many runs; what is in none of them need not be told apart any more. */
function newest(recorded: Ledger['recorded']): Ledger['recorded'] {
  const entries = Object.entries(recorded);
  if (entries.length <= mostRecorded) return recorded;
  return Object.fromEntries(entries.toSorted(([, a], [, b]) => b.ended - a.ended).slice(0, mostRecorded));
}

function outcomeOf({ outcome, packages }: Deployment, ended: number, log: DeploymentLog): Outcome {
  if (outcome !== 'success' || log.booted === undefined || log.booted > ended) return outcome;
  return packages.some(({ name, to }) => to !== undefined && log.needsReboot?.(name) === true)
    ? 'pending_reboot'
    : 'success';
}

function idOf({ number, started, packages, command = '' }: Deployment, manager: string): string {
  const names = packages.map(({ name, to = '' }) => `${name}=${to}`).toSorted();
  return `${manager} ${new Date(started * 1000).toISOString()} ${number ?? digest([command, ...names].join('\n'))}`;
}

/** A short number for a text (32-bit FNV-1a): it only tells deployments of the same second apart. */
function digest(text: string): string {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function evidenceOf(deployment: Deployment, id: string, outcome: Outcome, log: DeploymentLog): Evidence {
  const { started, ended, packages, actor, command } = deployment;
  return {
    kind: 'patch_deployment',
    id,
    at: isoTime(ended ?? started),
    outcome,
    ...(actor === undefined ? {} : { actor }),
    tool: log.manager,
    source: log.source,
    details: {
      started: isoTime(started),
      ...(ended === undefined ? {} : { ended: isoTime(ended) }),
      ...(command === undefined ? {} : { command }),
      packages,
    },
  };
}

function takenEffect(id: string, booted: number, log: DeploymentLog): Evidence {
  return {
    kind: 'patch_deployment',
    id: `${id} effective`,
    at: isoTime(booted),
    outcome: 'success',
    tool: log.manager,
    source: 'start time of the host',
    details: { deployment: id },
  };
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** All four outcomes, so that a first failure is an increase from 0; the log was read, so 0 was counted. */
function ledgerSamples({ totals, last }: Ledger, manager: string): readonly Sample[] {
  return outcomes.flatMap((outcome) => {
    const at = last[outcome];
    return [
      sample('maintenance_patch_deployments_total', { manager, outcome }, totals[outcome] ?? 0),
      ...(at === undefined
        ? []
        : [sample('maintenance_patch_last_deployment_timestamp_seconds', { manager, outcome }, at)]),
    ];
  });
}
