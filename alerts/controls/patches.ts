import { type Labels, vector } from '../../exporter/metrics.ts';
import { firstOf, host, past, perObject } from '../control.ts';

const object = 'manager';

/** How controls over pending updates of one class see and judge a package manager. */
export function pendingUpdates(updates: Labels<'maintenance_patches_held'>['class']): {
  readonly seen: string;
  readonly since: string;
} {
  const pending = vector('maintenance_patches_pending', { class: updates });
  const oldest = past(vector('maintenance_patch_oldest_pending_timestamp_seconds', { class: updates }));
  const each = `on (${host}, manager, severity)`;
  const none = perObject('sum', object, pending);
  const some = perObject('min', object, `${oldest}\nand ${each}\n(${pending} > 0)`);
  // An update of unknown age may be the oldest one: then the age is unknown, not that of the others.
  const undated = perObject('group', object, `(${pending} > 0)\nunless ${each}\n${oldest}`);
  return {
    seen: perObject('group', object, pending),
    since: firstOf(`(${none} == 0) + Inf`, `(${some} unless ${undated})`),
  };
}
