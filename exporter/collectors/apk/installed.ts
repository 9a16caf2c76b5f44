import { CollectorError, type Host } from '../../collector.ts';
import { readApkInstalled } from '../reboot/alpine-kernels.ts';

export interface InstalledPackage {
  readonly version: string;
  /** The source package, under which Alpine's security database lists it. */
  readonly origin: string;
}

/** Parses the list of installed packages, or an index: paragraphs with `P:` name, `V:` version, `o:` origin; see apk-v2(5). */
export function parseInstalled(text: string): ReadonlyMap<string, InstalledPackage> {
  const packages = new Map<string, InstalledPackage>();
  for (const paragraph of text.split(/\n\n+/)) {
    const name = /^P:(\S+)$/m.exec(paragraph)?.[1];
    const version = /^V:(\S+)$/m.exec(paragraph)?.[1];
    if (name !== undefined && version !== undefined)
      packages.set(name, { version, origin: /^o:(\S+)$/m.exec(paragraph)?.[1] ?? name });
  }
  return packages;
}

/** @throws CollectorError source_missing: without its list apk sees no package, and so no update. */
export async function readInstalled(host: Host): Promise<ReadonlyMap<string, InstalledPackage>> {
  const installed = parseInstalled((await readApkInstalled(host)) ?? '');
  if (installed.size > 0) return installed;
  throw new CollectorError(
    'source_missing',
    'no installed package is on record in /lib/apk/db/installed or /usr/lib/apk/db/installed, so apk sees no update; restore the file',
  );
}
