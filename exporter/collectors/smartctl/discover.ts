import type { Host, Problem } from '../../collector.ts';
import { attempt } from './attempt.ts';
import { identify, isStillThere, type LeftBehind } from './back-off.ts';
import { parseScan, type Target } from './scan.ts';

/** `--scan` and not `--scan-open`: opening every device in one process lets one hung disk hide all others. */
const scanArguments = ['--json=c', '--scan'];

/** @param limit seconds. @throws CollectorError when it fails. */
export async function scanDevices(host: Host, limit: number): Promise<readonly Target[]> {
  const { stdout } = await host.run('smartctl', scanArguments, { timeout: limit * 1000 });
  return parseScan(stdout);
}

/**
 * What the scan shows; one that still hangs from an earlier run is not joined by a second one.
 * @param limit seconds.
 * @throws CollectorError tool_missing.
 */
export async function findDevices(
  host: Host,
  { scan, limit }: { readonly scan: boolean; readonly limit: number },
  before: LeftBehind | undefined,
): Promise<{
  readonly targets: readonly Target[];
  readonly problem?: Problem | undefined;
  readonly leftBehind: LeftBehind | undefined;
}> {
  if (!scan) return { targets: [], leftBehind: undefined };
  if (before !== undefined && (await isStillThere(host, before)))
    return {
      targets: [],
      leftBehind: before,
      problem: {
        reason: 'timeout',
        message: `an earlier smartctl --scan (process ${before.id}) cannot be ended, so no second one is started: name the disks under collectors.smartctl.devices with scan: false, or reboot`,
      },
    };
  const { value, problem, leftBehind } = await attempt(() => scanDevices(host, limit), []);
  return {
    targets: value,
    problem,
    leftBehind: leftBehind === undefined ? undefined : await identify(host, leftBehind),
  };
}

/**
 * Nothing to ask is no clean bill of health: the service may be kept from seeing the disks, or there are none.
 * @param found whether there were devices before the configuration chose among them.
 */
export async function whyNoDevice(
  host: Host,
  { scan, found }: { readonly scan: boolean; readonly found: boolean },
): Promise<Problem> {
  if (found)
    return {
      reason: 'unsupported',
      message:
        'collectors.smartctl.include and exclude leave no disk: correct them, or remove collectors.smartctl',
    };
  if (!scan)
    return {
      reason: 'source_missing',
      message: 'scan is false and collectors.smartctl.devices names no disk: name one, or set scan: true',
    };
  const { value: names } = await attempt(() => host.list('/sys/class/block'), undefined);
  const disks = (names ?? []).filter((name) => /^(?:sd[a-z]+|hd[a-z]|nvme\d+n\d+)$/.test(name));
  if (disks.length > 0)
    return {
      reason: 'source_missing',
      message: `smartctl finds no device but the kernel has ${disks.join(', ')}: let this service see /dev (PrivateDevices=yes and containers hide it)`,
    };
  return {
    reason: 'unsupported',
    message:
      'smartctl finds no device: this machine shows no disk with SMART, as most virtual machines; remove collectors.smartctl, or name the disks under collectors.smartctl.devices',
  };
}
