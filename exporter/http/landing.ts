import type { CollectorStatus } from '../scheduler.ts';

/** The start page: what runs here, when it last answered, and why it could not. */
export function landingPage(
  statuses: readonly CollectorStatus[],
  {
    telemetryPath,
    version,
    now,
  }: { readonly telemetryPath: string; readonly version: string; readonly now: number },
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Maintenance exporter</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; color: #16222e; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; border-top: 3px solid #1b4f7a; padding-top: 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #e2e6e9 }
th { font-weight: 600 }
a { color: #1b4f7a }
.ok { color: #1b7350 } .bad { color: #b0261c } .none { color: #63707c }
td:nth-child(2) { white-space: nowrap }
.note { color: #45525e; font-size: .9rem; font-weight: 400 }
</style>
</head>
<body>
<h1>Maintenance exporter</h1>
<p>States facts about the maintenance of this host. Version ${escape(version)}.</p>
<p><a href="${escape(telemetryPath)}">Metrics</a> · <a href="/-/healthy">Healthy</a> · <a href="/-/ready">Ready</a></p>
<table>
<thead><tr><th scope="col">Collector</th><th scope="col">Last run</th><th scope="col">Result</th></tr></thead>
<tbody>
${statuses.map((status) => row(status, now)).join('\n')}
</tbody>
</table>
<p class="note">What a collector cannot tell is absent from the metrics, never 0.</p>
</body>
</html>
`;
}

function row({ job, last }: CollectorStatus, now: number): string {
  const { name, summary } = job.collector;
  return `<tr><th scope="row">${escape(name)}<br><span class="note">${escape(summary)}</span></th>${
    last === undefined
      ? '<td>not yet</td><td class="none">– Running for the first time</td>'
      : `<td>${ago(now - last.ended)}<br><span class="note">took ${last.duration.toFixed(1)} s</span></td><td>${verdict(last)}</td>`
  }</tr>`;
}

function verdict({ samples, problems }: NonNullable<CollectorStatus['last']>): string {
  const count = `${samples.length} ${samples.length === 1 ? 'fact' : 'facts'}`;
  if (problems.length === 0)
    return `<span class="ok">✓ Answered</span><br><span class="note">${count}</span>`;
  const reasons = problems.map(
    ({ reason, message }) =>
      `<span class="bad">✗ ${escape(reason)}</span><br><span class="note">${escape(message)}</span>`,
  );
  return `${reasons.join('<br>')}<br><span class="note">${count}</span>`;
}

function ago(seconds: number): string {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
