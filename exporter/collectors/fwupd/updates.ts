import { z } from 'zod';
import type { Collection, Host } from '../../collector.ts';
import { rememberOffers, type Offer, type Severity } from '../patch/offers.ts';
import { patchSamples } from '../patch/samples.ts';
import { askFwupd } from './tool.ts';

const manager = 'fwupd';

export const devicesSchema = z.object({
  Devices: z.array(
    z.object({
      Name: z.string().optional(),
      DeviceId: z.string(),
      Version: z.string().optional(),
      /** Last change in the history, unix seconds. */
      Modified: z.number().optional(),
      Created: z.number().optional(),
      /** A number in 1.x, also a word later. */
      UpdateState: z.union([z.number(), z.string()]).optional(),
      UpdateError: z.string().optional(),
      Releases: z
        .array(
          z.object({
            Version: z.string(),
            /** When the vendor released it, unix seconds. */
            Created: z.number().optional(),
            Urgency: z.union([z.string(), z.number()]).optional(),
            Flags: z.array(z.string()).optional(),
          }),
        )
        .optional(),
    }),
  ),
});
export type Device = z.infer<typeof devicesSchema>['Devices'][number];

/** Urgency of a release as words and as FwupdReleaseUrgency; see https://lvfs.readthedocs.io/en/latest/metainfo.html. */
const urgencies: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  4: 'critical',
  high: 'important',
  3: 'important',
  medium: 'moderate',
  2: 'moderate',
  low: 'low',
  1: 'low',
};

export interface FirmwareOffers {
  readonly offers: readonly Offer[];
  /** Devices all of whose newer releases are blocked: not approved, or older than the device accepts. */
  readonly held: ReadonlySet<string>;
}

/** Every newer release of every device, the newest and those it replaced, so that a quick succession does not hide the age of the first. */
export function offersOf(devices: readonly Device[]): FirmwareOffers {
  const upgrades = devices.map(({ DeviceId: name, Releases: releases = [] }) => ({
    name,
    newer: releases.filter(({ Flags: flags = [] }) => !flags.includes('is-downgrade')),
  }));
  return {
    offers: upgrades.flatMap(({ name, newer }) => {
      const open = newer.filter((release) => !isBlocked(release));
      return (open.length > 0 ? open : newer).map(
        ({ Version: version, Created: released, Urgency: urgency }) => ({
          name,
          version,
          class: 'firmware' as const,
          severity: urgencies[String(urgency)] ?? 'unknown',
          released,
        }),
      );
    }),
    held: new Set(
      upgrades.filter(({ newer }) => newer.length > 0 && newer.every(isBlocked)).map(({ name }) => name),
    ),
  };
}

function isBlocked({ Flags: flags = [] }: { readonly Flags?: readonly string[] | undefined }): boolean {
  return flags.some((flag) => flag.startsWith('blocked'));
}

/** @param waiting devices whose update was written and takes effect with the next start. */
export async function readUpdates(
  host: Host,
  waiting: ReadonlySet<string>,
  booted: number | undefined,
): Promise<Collection> {
  const answer = await askFwupd(host, 'get-updates', devicesSchema);
  const { offers, held } = offersOf(answer?.Devices ?? []);
  const remembered = await rememberOffers(host, offers, {
    manager,
    // fwupd lists every newer release, the ones that were replaced too.
    outstanding: () => false,
    needsReboot: (name) => waiting.has(name),
    booted,
  });
  return {
    samples: patchSamples(remembered, { manager, classes: ['firmware'], held }),
    problems: remembered.problems,
  };
}
