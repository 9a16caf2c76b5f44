import { z } from 'zod';
import { CollectorError, defineCollector, type Host } from '../collector.ts';
import { parseAnswer } from './storage_spaces/answer.ts';
import { storageSpacesScript } from './storage_spaces/script.ts';
import { isWindows, runScript } from './system/powershell.ts';
import type { VolumeFacts } from './volume/facts.ts';
import { excludeSetting, withMissing } from './volume/known.ts';

/** Virtual disks of Windows Storage Spaces. */
export const storageSpaces = defineCollector({
  name: 'storage_spaces',
  summary: 'virtual disks of Windows Storage Spaces, through its PowerShell cmdlets',
  tools: ['powershell.exe'],
  rights: 'to run as SYSTEM or an administrator',
  metrics: [
    'maintenance_volume_info',
    'maintenance_volume_present',
    'maintenance_volume_healthy',
    'maintenance_volume_operational',
    'maintenance_volume_members',
    'maintenance_volume_degraded_members',
    'maintenance_volume_size_bytes',
  ],
  byDefault: false,
  interval: 10 * 60,
  timeout: 2 * 60,
  settings: z.strictObject({ exclude: excludeSetting }),
  example: {},
  detect: async (host) => ((await isWindows(host)) && (await read(host)).length > 0 ? {} : undefined),
  collect: async (host, { exclude }) => {
    if (!(await isWindows(host)))
      throw new CollectorError('unsupported', 'Storage Spaces are a feature of Windows; this is none');
    const found = await read(host);
    const collected = await withMissing(host, 'storage-spaces', found, { exclude, complete: true });
    if (found.length === 0 && collected.samples.length === 0 && collected.problems.length === 0)
      throw new CollectorError(
        'unsupported',
        'Get-VirtualDisk lists none: this machine has no Storage Spaces, or the service user may not see them; remove collectors.storage_spaces',
      );
    return collected;
  },
});

async function read(host: Host): Promise<readonly VolumeFacts[]> {
  return parseAnswer(await runScript(host, storageSpacesScript, 'Storage Spaces', host.timeLimit * 800));
}
