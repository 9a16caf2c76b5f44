import { type Labels, vector } from '../../exporter/metrics.ts';
import { firstOf, host, past, perHost, perObject, nested, without } from '../control.ts';

const object = 'manager';

/**
 * Lists that no repository has renewed for two weeks say nothing about today: "0 pending" from them is unknown. Not a
 * limit of the policy but the end of what the fact can tell; Debian and Ubuntu publish security and updates within days,
 * and many repositories (Ubuntu's, for one) have no Valid-Until by which the package manager itself would notice.
 */
const listsTellFor = 14 * 86_400;

type PatchClass = Labels<'maintenance_patches_held'>['class'];

/**
 * Nothing pending proves nothing where the vendor makes no updates any more. What is known to be pending stays so, and what
 * does not come from the vendor of the system (applications, firmware) is not concerned.
 */
const unsupported = perObject(
  'group',
  object,
  `${vector('maintenance_patches_pending', { class: ['security', 'standard'] })}\nand on (${host})\n(${perHost('max', vector('maintenance_os_support_end_timestamp_seconds'))} <= time())`,
);

/** How controls over pending updates of these classes see and judge a package manager. */
export function pendingUpdates(classes: readonly [PatchClass, ...PatchClass[]]): {
  readonly seen: string;
  readonly since: string;
  readonly atLeast: string;
} {
  const updates = classes.length === 1 ? classes[0] : classes;
  const pending = vector('maintenance_patches_pending', { class: updates });
  const oldest = past(vector('maintenance_patch_oldest_pending_timestamp_seconds', { class: updates }));
  const each = `on (${host}, manager, class, severity)`;
  const none = perObject('sum', object, pending);
  const some = perObject('min', object, `${oldest}\nand ${each}\n(${pending} > 0)`);
  // An update of unknown age may be the oldest one: then the age is unknown, not that of the others.
  const undated = perObject('group', object, `(${pending} > 0)\nunless ${each}\n${oldest}`);
  const lists = perObject('max', object, vector('maintenance_patch_metadata_timestamp_seconds'));
  const worthless = firstOf(`(${lists} < time() - ${listsTellFor})`, unsupported);
  const sees = perObject('group', object, pending);
  const match = { class: updates, basis: 'first_seen' } as const;
  const atLeast = perObject(
    'group',
    object,
    firstOf(
      vector('maintenance_patch_oldest_pending_timestamp_seconds', match),
      vector('maintenance_patch_oldest_held_timestamp_seconds', match),
    ),
  );
  if (!classes.includes('security'))
    return {
      seen: sees,
      atLeast,
      // What is known to be pending stays so, however old the lists are.
      since: firstOf(without(`(${none} == 0) + Inf`, worthless), without(some, undated)),
    };

  // A security update is open whether the package manager would install it or was told to leave it alone.
  const held = vector('maintenance_patches_held', { class: updates });
  const heldSince = past(vector('maintenance_patch_oldest_held_timestamp_seconds', { class: updates }));
  const someHeld = perObject('min', object, `${heldSince}\nand on (${host}, manager)\n(${held} > 0)`);
  const heldUndated = perObject('group', object, `(${held} > 0)\nunless on (${host}, manager)\n${heldSince}`);
  const isHeld = perObject('group', object, `${held} > 0`);
  return {
    seen: sees,
    atLeast,
    since: firstOf(
      without(`(${none} == 0) + Inf`, firstOf(worthless, isHeld)),
      without(eitherMin(some, someHeld), firstOf(undated, heldUndated)),
    ),
  };
}

/** PromQL: the smaller of two per object; a label keeps `or` from dropping the second of an object that has both. */
function eitherMin(first: string, second: string): string {
  return `min by (${host}, object) (${nested(firstOf(marked(first, 'pending'), marked(second, 'held')))})`;
}

function marked(expression: string, part: string): string {
  return `label_replace(${nested(`${expression},\n"part", "${part}", "", ""`)})`;
}

/** Go template: how to see what waits, for the package manager the alert is about. */
export const listUpdates = [
  ['apt', 'apt list --upgradable'],
  ['dnf', 'dnf updateinfo list'],
  ['dnf5', 'dnf5 advisory list'],
  ['zypper', 'zypper list-patches'],
  ['apk', 'apk list --upgradable'],
  ['pacman', 'pacman -Qu'],
  ['windows_update', 'Settings, Windows Update'],
  ['softwareupdate', 'softwareupdate --list'],
  ['snap', 'snap refresh --list'],
  ['flatpak', 'flatpak remote-ls --updates'],
  ['fwupd', 'fwupdmgr get-updates'],
]
  .map(([manager = '', command = ''], index) => {
    const condition = `${index === 0 ? 'if' : 'else if'} eq $labels.object "${manager}"`;
    return `{{ ${condition} }}\`${command}\``;
  })
  .concat('{{ else }}the updates of {{ $labels.object }}{{ end }}')
  .join('');
