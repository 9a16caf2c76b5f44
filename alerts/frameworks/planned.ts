/**
 * Controls that frameworks ask for and that alerts/controls.ts may not have yet. What rests on one that is not there is not
 * assessed; once it is there, it counts without a change here.
 */
export const plannedControls = {
  av_realtime: 'real-time protection is on',
  av_scan: 'the last full scan for malware is recent',
  capacity: 'no file system will soon be full',
  certificate: 'no certificate soon expires',
  change_recorded: 'no version, package or configuration changed without a record',
  disk_encryption: 'volumes are encrypted',
  evidence_log: 'the hash chain of the evidence log is whole',
  exceptions_current: 'no exception of the policy is past its end',
  firewall: 'every profile of the firewall is on',
  hardening: 'settings are as the baseline wants them',
  incident_sla: 'incidents are answered and resolved in the agreed time',
  licence: 'no licence is expired or soon will be',
  monitoring_pipeline: 'rules are evaluated and notifications arrive',
  privileged_accounts: 'no more privileged accounts than approved',
  report_delivery: 'the monthly report was delivered',
  time_sync: 'the clock is synchronised',
  warranty: 'no warranty is expired or soon will be',
} as const;
export type PlannedControl = keyof typeof plannedControls;

/** What only a person can confirm: objects of the control `tasks`, where the policy has a task of the name. */
export const personTasks = {
  access_review: 'accounts and rights of every system compared with what is approved',
  advisory_review: 'the channels that tell of vulnerabilities are still the right ones',
  alert_review: 'the alerts of the week looked at, thresholds adjusted',
  backup_plan_review: 'what is backed up compared with the inventory; retention, copies elsewhere, keys',
  capacity_review: 'the forecast compared with the plans, purchases decided',
  change_review: 'every change has a record of who, why and how it ended',
  config_review: 'configurations compared with the baseline',
  continuity_test: 'the recovery plan exercised, the time it took compared with the objective',
  effectiveness_review: 'judged whether the measures work',
  encryption_review: 'algorithms, keys, recovery keys and certificates looked at',
  equipment_review: 'hardware looked at: fans, UPS, service dates',
  failover_test: 'the redundant part really switched',
  firewall_review: 'inbound rules: who owns them, why, and which were removed',
  identity_review: 'every identity has an owner; leavers are disabled',
  incident_drill: 'the incident procedure exercised',
  incident_review: 'every incident has a cause, a lesson and an owner',
  inventory_review: 'the inventory compared with reality',
  log_review: 'logs looked at, failed logins judged',
  logging_scope_review: 'what must log compared with the inventory',
  management_review: 'management saw the report and decided',
  recurring_incident_review: 'incidents grouped by cause',
  runbook_review: 'runbooks are still right',
  software_review: 'unneeded and unsupported software removed, licences counted',
  supplier_review: 'results and incidents discussed with suppliers',
} as const;
export type PersonTask = keyof typeof personTasks;

/** Whether a piece of evidence is a task of people. */
export function isPersonTask(name: string): name is PersonTask {
  return Object.hasOwn(personTasks, name);
}
