import { z } from 'zod';
import { CollectorError, defineCollector, problemOf, type Host, type Problem } from '../collector.ts';
import { sample } from '../metrics.ts';
import { rememberFirstSeen } from './memory/first-seen.ts';
import type { Answer } from './reboot/answer.ts';
import { readFlag } from './reboot/flag.ts';
import { readKernel } from './reboot/kernel.ts';
import { readLibraries } from './reboot/libraries.ts';
import { askNeedrestart, microcodeAnswer } from './reboot/needrestart.ts';
import { readWindows } from './reboot/windows.ts';
import { bootTime, inContainer } from './system/boot.ts';

const settings = z.strictObject({
  /** Off: nobody is told that the kernel is unknown. */
  kernel: z
    .boolean()
    .default(true)
    .describe(
      'Whether to compare the running kernel with the installed ones. Set it to false where the kernel is built by hand: it is unknown then, and no problem.',
    ),
});

/** Whether the host waits for a reboot, and since when. */
export const reboot = defineCollector({
  name: 'reboot',
  summary:
    'whether a reboot is due: flag files, the running kernel against the installed ones, core packages replaced since the start, microcode',
  tools: ['dpkg-query', 'rpm', 'dnf5', 'needrestart', 'powershell.exe'],
  rights: '',
  metrics: ['maintenance_reboot_required', 'maintenance_reboot_required_since_timestamp_seconds'],
  byDefault: true,
  interval: 15 * 60,
  timeout: 120,
  settings,
  example: {},
  detect: async (host) => ((await readAnswers(host, true)).answers.length === 0 ? undefined : {}),
  collect: async (host, { kernel }) => {
    const { answers, problems, booted } = await readAnswers(host, kernel);
    if (answers.length === 0 && problems.length === 0)
      throw new CollectorError(
        'unsupported',
        'nothing here tells whether a reboot is due; in a container the running kernel belongs to the machine below, so turn the reboot collector off and watch that machine',
      );
    const { entries, problems: memoryProblems } = await rememberFirstSeen(
      host,
      answers
        .filter(({ required }) => required)
        .map(({ reason, since }) => ({
          key: reason,
          facts: null,
          ...(since === undefined ? {} : { since }),
        })),
      {
        state: 'reboot-first-seen',
        facts: z.null(),
        things: 'reasons for a reboot',
        // Whatever was asked for before the last start is done, or still dated by the host itself.
        counts: ({ seen }) => booted === undefined || (seen ?? booted) >= booted,
      },
    );
    const since = entries.flatMap(({ seen }) => seen ?? []);
    return {
      samples: [
        ...answers.map(({ reason, required }) =>
          sample('maintenance_reboot_required', { reason }, required ? 1 : 0),
        ),
        ...(since.length === 0
          ? []
          : [sample('maintenance_reboot_required_since_timestamp_seconds', {}, Math.min(...since))]),
      ],
      problems: [...problems, ...memoryProblems],
    };
  },
});

interface Answers {
  readonly answers: readonly Answer[];
  readonly problems: readonly Problem[];
  /** When the host was started, unix seconds, where that is known. */
  readonly booted: number | undefined;
}

/** Asks everything that can be asked here; one source that fails does not cost the others. */
async function readAnswers(host: Host, kernel: boolean): Promise<Answers> {
  const problems: Problem[] = [];
  const attempt = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      problems.push(problemOf(error));
      return undefined;
    }
  };
  const release = (await attempt(() => host.read('/proc/sys/kernel/osrelease')))?.trim();
  const windows = release === undefined ? await attempt(() => readWindows(host)) : undefined;
  if (windows !== undefined) return { ...windows, problems };
  const flag = await attempt(() => readFlag(host));
  const linux = release !== undefined && (await attempt(() => inContainer(host))) === false;
  const booted = linux ? await attempt(() => bootTimeOf(host)) : undefined;
  const needrestart = linux ? await attempt(() => askNeedrestart(host)) : undefined;
  const answers = [
    flag,
    linux && kernel
      ? await attempt(() => kernelAnswer(host, release, booted, needrestart?.kernel))
      : undefined,
    booted === undefined ? undefined : await attempt(() => readLibraries(host, booted)),
    needrestart === undefined ? undefined : microcodeAnswer(needrestart),
  ];
  return {
    answers: answers.filter((answer) => answer !== undefined),
    problems,
    booted: booted ?? (await bootTime(host).catch(() => undefined)),
  };
}

/** What packages say, else what needrestart found among the files in /boot. @throws CollectorError unsupported where neither knows. */
async function kernelAnswer(
  host: Host,
  release: string,
  booted: number | undefined,
  needrestart: boolean | undefined,
): Promise<Answer> {
  const answer = await readKernel(host, release, booted);
  if (answer !== undefined) return answer;
  if (needrestart !== undefined) return { reason: 'kernel', required: needrestart };
  throw new CollectorError(
    'unsupported',
    `no package owns the running kernel ${release.slice(0, 60)}, so it is unknown whether a newer one waits; where it is built by hand set collectors.reboot.kernel to false`,
  );
}

async function bootTimeOf(host: Host): Promise<number> {
  const booted = await bootTime(host);
  if (booted !== undefined) return booted;
  throw new CollectorError(
    'source_missing',
    '/proc/stat does not say when this host was started, so it is unknown what was replaced since; the service must be able to read it (no ProcSubset=pid)',
  );
}
