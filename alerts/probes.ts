import { matcherText } from '../exporter/metrics.ts';
import type { Policy } from './policy.ts';

/** Metrics of blackbox_exporter (prober/handler.go, prober/http.go). */
type ProbeMetric = 'probe_success' | 'probe_duration_seconds' | 'probe_ssl_earliest_cert_expiry';

type Probe = Policy['services'][string]['probe'];

/** PromQL: what blackbox_exporter says of a service, by the labels its probe has in the policy. */
export function vectorOfProbe(metric: ProbeMetric, { job, instance }: Probe): string {
  return `${metric}${matcherText({ job, instance })}`;
}

/** A group of targets as file_sd_configs of Prometheus reads it. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The services of the policy as targets of blackbox_exporter: deploy/prometheus/prometheus.yml reads them. */
export function probeTargets({ services }: Policy): readonly TargetGroup[] {
  return Object.entries(services).map(([object, { customer, probe }]) => ({
    targets: [probe.instance],
    labels: {
      job: probe.job,
      instance: probe.instance,
      customer,
      object,
      __param_module: probe.module,
    },
  }));
}
