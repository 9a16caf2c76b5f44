import { CollectorError } from '../../collector.ts';
import type { DeployedPackage, Deployment } from '../patch/deployments.ts';

/** A run without an end is under way for this long, then it was killed, seconds. */
const longestRun = 3600;

/**
 * Deployments in /var/log/apk.log, which apk-tools 3 writes (Alpine Linux 3.23 and later). A run begins with
 * "Running `apk upgrade` at 2026-01-31 12:00:00", in UTC, lists its changes, and ends with `OK: ...` or `2 errors; ...`
 * (src/print.c, src/commit.c). A simulation writes nothing. Version 2 writes no log; one that is there is of the image's making.
 * @param now unix seconds.
 * @throws CollectorError unexpected_output when it has content and no run in it.
 */
export function parseLog(text: string, now: number): readonly Deployment[] {
  const blocks = text.split(/^(?=Running `)/m).filter((block) => block.trim() !== '');
  const runs = blocks.filter((block) => runLine.test(block));
  if (runs.length === 0 && text.trim() !== '')
    throw new CollectorError(
      'unexpected_output',
      `nothing in the log is a run of apk, such as Running \`apk upgrade\` at 2026-01-31 12:00:00; it begins with ${JSON.stringify(text.slice(0, 80))}`,
    );
  return runs.flatMap((block, at) => parseRun(block, at === runs.length - 1, now) ?? []);
}

const runLine = /^Running `(.*)` at (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/m;
const changing = /(?:^| )(?:add|del|upgrade|fix)(?: |$)/;

function parseRun(block: string, last: boolean, now: number): Deployment | undefined {
  const [, command = '', date = '', time = ''] = runLine.exec(block) ?? [];
  const started = Date.parse(`${date}T${time}Z`) / 1000;
  if (!Number.isFinite(started)) return undefined;
  const packages = block.split('\n').flatMap((line) => parseChange(line) ?? []);
  const errors = [...block.matchAll(/^ERROR: (.*)$/gm)].map(([, said = '']) => said);
  const failed = packages.map((one) => ({
    ...one,
    ...(errors.some((said) => said.startsWith(`${one.name}-${one.to ?? one.from ?? ''}`))
      ? { failed: true }
      : {}),
  }));
  const counted = Number(/^(\d+) errors?;/m.exec(block)?.[1] ?? 0);
  // apk replaces itself first, then starts anew for the rest.
  const ended =
    /^OK:/m.test(block) || counted > 0 || /^Continuing the upgrade transaction with new/m.test(block);
  if (packages.length === 0)
    return errors.length > 0 && changing.test(command)
      ? { started, outcome: 'failure', packages, command }
      : undefined;
  if (!ended && errors.length === 0 && last && now - started < longestRun) return undefined;
  if (ended && counted === 0 && errors.length === 0)
    return { started, outcome: 'success', packages, command };
  const none = counted >= packages.length || failed.every((one) => one.failed === true);
  return { started, outcome: none ? 'failure' : 'partial', packages: failed, command };
}

/** `( 1/12) Upgrading busybox@edge (1.37.0-r0 -> 1.37.0-r1)`. */
function parseChange(line: string): DeployedPackage | undefined {
  const [, verb, name, first, second] =
    /^\(\s*\d+\/\d+\) (Installing|Upgrading|Downgrading|Replacing|Reinstalling|Purging) ([^\s@(]+)(?:@\S+)? \((\S+?)(?: -> (\S+))?\)$/.exec(
      line,
    ) ?? [];
  if (verb === undefined || name === undefined || first === undefined) return undefined;
  if (verb === 'Installing') return { name, to: first };
  if (verb === 'Purging') return { name, from: first };
  return { name, from: first, to: second ?? first };
}
