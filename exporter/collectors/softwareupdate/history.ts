import { z } from 'zod';
import { CollectorError } from '../../collector.ts';
import type { Deployment } from '../patch/deployments.ts';
import { isDefinition } from './offers.ts';
import { type Plist, plistDate } from './plist.ts';

/** Something that was installed. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  /** Unix seconds. */
  readonly date: number;
  /** Process that installed it, where that is told. */
  readonly by?: string | undefined;
}

/** Processes that install what Software Update brings. */
const updaters =
  /^(?:softwareupdated?|Software Update|macOS Installer|OS X Installer|SoftwareUpdateNotificationManager)$/i;

const receiptSchema = z.object({
  date: plistDate,
  displayName: z.string(),
  displayVersion: z.string().default(''),
  processName: z.string().default(''),
  contentType: z.string().optional(),
});

/**
 * /Library/Receipts/InstallHistory.plist: every package that was installed, with success; failures are in no list. What
 * Software Update brought is taken, without definitions; apps of the App Store and packages of others are not.
 * @throws CollectorError unexpected_output.
 */
export function parseReceipts(plist: Plist): readonly Installed[] {
  return checked(z.array(receiptSchema), plist, 'InstallHistory.plist')
    .filter(({ processName, contentType }) => updaters.test(processName) && contentType !== 'config-data')
    .map(({ displayName, displayVersion, date, processName }) => ({
      name: displayName,
      version: displayVersion,
      date,
      by: processName,
    }))
    .filter(({ name }) => !isDefinition(name));
}

const reportSchema = z.object({
  SPInstallHistoryDataType: z.array(
    z.object({
      _name: z.string(),
      install_date: z.string(),
      install_version: z.string().default(''),
      package_source: z.string().default(''),
    }),
  ),
});

/** Sounds and samples that apps of Apple load by themselves. */
const content = /^MAContent|^MobileAssets|AssetPack/;

/**
 * The same from `system_profiler SPInstallHistoryDataType -json`, which does not tell who installed: all of Apple's is taken.
 * @throws CollectorError unexpected_output.
 */
export function parseInstallReport(text: string): readonly Installed[] {
  const report = checked(reportSchema, parseJson(text), 'the install history of system_profiler');
  return report.SPInstallHistoryDataType.filter(
    ({ _name, package_source: source }) =>
      source === 'package_source_apple' && !isDefinition(_name) && !content.test(_name),
  ).map(({ _name: name, install_version: version, install_date: installed }) => {
    const date = Date.parse(installed.replace(/^([\d-]+) ([\d:]+) \+0000$/, '$1T$2Z')) / 1000;
    if (!/Z$|[+-]\d{2}:?\d{2}$/.test(installed) || Number.isNaN(date))
      throw new CollectorError(
        'unexpected_output',
        `the install history of system_profiler has no date with a zone for ${name}: ${installed.slice(0, 40)}`,
      );
    return { name, version, date };
  });
}

export function deploymentsOf(installed: readonly Installed[]): readonly Deployment[] {
  return installed.map(({ name, version, date, by }) => ({
    started: date,
    outcome: 'success',
    packages: [{ name, to: version.trim() === '' ? 'unknown' : version }],
    actor: by,
  }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, about: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CollectorError(
    'unexpected_output',
    `${about} is not what macOS writes: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  );
}
