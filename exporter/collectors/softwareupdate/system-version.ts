import { z } from 'zod';
import type { Host } from '../../collector.ts';
import { readPlist } from './plist.ts';

const schema = z.object({ ProductVersion: z.string() });

/** Version of the running macOS, such as 14.6.1; undefined where the system does not say. */
export async function systemVersion(host: Host): Promise<string | undefined> {
  const plist = await readPlist(host, '/System/Library/CoreServices/SystemVersion.plist').catch(
    () => undefined,
  );
  return schema.safeParse(plist).data?.ProductVersion;
}
