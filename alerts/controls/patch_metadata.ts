import { vector } from '../../exporter/metrics.ts';
import { type AgeControl, firstOf, past, perObject } from '../control.ts';

const object = 'manager';
const published = vector('maintenance_patch_metadata_timestamp_seconds');
const complete = vector('maintenance_patch_metadata_complete');
// They ask their store at every look and keep no lists that could grow old.
const live = vector('maintenance_patch_metadata_complete', { manager: ['snap', 'flatpak'] });

/**
 * What the package manager knows of updates is recent. Of several repositories the newest counts: the main one of a stable
 * Debian is months old by design, and one that moves proves that lists arrive. One that was never fetched is never in order.
 */
export const patchMetadata = {
  name: 'patch_metadata',
  domain: 'updates',
  objects: 'package_manager',
  judges: 'age',
  seen: perObject('group', object, firstOf(published, `(${complete} unless ${live})`)),
  since: firstOf(
    `(${perObject('min', object, complete)} == 0) - Inf`,
    perObject('max', object, past(published)),
  ),
  hostSourced: true,
  alert: {
    name: 'MaintenancePackageListsStale',
    summary: 'Package lists are older than the policy allows, so they may hide updates.',
    finding:
      '{{ if gt $value 1e12 }}{{ $labels.object }} never fetched the lists of at least one of its repositories{{ else }}the newest package lists of {{ $labels.object }} were published {{ $value | humanizeDuration }} ago{{ end }}',
    firstStep:
      '{{ if eq $labels.object "apt" }}`apt-get update`{{ else }}renew the lists of {{ $labels.object }}{{ end }} on the host, and read what it says',
  },
} as const satisfies AgeControl;
