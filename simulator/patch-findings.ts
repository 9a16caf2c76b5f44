import { type Finding, seen } from './findings.ts';
import { firmwarePublished, listsPublished } from './package-lists.ts';
import { isSupported } from './support.ts';
import { valueAt } from './track.ts';
import { lastSeen, type Life, type PendingName } from './world.ts';

/** Nothing pending is unknown on a system past its support, what is pending is not. */
export function patches(life: Life, name: PendingName, instant: number): Finding[] {
  if (lastSeen(life.exposed.apt, instant) === undefined) return [];
  const at = lastSeen(life.pendingTold[name], instant);
  if (at === undefined) return [{ object: 'apt', known: false }];
  const oldest = valueAt(life.patching.pending[name], at)?.oldest;
  return [{ object: 'apt', known: at === instant, age: oldest === undefined ? 0 : instant - oldest }];
}

export function patchFirmware(life: Life, instant: number): Finding[] {
  if (life.firmware.length === 0) return [];
  return seen(life, 'fwupd', instant, (at) => {
    const oldest = valueAt(life.firmware, at)?.oldest;
    return [{ object: 'fwupd', age: oldest === undefined ? 0 : instant - oldest }];
  });
}

export function patchMetadata(life: Life, instant: number): Finding[] {
  const at = lastSeen(life.lists.told, instant);
  const found: Finding[] =
    at === undefined
      ? []
      : [{ object: 'apt', known: at === instant, age: instant - listsPublished(life.lists, at) }];
  if (life.firmware.length === 0) return found;
  return [
    ...found,
    ...seen(life, 'fwupd', instant, (seenAt) => [
      { object: 'fwupd', age: instant - firmwarePublished(seenAt) },
    ]),
  ];
}

export function patchAutomation(life: Life, instant: number): Finding[] {
  const at = lastSeen(life.lists.told, instant);
  if (at === undefined) return [];
  return [{ object: 'apt', known: at === instant, state: valueAt(life.patching.automated, at) === true }];
}

/** A run that waits for its reboot is no success yet. */
export function patchDeployment(life: Life, instant: number): Finding[] {
  const at = lastSeen(life.lists.told, instant);
  if (at === undefined) return [];
  const last = valueAt(life.patching.deployments, at)?.lastSuccess ?? -Infinity;
  return [{ object: '', known: at === instant, age: instant - last }];
}

export function reboot(life: Life, instant: number): Finding[] {
  return seen(life, 'reboot', instant, (at) => {
    const since = valueAt(life.patching.rebootSince, at);
    return [{ object: '', age: since === undefined ? 0 : instant - since }];
  });
}

export function osSupported(life: Life, instant: number): Finding[] {
  return seen(life, 'os_support', instant, (at) => [
    { object: life.host.os, state: isSupported(life.release, at) },
  ]);
}
