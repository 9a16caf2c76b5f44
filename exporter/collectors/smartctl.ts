import { z } from 'zod';
import { metricsOf } from '../metrics.ts';
import { type Collection, CollectorError, defineCollector, type Host, type Problem } from '../collector.ts';
import { durationSchema } from '../duration.ts';
import { type Answer, judgeAnswer, unanswered } from './smartctl/answer.ts';
import { compatHostSamples, compatSamples, withoutClashes } from './smartctl/compat/samples.ts';
import { type DiskAnswer, learn, presentSamples, resolveDisks, unseenSamples } from './smartctl/disks.ts';
import { readKnown, writeKnown } from './smartctl/known.ts';
import { parseReport } from './smartctl/report.ts';
import { chooseTargets, isMember, parseScan, type Target, targetName } from './smartctl/scan.ts';

const device = z.string().regex(/^[^-]/, 'expected a device such as /dev/sda');

const settings = z.strictObject({
  devices: z
    .array(
      z.strictObject({
        device: device.describe('Path of the device.'),
        type: z.string().min(1).optional().describe('As `smartctl --device`: `megaraid,5`.'),
      }),
    )
    .default([])
    .describe('Asked beside what `smartctl --scan` finds.'),
  exclude: z
    .array(z.string().min(1))
    .default([])
    .describe("Devices (`/dev/sdb`) or disks (the `disk` label) that are nobody's business."),
  device_timeout: durationSchema.default(30).describe('How long one disk may take, seconds or `1m`.'),
});

/**
 * `--scan` and not `--scan-open`: opening every device in one process lets one hung disk hide all others.
 * `--log=error` is where SCSI keeps its uncorrected errors, `--log=ssd` the standard wear indicator of ATA and SAS.
 */
const scanArguments = ['--json=c', '--scan'];
const reportArguments = [
  '--json=c',
  '--nocheck=standby,3',
  '--info',
  '--health',
  '--attributes',
  '--log=error',
  '--log=ssd',
];

/** Disks asked at once: enough to hide one slow disk, few enough to leave the controllers to their work. */
const concurrency = 2;
export const smartctl = defineCollector({
  name: 'smartctl',
  summary: 'health, wear and errors of ATA, SAS and NVMe disks (smartctl 7.0 or newer)',
  tools: ['smartctl'],
  rights:
    'root, or CAP_SYS_RAWIO (ATA, SAS), CAP_SYS_ADMIN (NVMe) and CAP_DAC_READ_SEARCH, with /dev visible (no PrivateDevices)',
  metrics: metricsOf('disk'),
  byDefault: false,
  interval: 600,
  timeout: 120,
  settings,
  example: {},
  detect: async (host) => {
    const devices = await scanDevices(host, 30).catch(() => []);
    return devices.length === 0 ? undefined : {};
  },
  collect,
});

async function collect(
  host: Host,
  { devices, exclude, device_timeout: limit }: z.infer<typeof settings>,
): Promise<Collection> {
  const remembered = await attempt<Awaited<ReturnType<typeof readKnown>>>(() => readKnown(host), {
    disks: new Map(),
    problems: [],
  });
  const { disks: known, problems: damage } = remembered.value;
  const scan = await attempt(() => scanDevices(host, limit), []);
  const targets = chooseTargets(devices, scan.value, exclude);
  const answers = await askAll(host, targets, limit);
  const found = resolveDisks(answers.filter(isDisk), known);
  const disks = found.disks.filter(({ id }) => !exclude.includes(id));
  const after = learn(known, disks);
  const written = await attempt(() => writeKnown(host, known, after, damage.length > 0), undefined);

  const complete =
    scan.problem === undefined &&
    disks.length > 0 &&
    !disks.some(({ answer, nameless }) => nameless && answer.state !== 'readable');
  const unseen = [...after].filter(
    ([id, disk]) =>
      !found.disks.some((seen) => seen.id === id) &&
      ![id, disk.device, targetName(disk)].some((name) => exclude.includes(name)),
  );
  const read = disks.flatMap(({ answer }) => (answer.state === 'readable' ? [answer] : []));
  return {
    foreign: [
      ...compatHostSamples(read[0]?.report, targets.length),
      ...withoutClashes(read.map(({ report, target }) => compatSamples(report, target))),
    ],
    samples: [
      ...disks.flatMap((disk) => presentSamples(disk, after)),
      ...unseen.flatMap(([id, disk]) => unseenSamples(id, disk, complete)),
    ],
    problems: [
      ...damage,
      ...[remembered.problem, scan.problem, written.problem].filter((problem) => problem !== undefined),
      ...(targets.length === 0 && scan.problem === undefined ? [await whyNoDevice(host)] : []),
      ...found.problems,
      ...disks.flatMap(({ answer }) => (answer.state === 'unreadable' ? [answer.problem] : [])),
      ...otherProblems(answers, targets),
    ],
  };
}

function isDisk(answer: Answer): answer is DiskAnswer {
  return answer.state === 'readable' || answer.state === 'asleep' || answer.state === 'unreadable';
}

/** A RAID volume is no problem when the disks behind it are asked. */
function otherProblems(answers: readonly Answer[], targets: readonly Target[]): readonly Problem[] {
  const behind = targets.some(isMember);
  return answers.flatMap((answer) => {
    if (answer.state === 'absent' || (answer.state === 'volume' && !behind)) return [answer.problem];
    return [];
  });
}

async function scanDevices(host: Host, limit: number): Promise<readonly Target[]> {
  const { stdout } = await host.run('smartctl', scanArguments, { timeout: limit * 1000 });
  return parseScan(stdout);
}

/** Asks every device; one that hangs or babbles is its own problem. */
async function askAll(host: Host, targets: readonly Target[], limit: number): Promise<readonly Answer[]> {
  const started = host.now();
  // No further disk is asked then, so that what was read still counts within the collector's limit.
  const budget = Math.max(host.timeLimit - 20, host.timeLimit * 0.8);
  const answers: Answer[] = [];
  const queue = targets.entries();
  const work = async () => {
    for (const [index, target] of queue) {
      const left = budget - (host.now() - started);
      answers[index] =
        left < 1
          ? unanswered(target, 'timeout', 'was not asked because the disks before it took too long')
          : await ask(host, target, Math.min(limit, left));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return answers;
}

async function ask(host: Host, target: Target, limit: number): Promise<Answer> {
  const { device: name, type } = target;
  const args = [...reportArguments, ...(type === undefined ? [] : [`--device=${type}`]), name];
  const { value, problem } = await attempt(async () => {
    const { stdout, exitCode } = await host.run('smartctl', args, { timeout: limit * 1000 });
    return judgeAnswer(target, parseReport(stdout), exitCode);
  }, undefined);
  return value ?? unanswered(target, problem?.reason ?? 'internal_error', problem?.message ?? '');
}

/**
 * A failure that leaves the rest of the question answerable.
 * @throws CollectorError tool_missing: without smartctl there is nothing to answer.
 */
async function attempt<T>(
  act: () => Promise<T>,
  otherwise: T,
): Promise<{ readonly value: T; readonly problem?: Problem }> {
  try {
    return { value: await act() };
  } catch (error) {
    if (!(error instanceof CollectorError) || error.reason === 'tool_missing') throw error;
    return { value: otherwise, problem: { reason: error.reason, message: error.message } };
  }
}

/** An empty scan is no clean bill of health: the service may be kept from seeing the disks, or there are none. */
async function whyNoDevice(host: Host): Promise<Problem> {
  const { value: names } = await attempt(() => host.list('/sys/class/block'), undefined);
  const disks = (names ?? []).filter((name) => /^(?:sd[a-z]+|hd[a-z]|nvme\d+n\d+)$/.test(name));
  if (disks.length > 0)
    return {
      reason: 'source_missing',
      message: `smartctl finds no device but the kernel has ${disks.join(', ')}: let this service see /dev (PrivateDevices=yes and containers hide it)`,
    };
  return {
    reason: 'unsupported',
    message:
      'smartctl finds no device: this machine shows no disk with SMART, as most virtual machines; remove collectors.smartctl, or name the disks under collectors.smartctl.devices',
  };
}
