import type { Collector } from '../collector.ts';
import { apk } from './apk.ts';
import { apt } from './apt.ts';
import { clamav } from './clamav.ts';
import { debsecan } from './debsecan.ts';
import { dnf } from './dnf.ts';
import { dnf5 } from './dnf5.ts';
import { flatpak } from './flatpak.ts';
import { fwupd } from './fwupd.ts';
import { grype } from './grype.ts';
import { host } from './host.ts';
import { osSupport } from './os_support.ts';
import { pacman } from './pacman.ts';
import { reboot } from './reboot.ts';
import { restic } from './restic.ts';
import { smartctl } from './smartctl.ts';
import { softwareupdate } from './softwareupdate.ts';
import { snap } from './snap.ts';
import { trivy } from './trivy.ts';
import { zypper } from './zypper.ts';
import { windowsUpdate } from './windows_update.ts';

/** Every collector, in the order of the docs. A new one is its own file and one line here. */
export const collectors: readonly Collector[] = [
  apt,
  dnf,
  dnf5,
  zypper,
  apk,
  pacman,
  fwupd,
  flatpak,
  snap,
  windowsUpdate,
  softwareupdate,
  reboot,
  osSupport,
  debsecan,
  trivy,
  grype,
  restic,
  clamav,
  smartctl,
  host,
];
