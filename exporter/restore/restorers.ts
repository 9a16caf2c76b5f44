import type { Restorer } from './restorer.ts';
import { barman } from './barman.ts';
import { borg } from './borg.ts';
import { borgmatic } from './borgmatic.ts';
import { dump } from './dump.ts';
import { kopia } from './kopia.ts';
import { pgbackrest } from './pgbackrest.ts';
import { restic } from './restic.ts';

/** Every tool that can be restored from. A new one is its own file and one line here; any job can name a command instead. */
export const restorers: readonly Restorer[] = [restic, borg, borgmatic, pgbackrest, barman, kopia, dump];
