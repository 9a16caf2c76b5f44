import type { Board } from './board.ts';
import { maintenanceHost } from './maintenance-host.ts';
import { maintenanceOverview } from './maintenance-overview.ts';

/** Every board. */
export const boards: readonly Board[] = [maintenanceOverview, maintenanceHost];
