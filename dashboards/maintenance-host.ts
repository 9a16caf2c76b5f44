import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { type Board, board } from './board.ts';
import { antivirus, definitionsTrend } from './maintenance-host/antivirus.ts';
import { backups, backupTrend } from './maintenance-host/backups.ts';
import { collectors, hostControls } from './maintenance-host/controls.ts';
import { contracts } from './maintenance-host/contracts.ts';
import { disks, diskTrend } from './maintenance-host/disks.ts';
import { fileSystems, freeTrend } from './maintenance-host/file-systems.ts';
import { logins } from './maintenance-host/logins.ts';
import { support } from './maintenance-host/support.ts';
import { packageLists, patches, pendingTrend, reboot } from './maintenance-host/updates.ts';
import { volumes } from './maintenance-host/volumes.ts';
import { openAlerts } from './open-alerts.ts';

/** For operators: what is out of order on this host, since when, and what its tools say. */
export const maintenanceHost: Board = {
  uid: 'maintenance-host',
  build: (policy) =>
    board({
      uid: 'maintenance-host',
      title: 'Maintenance host',
      description:
        'For operators: everything judged on the hosts picked, with its age and limit, and the facts behind it. Pick one instance to read it as the board of that host.',
      from: 'now-30d',
      refresh: '5m',
    })
      .withPanel(hostControls(policy))
      .withPanel(openAlerts(policy, { id: 2, width: 12, height: 8 }))
      .withPanel(collectors(policy))
      .withRow(new RowBuilder('Updates and reboot').id(10))
      .withPanel(patches(policy))
      .withPanel(packageLists(policy))
      .withPanel(pendingTrend(policy))
      .withPanel(reboot(policy))
      .withPanel(support(policy))
      .withRow(new RowBuilder('Backups').id(20))
      .withPanel(backups(policy))
      .withPanel(backupTrend(policy))
      .withRow(new RowBuilder('Antivirus').id(30))
      .withPanel(antivirus(policy))
      .withPanel(definitionsTrend(policy))
      .withRow(new RowBuilder('Disks, volumes and file systems').id(40))
      .withPanel(disks(policy))
      .withPanel(volumes(policy))
      .withPanel(diskTrend(policy))
      .withPanel(fileSystems(policy))
      .withPanel(freeTrend(policy))
      .withRow(new RowBuilder('Logins and contracts').id(50))
      .withPanel(logins(policy))
      .withPanel(contracts(policy))
      .build(),
};
