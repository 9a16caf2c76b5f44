import type { MetricName } from '../../exporter/metrics.ts';
import { nested } from '../control.ts';

/** A rule that records a fact of our catalogue from what another exporter says, so that controls judge it like any other. */
export interface MappingRule {
  readonly record: MetricName;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Only targets that belong to a customer: facts without one belong to nobody. */
export const owned = 'customer!=""';

/**
 * PromQL: one series per job of a cluster, the greatest value where several pods tell one. A pod that is restarted has another
 * address, so the cluster stands for the instance: its label `cluster`, or `kubernetes` where Prometheus adds none.
 * @param job what its name is made of: labels, the expression they must fit, joined by `;`, and the name.
 */
export function perJob(
  selector: string,
  job: { readonly from: readonly string[]; readonly fits: string; readonly name: string },
): string {
  // Two pods that only differ in their address would become the same series, which is an error.
  const once = `max by (customer, role, cluster, ${job.from.join(', ')}) (${selector})`;
  const sources = job.from.map((label) => `"${label}"`).join(', ');
  const joined = call('label_join', once, `"backup_job", ";", ${sources}`);
  const named = call('label_replace', joined, `"backup_job", "${job.name}", "backup_job", "${job.fits}"`);
  const somewhere = call('label_replace', named, '"instance", "kubernetes", "", ""');
  const there = call('label_replace', somewhere, '"instance", "$1", "cluster", "(.+)"');
  return `max by (customer, instance, role, backup_job) (${nested(there)})`;
}

/** PromQL: a function of a vector and further arguments. */
export function call(name: string, expression: string, options: string): string {
  return `${name}(${nested(`${expression},\n${options}`)})`;
}

/** Textfiles of node_exporter outlive the script that wrote them: what is older than this, in seconds, is unknown. */
const oldestTextfile = 26 * 3600;

/**
 * PromQL, per customer and instance: the textfiles with such names are fresh, all of them.
 * @param names regular expression for the names of the files.
 */
export function freshTextfile(names: string): string {
  const changed = `min by (customer, instance) (node_textfile_mtime_seconds{file=~"(?i:.*/)?(?i:${names})[.]prom",${owned}})`;
  return `(time() - ${changed} < ${oldestTextfile})`;
}
