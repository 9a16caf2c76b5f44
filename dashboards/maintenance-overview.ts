import { type Board, board } from './board.ts';
import { complianceTrend, controlsTable, kpi } from './maintenance-overview/controls.ts';
import { hostsNotReporting, unknowns, worstHosts } from './maintenance-overview/hosts.ts';
import { openAlerts } from './open-alerts.ts';

/** For leadership: is the estate maintained, where is it not, what do we not know. */
export const maintenanceOverview: Board = {
  uid: 'maintenance-overview',
  build: (policy) =>
    board({
      uid: 'maintenance-overview',
      title: 'Maintenance overview',
      description:
        'For leadership: is the estate maintained, where is it not, and what is not known. Unknown never counts as in order.',
      from: 'now-90d',
      refresh: '15m',
    })
      .withPanel(kpi(policy, 1, 'patch_security', 'Security updates in time'))
      .withPanel(kpi(policy, 2, 'backup', 'Backups in time'))
      .withPanel(kpi(policy, 3, 'av_protection', 'Antivirus running'))
      .withPanel(kpi(policy, 4, 'disk_health', 'Disks healthy'))
      .withPanel(controlsTable(policy))
      .withPanel(hostsNotReporting(policy))
      .withPanel(complianceTrend(policy, 7, 'Updates, trend', ['patch_security', 'patch_standard']))
      .withPanel(complianceTrend(policy, 8, 'Backups, trend', ['backup']))
      .withPanel(complianceTrend(policy, 9, 'Antivirus, trend', ['av_definitions', 'av_protection']))
      .withPanel(worstHosts(policy))
      .withPanel(unknowns(policy))
      .withPanel(openAlerts(policy, { id: 12, width: 24, height: 8 }))
      .build(),
};
