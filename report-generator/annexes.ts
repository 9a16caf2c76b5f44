import type { Annex } from './pages/annex.ts';
import { antivirusAnnex } from './pages/antivirus-annex.ts';
import { backupsAnnex } from './pages/backups-annex.ts';
import { disksAnnex } from './pages/disks-annex.ts';
import { changeLogAnnex } from './pages/change-log.ts';
import { controlMatrixAnnex } from './pages/control-matrix.ts';
import { exceptionsAnnex } from './pages/exceptions.ts';
import { hostsAnnex } from './pages/hosts.ts';
import { incidentRegister } from './pages/incident-register.ts';
import { methodAnnex } from './pages/method.ts';
import { slaLedger } from './pages/sla-ledger.ts';
import { trendsAnnex } from './pages/trends.ts';
import { updatesAnnex } from './pages/updates-annex.ts';

/** The annexes the report has, in the order of their letters. */
export const annexes: readonly Annex[] = [
  updatesAnnex,
  backupsAnnex,
  disksAnnex,
  antivirusAnnex,
  slaLedger,
  incidentRegister,
  changeLogAnnex,
  controlMatrixAnnex,
  hostsAnnex,
  exceptionsAnnex,
  methodAnnex,
  trendsAnnex,
];
