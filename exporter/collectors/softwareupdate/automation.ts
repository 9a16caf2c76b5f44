import { z } from 'zod';
import type { Plist } from './plist.ts';

const setting = z
  .union([z.boolean(), z.number().transform(Boolean)])
  .optional()
  .catch(undefined);
const settingsSchema = z.object({
  AutomaticCheckEnabled: setting,
  AutomaticDownload: setting,
  AutomaticallyInstallMacOSUpdates: setting,
  CriticalUpdateInstall: setting,
});

/**
 * Whether updates are installed without anybody asking: macOS looks, downloads and installs, and security responses too. What a
 * profile sets counts before what the host has; see the payload com.apple.SoftwareUpdate of Apple's device management.
 * @returns undefined where a needed setting is not there: the defaults differ by version.
 */
export function installsByItself(host: Plist | undefined, profile: Plist | undefined): boolean | undefined {
  const [ours, managed] = [host, profile].map((plist) => settingsSchema.safeParse(plist).data ?? {});
  const all = { ...ours, ...withoutGaps(managed ?? {}) };
  const needed = [all.AutomaticCheckEnabled, all.AutomaticDownload, all.AutomaticallyInstallMacOSUpdates];
  if ([...needed, all.CriticalUpdateInstall].includes(false)) return false;
  return needed.every((value) => value === true) ? true : undefined;
}

type Settings = Partial<z.infer<typeof settingsSchema>>;

function withoutGaps(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
