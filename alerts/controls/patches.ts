import { type Labels, vector } from '../../exporter/metrics.ts';
import { firstOf, host, past, perObject } from '../control.ts';

const object = 'manager';

/**
 * Lists that no repository has renewed for two weeks say nothing about today: "0 pending" from them is unknown. Not a
 * limit of the policy but the end of what the fact can tell; Debian and Ubuntu publish security and updates within days,
 * and many repositories (Ubuntu's, for one) have no Valid-Until by which the package manager itself would notice.
 */
const listsTellFor = 14 * 86_400;

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
  const lists = perObject('max', object, vector('maintenance_patch_metadata_timestamp_seconds'));
  const outdated = `(${lists} < time() - ${listsTellFor})`;
  // Nothing pending beside a held security update is not "nothing open": how long that one has been out is not known here.
  const held = perObject('sum', object, vector('maintenance_patches_held', { class: 'security' }));
  const untold = updates === 'security' ? firstOf(outdated, `(${held} > 0)`) : outdated;
  return {
    seen: perObject('group', object, pending),
    // What is known to be pending stays so, however old the lists are.
    since: firstOf(
      `((${none} == 0) + Inf unless on (${host}, object) (${untold}))`,
      `(${some} unless ${undated})`,
    ),
  };
}
