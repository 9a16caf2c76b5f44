import type { Restorer } from './restorer.ts';
import { restic } from './restic.ts';

/** Every tool that can be restored from. A new one is its own file and one line here; any job can name a command instead. */
export const restorers: readonly Restorer[] = [restic];
