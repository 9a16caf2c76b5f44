import { z } from 'zod';
import { CollectorError, type Host } from '../../collector.ts';

const answers = z.array(z.object({ type: z.string(), reboot_required: z.boolean().optional() }));

/**
 * What `needs-restarting -r` of dnf says: its JSON (dnf5 from 5.4.1, needs_restarting.8), or its text, the same in dnf4 and dnf5.
 * The exit code is no answer: 1 is a reboot, and any failure, such as a repository that is down or a plugin that is missing.
 * @returns undefined when it does not say.
 */
export function parseNeedsRestarting(text: string): boolean | undefined {
  if (text.trimStart().startsWith('[')) return fromJson(text);
  if (/^Reboot is required to fully utilize these updates\.$/m.test(text)) return true;
  return /^Reboot should not be necessary\.$/m.test(text) ? false : undefined;
}

function fromJson(text: string): boolean | undefined {
  try {
    const parsed = answers.safeParse(JSON.parse(text));
    return parsed.data?.find(({ type }) => type === 'reboot')?.reboot_required;
  } catch {
    return undefined;
  }
}

/**
 * Asks dnf5, which also knows of packages whose advisory suggests a reboot, from what it has cached. dnf4 knows no more than
 * the list of core packages, so it is not asked.
 * @returns undefined when it cannot tell, which is normal without rights or a cache.
 */
export async function askDnf5(host: Host): Promise<boolean | undefined> {
  const args = ['--cacheonly', 'needs-restarting'];
  try {
    const { stdout } = await host.run('dnf5', [...args, '--json']);
    return parseNeedsRestarting(stdout) ?? parseNeedsRestarting((await host.run('dnf5', args)).stdout);
  } catch (error) {
    if (error instanceof CollectorError) return undefined;
    throw error;
  }
}
