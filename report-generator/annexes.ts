import type { Annex } from './pages/annex.ts';
import { hostsAnnex } from './pages/hosts.ts';
import { incidentRegister } from './pages/incident-register.ts';
import { methodAnnex } from './pages/method.ts';
import { slaLedger } from './pages/sla-ledger.ts';
import { trendsAnnex } from './pages/trends.ts';

/** The annexes the report has, in the order of their letters. */
export const annexes: readonly Annex[] = [slaLedger, incidentRegister, hostsAnnex, methodAnnex, trendsAnnex];
