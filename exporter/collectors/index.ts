import type { Collector } from '../collector.ts';
import { apk } from './apk.ts';
import { apt } from './apt.ts';
import { asset } from './asset.ts';
import { barman } from './barman.ts';
import { borg } from './borg.ts';
import { borgmatic } from './borgmatic.ts';
import { btrfs } from './btrfs.ts';
import { btrfsVolume } from './btrfs_volume.ts';
import { clamav } from './clamav.ts';
import { debsecan } from './debsecan.ts';
import { dnf } from './dnf.ts';
import { dnf5 } from './dnf5.ts';
import { dump } from './dump.ts';
import { flatpak } from './flatpak.ts';
import { fwupd } from './fwupd.ts';
import { grype } from './grype.ts';
import { host } from './host.ts';
import { journal } from './journal.ts';
import { kopia } from './kopia.ts';
import { lvm } from './lvm.ts';
import { md } from './md.ts';
import { osSupport } from './os_support.ts';
import { pacman } from './pacman.ts';
import { pbs } from './pbs.ts';
import { pgbackrest } from './pgbackrest.ts';
import { reboot } from './reboot.ts';
import { restic } from './restic.ts';
import { rsnapshot } from './rsnapshot.ts';
import { run } from './run.ts';
import { smartctl } from './smartctl.ts';
import { snap } from './snap.ts';
import { softwareupdate } from './softwareupdate.ts';
import { storageSpaces } from './storage_spaces.ts';
import { storcli } from './storcli.ts';
import { task } from './task.ts';
import { trivy } from './trivy.ts';
import { veeam } from './veeam.ts';
import { windowsBackup } from './windows_backup.ts';
import { windowsUpdate } from './windows_update.ts';
import { zfs } from './zfs.ts';
import { zfsPool } from './zfs_pool.ts';
import { zypper } from './zypper.ts';

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
  borg,
  borgmatic,
  pgbackrest,
  barman,
  pbs,
  veeam,
  windowsBackup,
  kopia,
  rsnapshot,
  zfs,
  btrfs,
  dump,
  run,
  clamav,
  smartctl,
  md,
  lvm,
  btrfsVolume,
  zfsPool,
  storcli,
  storageSpaces,
  journal,
  asset,
  task,
  host,
];
