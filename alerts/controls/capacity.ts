import { firstOf, host, type TimeLeftControl } from '../control.ts';
import { recorded } from '../records.ts';

const used = recorded('object:maintenance_space_used:ratio');
const growth = recorded('object:maintenance_space_used:growth7d');
const full = recorded('maintenance:space_full_limit:ratio');
const week = 7 * 86_400;

/**
 * Each file system, thin pool and snapshot has room for longer than the limit, if it goes on as in the last week. Of one that is not
 * full and was not measured a week ago nothing can be told.
 */
export const capacity = {
  name: 'capacity',
  domain: 'storage',
  objects: 'file_system',
  judges: 'time_left',
  seen: `group by (${host}, object) (${used})`,
  until: firstOf(
    `(${used} >= on () group_left () ${full}) * 0 + time()`,
    `(${growth} <= 0) * 0 + Inf`,
    `(${used} * 0 + on () group_left () ${full} - ${used}) / (${growth} > 0) * ${week} + time()`,
  ),
  hostSourced: true,
  alert: {
    name: 'MaintenanceCapacityShort',
    summary: 'A file system or thin pool is full, or soon will be.',
    finding:
      '{{ $labels.object }} {{ if le $value 0.0 }}is full{{ else }}is full in {{ $value | humanizeDuration }} if it goes on as in the last week{{ end }}',
    firstStep: '`df -h` and `du -xh --max-depth=2` on the host show what grew',
  },
} as const satisfies TimeLeftControl;
