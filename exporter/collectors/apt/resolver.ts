import { z } from 'zod';
import { CollectorError, type Host, type RunOptions } from '../../collector.ts';

/** A package of which a newer version than the installed one is known, or another would take its place. */
export interface Choice {
  /** With `:architecture` where it is not the native one. */
  readonly name: string;
  readonly installed: string;
  readonly candidate: string;
  /** Whether `dist-upgrade` leaves it alone: on hold, phased, in conflict, or pinned; then the candidate may be the installed version. */
  readonly kept: boolean;
  /** Versions apt knows, each with the lists it is in; dpkg's own record is none. */
  readonly versions: readonly { readonly version: string; readonly files: readonly string[] }[];
}

/**
 * What apt-get does for `dist-upgrade`, asked of the same library (libapt-pkg) through python3-apt: the Python interpreter
 * opens the cache once, and does not order the installation of every package, which is half of what `apt-get -s` costs.
 * `DepCache.upgrade(True)` is pkgDistUpgrade, the function behind `apt-get dist-upgrade`. Nothing is written.
 * Exit 3 is for what only apt-get itself should answer: broken dependencies, and removals that its configuration asks for.
 */
const program = `
import json, sys, apt_pkg
apt_pkg.init()
if apt_pkg.config.find_b("APT::Get::AutomaticRemove"): sys.exit(3)
cache = apt_pkg.Cache(None)
dep = apt_pkg.DepCache(cache)
if dep.broken_count: sys.exit(3)
dep.upgrade(True)
if dep.broken_count: sys.exit(3)
found = []
for p in cache.packages:
    now = p.current_ver
    if now is None: continue
    chosen = dep.get_candidate_ver(p)
    changes = dep.marked_upgrade(p) or dep.marked_downgrade(p)
    if not changes:
        if dep.marked_delete(p): continue
        if chosen is None or apt_pkg.version_compare(chosen.ver_str, now.ver_str) <= 0:
            chosen = dep.policy.get_candidate_ver(p)
        if chosen is None or apt_pkg.version_compare(chosen.ver_str, now.ver_str) <= 0: chosen = now
    known = p.version_list
    if not changes and not any(apt_pkg.version_compare(v.ver_str, now.ver_str) > 0 for v in known): continue
    found.append({
        "name": p.get_fullname(True), "installed": now.ver_str, "candidate": chosen.ver_str, "kept": not changes,
        "versions": [{"version": v.ver_str, "files": [f.filename for f, _ in v.file_list if not f.not_source]}
                     for v in known]})
print(json.dumps({"format": 1, "choices": found}))
`.trim();

/** The interpreter that Debian's python3-apt belongs to, wherever else there is one in PATH. */
export const resolver = ['/usr/bin/python3', '-I', '-c', program] as const;

const answerSchema = z.object({
  format: z.literal(1),
  choices: z.array(
    z.object({
      name: z.string().min(1),
      installed: z.string().min(1),
      candidate: z.string().min(1),
      kept: z.boolean(),
      versions: z.array(z.object({ version: z.string(), files: z.array(z.string()) })),
    }),
  ),
});

/** Parses what the program printed: its last line. Undefined when that is not it. */
export function parseChoices(text: string): readonly Choice[] | undefined {
  try {
    const answer = answerSchema.safeParse(JSON.parse(text.trimEnd().split('\n').at(-1) ?? ''));
    return answer.data?.choices;
  } catch {
    return undefined;
  }
}

/**
 * Asks what `dist-upgrade` would do.
 * @returns undefined where python3-apt is not installed or has no answer; apt-get has one then, or says why not.
 * @throws CollectorError timeout or output_too_large: asking again would take as long.
 */
export async function askResolver(host: Host, options: RunOptions): Promise<readonly Choice[] | undefined> {
  const [python, ...args] = resolver;
  try {
    const { exitCode, stdout } = await host.run(python, args, options);
    return exitCode === 0 ? parseChoices(stdout) : undefined;
  } catch (error) {
    if (error instanceof CollectorError && ['tool_missing', 'permission_denied'].includes(error.reason))
      return undefined;
    throw error;
  }
}
