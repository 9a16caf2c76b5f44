import type { Collector } from '../collector.ts';
import { apt } from './apt.ts';
import { clamav } from './clamav.ts';
import { dnf } from './dnf.ts';
import { dnf5 } from './dnf5.ts';
import { host } from './host.ts';
import { osSupport } from './os_support.ts';
import { reboot } from './reboot.ts';
import { restic } from './restic.ts';
import { smartctl } from './smartctl.ts';

/** Every collector, in the order of the docs. A new one is its own file and one line here. */
export const collectors: readonly Collector[] = [apt, dnf, dnf5, reboot, osSupport, restic, clamav, smartctl, host];
