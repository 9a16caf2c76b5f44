import { type Labels, vector } from '../../exporter/metrics.ts';
import { firstOf, host, nested, past, perObject } from '../control.ts';

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
  const sees = perObject('group', object, pending);
  if (updates !== 'security')
    return {
      seen: sees,
      // What is known to be pending stays so, however old the lists are.
      since: firstOf(without(`(${none} == 0) + Inf`, outdated), without(some, undated)),
    };

  // A security update is open whether the package manager would install it or was told to leave it alone.
  const held = vector('maintenance_patches_held', { class: updates });
  const heldSince = past(vector('maintenance_patch_oldest_held_timestamp_seconds', { class: updates }));
  const someHeld = perObject('min', object, `${heldSince}\nand on (${host}, manager)\n(${held} > 0)`);
  const heldUndated = perObject('group', object, `(${held} > 0)\nunless on (${host}, manager)\n${heldSince}`);
  const isHeld = perObject('group', object, `${held} > 0`);
  return {
    seen: sees,
    since: firstOf(
      without(`(${none} == 0) + Inf`, firstOf(outdated, isHeld)),
      without(eitherMin(some, someHeld), firstOf(undated, heldUndated)),
    ),
  };
}

/** PromQL: the first without the objects of the second. */
function without(expression: string, objects: string): string {
  return `(${nested(expression)} unless on (${host}, object) (${nested(objects)}))`;
}

/** PromQL: the smaller of two per object; a label keeps `or` from dropping the second of an object that has both. */
function eitherMin(first: string, second: string): string {
  return `min by (${host}, object) (${nested(firstOf(marked(first, 'pending'), marked(second, 'held')))})`;
}

function marked(expression: string, part: string): string {
  return `label_replace(${nested(`${expression},\n"part", "${part}", "", ""`)})`;
}
