import { z } from 'zod';
import { CollectorError, type Host } from '../../collector.ts';
import { isWindows, runScript } from '../system/powershell.ts';
import type { Answer } from './answer.ts';

/** What the registry says of a reboot, as one JSON document; for PowerShell 3.0 and later, readable by every user. */
export const windowsRebootText = String.raw`
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch { }
$current = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion'
$manager = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager'
$document = @{
  componentServicing = (Test-Path -LiteralPath "$current\Component Based Servicing\RebootPending")
  windowsUpdate = (Test-Path -LiteralPath "$current\WindowsUpdate\Auto Update\RebootRequired")
  fileRenames = @(@($manager.PendingFileRenameOperations) + @($manager.PendingFileRenameOperations2) | Where-Object { $null -ne $_ })
  booted = (Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToUniversalTime().ToString('o')
}
ConvertTo-Json -InputObject $document -Depth 3 -Compress
`.trimStart();

const documentSchema = z.object({
  componentServicing: z.boolean(),
  windowsUpdate: z.boolean(),
  fileRenames: z.array(z.string()),
  booted: z.string(),
});

/** Printer drivers of remote sessions and temporary files are renamed all day long. */
const unimportant = /\\(?:spool|temp|tmp)\\/i;

export interface WindowsReboot {
  readonly answers: readonly Answer[];
  /** When Windows was started, unix seconds. A start from hibernation (fast startup) is none. */
  readonly booted: number | undefined;
}

/**
 * The registry's reasons for a reboot; undefined on any other system. The registry does not say since when.
 * @throws CollectorError as runScript; unexpected_output.
 */
export async function readWindows(host: Host): Promise<WindowsReboot | undefined> {
  if (!(await isWindows(host))) return undefined;
  const patience = Math.max(10, host.timeLimit / 2) * 1000;
  return parseWindowsReboot(await runScript(host, windowsRebootText, 'a pending reboot', patience));
}

export function parseWindowsReboot(document: unknown): WindowsReboot {
  const parsed = documentSchema.safeParse(document).data;
  if (parsed === undefined)
    throw new CollectorError(
      'unexpected_output',
      'the registry was asked for a pending reboot, and what came back is something else; look for the keys RebootPending and RebootRequired by hand (regedit)',
    );
  const { componentServicing, windowsUpdate, fileRenames, booted } = parsed;
  const started = Date.parse(booted.replace(/(\.\d{3})\d*Z$/, '$1Z')) / 1000;
  return {
    answers: [
      { reason: 'component_servicing', required: componentServicing },
      { reason: 'windows_update', required: windowsUpdate },
      { reason: 'file_renames', required: replacedFiles(fileRenames).length > 0 },
    ],
    booted: Number.isFinite(started) ? started : undefined,
  };
}

/**
 * Files that take effect at the next start, from the pairs of PendingFileRenameOperations: what, and what it becomes (see
 * MoveFileEx, MOVEFILE_DELAY_UNTIL_REBOOT). An empty second one deletes, which needs no haste.
 */
export function replacedFiles(renames: readonly string[]): readonly string[] {
  return renames.flatMap((target, at) => {
    if (at % 2 === 0 || target === '') return [];
    // "!" before the target: an existing file is replaced.
    return unimportant.test(target) ? [] : [target.replace(/^!?\\\?\?\\/, '')];
  });
}
