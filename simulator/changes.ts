import { listsPublished } from './package-lists.ts';
import type { PlayedControl } from './played.ts';
import { supportChanges } from './support.ts';
import { edges, starts } from './track.ts';
import { tellsAsOf } from './vulnerabilities.ts';
import type { Life, PendingName, ProofName } from './world.ts';

/** When a host may show something else of a control, and when clocks of its objects start. */
export const changes: Readonly<
  Record<
    PlayedControl,
    (life: Life) => { readonly shown: readonly number[]; readonly clocks: readonly number[] }
  >
> = {
  host_reporting: ({ up }) => ({ shown: starts(up), clocks: [] }),
  patch_security: (life) => patchChanges(life, 'security'),
  patch_standard: (life) => patchChanges(life, 'standard'),
  patch_firmware: firmwareChanges,
  patch_slip: (life) => {
    const [apt, fwupd] = [patchChanges(life, 'any'), firmwareChanges(life)];
    return { shown: [...apt.shown, ...fwupd.shown], clocks: [...apt.clocks, ...fwupd.clocks] };
  },
  patch_metadata: ({ lists, exposed }) => ({
    shown: [...starts(lists.told), ...starts(exposed.fwupd), ...edges([...lists.stale, ...lists.outdated])],
    // Lists that are renewed are never late.
    clocks: lists.stale.map(({ from }) => listsPublished(lists, from)),
  }),
  patch_automation: ({ lists, patching: { automated } }) => ({
    shown: [...starts(lists.told), ...starts(automated)],
    clocks: [],
  }),
  patch_deployment: ({ lists, patching }) => ({
    shown: [...starts(lists.told), ...starts(patching.deployments)],
    clocks: patching.deployments.flatMap(({ value }) => value.lastSuccess ?? []),
  }),
  reboot: ({ exposed, patching: { rebootSince } }) => ({
    shown: [...starts(exposed.reboot), ...starts(rebootSince)],
    clocks: rebootSince.flatMap(({ value }) => value ?? []),
  }),
  os_supported: ({ exposed, release }) => ({
    shown: [...starts(exposed.os_support), ...supportChanges(release)],
    clocks: [],
  }),
  vulnerability_critical: (life) => vulnerabilityChanges(life, 'critical'),
  vulnerability_high: (life) => vulnerabilityChanges(life, 'important'),
  vulnerability_scan: ({ exposed, scans }) => ({
    shown: [...starts(exposed.trivy), ...starts(scans)],
    clocks: scans.map(({ value }) => tellsAsOf(value)),
  }),
  backup: ({ up, exposed, jobs }) => ({
    shown: [up, exposed.restic, ...jobs.map(({ states }) => states)].flatMap((track) =>
      starts<unknown>(track),
    ),
    clocks: jobs.flatMap(({ states }) => states.flatMap(({ value }) => value.lastSuccess ?? [])),
  }),
  backup_check: (life) => proofChanges(life, 'check'),
  backup_check_data: (life) => proofChanges(life, 'data'),
  restore_test: (life) => proofChanges(life, 'restore'),
  av_definitions: ({ exposed, antivirus }) => ({
    shown: [...starts(exposed.clamav), ...starts(antivirus)],
    clocks: antivirus.flatMap(({ value }) => [value.loaded, value.onDisk]),
  }),
  av_protection: ({ exposed, antivirus }) => ({
    shown: [...starts(exposed.clamav), ...starts(antivirus)],
    clocks: [],
  }),
  disk_health: ({ up, exposed, disks }) => ({
    shown: [...starts(up), ...starts(exposed.smartctl), ...disks.flatMap(({ states }) => starts(states))],
    clocks: [],
  }),
  disk_self_test: ({ up, exposed, disks }) => ({
    shown: [
      ...starts(up),
      ...starts(exposed.smartctl),
      ...disks.flatMap(({ states, tests }) => [...starts(states), ...starts(tests)]),
    ],
    clocks: disks.flatMap(({ tests, since, powerOn }) => [
      since - powerOn,
      ...tests.map(({ value: { at } }) => at),
    ]),
  }),
  volume_health: ({ exposed, mirror }) => ({
    shown: [...starts(exposed.md), ...starts(mirror)],
    clocks: [],
  }),
};

function patchChanges(life: Life, name: PendingName) {
  const pending = life.patching.pending[name];
  return {
    shown: [...starts(life.exposed.apt), ...starts(pending), ...starts(life.pendingTold[name])],
    clocks: pending.flatMap(({ value }) => value.oldest ?? []),
  };
}

function firmwareChanges({ exposed, firmware }: Life) {
  return {
    shown: [...starts(exposed.fwupd), ...starts(firmware)],
    clocks: firmware.flatMap(({ value }) => value.oldest ?? []),
  };
}

function vulnerabilityChanges({ scans, severityTold }: Life, severity: 'critical' | 'important') {
  return {
    shown: [...starts(severityTold[severity]), ...starts(scans)],
    clocks: scans.flatMap(({ value }) => value.open[severity].oldest ?? []),
  };
}

function proofChanges({ up, exposed, jobs }: Life, name: ProofName) {
  const proofs = jobs.flatMap((job) => job.proofs[name]);
  return {
    shown: [
      ...starts(up),
      ...starts(exposed.restic),
      ...starts(proofs),
      ...jobs.flatMap(({ states }) => starts(states)),
    ],
    clocks: proofs.map(({ value: { at } }) => at),
  };
}
