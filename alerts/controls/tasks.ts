import type { AgeControl } from '../control.ts';

const strangers = String.raw`{{ range $i, $sample := query (printf "group by (task) (maintenance_task_last_confirmed_timestamp_seconds{customer=%q}) unless on (task) label_replace(maintenance:task:info, \"task\", \"$1\", \"object\", \"(.+)\")" $labels.customer) | sortByLabel "task" }}{{ if $i }}, {{ else }}; confirmed and unknown to the policy: {{ end }}{{ $sample.Labels.task }}{{ end }}`;

/**
 * What people have to do is done in time. The policy lists the tasks of each customer, and any host of the customer may hold
 * the confirmation: alerts/task-records.ts finds them, as series without instance and role.
 */
export const tasks = {
  name: 'tasks',
  domain: 'watching',
  objects: 'task',
  judges: 'age',
  // What there is to do is in the policy, and which objects there are with it.
  seen: '',
  since: '',
  hostSourced: false,
  alert: {
    name: 'MaintenanceTaskOverdue',
    summary: 'A task of people was not confirmed in time.',
    finding: `{{ if gt $value 1e12 }}task {{ $labels.object }} of {{ $labels.owner }} was never confirmed, or not done the last time{{ else }}nobody has confirmed task {{ $labels.object }} of {{ $labels.owner }} as done for {{ $value | humanizeDuration }}{{ end }}${strangers}`,
    firstStep: 'do it, then `maintenance-exporter confirm {{ $labels.object }}` on a host of the customer',
  },
} as const satisfies AgeControl;
