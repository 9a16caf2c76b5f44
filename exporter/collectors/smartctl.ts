import { z } from 'zod';
import { metricsOf } from '../metrics.ts';
import { type Collection, defineCollector, type Host, type Problem } from '../collector.ts';
import { durationSchema } from '../duration.ts';
import { type Answer, judgeAnswer, unanswered } from './smartctl/answer.ts';
import { askAll, type Asked } from './smartctl/ask-all.ts';
import { attempt } from './smartctl/attempt.ts';
import { compatHostSamples, compatSamples, withoutClashes } from './smartctl/compat/samples.ts';
import { findDevices, scanDevices, whyNoDevice } from './smartctl/discover.ts';
import { presentSamples, unseenSamples } from './smartctl/disk-samples.ts';
import { type DiskAnswer, problemsOf, resolveDisks } from './smartctl/disks.ts';
import { nothingKnown, readKnown, writeKnown } from './smartctl/known.ts';
import { isGone, learn, meetStrangers, notFound, type Sight } from './smartctl/learn.ts';
import { parseReport } from './smartctl/report.ts';
import { isRetired, readRetired, recordReturns } from './smartctl/retired.ts';
import { chooseTargets, isMember, type Target } from './smartctl/scan.ts';
import { diskTest, isPattern, selectTargets } from './smartctl/select.ts';
import { dateSelfTests } from './smartctl/self-tests/memory.ts';

const device = z.string().regex(/^[^-]/, 'expected a device such as /dev/sda');

const patterns = z
  .array(
    z.string().min(1).refine(isPattern, { error: 'expected a name, with *, ? and [...] for what varies' }),
  )
  .default([]);

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
  scan: z.boolean().default(true).describe('Whether to look for disks; `false` asks only `devices`.'),
  include: patterns.describe(
    'Only these: device (`/dev/sd*`), disk (the `disk` label) or serial number, with `*`, `?` and `[...]`. All when empty.',
  ),
  exclude: patterns.describe(
    "Devices, disks or serial numbers, written the same way, that are nobody's business: no series, no alert.",
  ),
  leave_alone: patterns.describe(
    'Devices, written the same way, that are never opened: there, but readable is 0 and their health unknown.',
  ),
  device_timeout: durationSchema.default(30).describe('How long one disk may take, seconds or `1m`.'),
  concurrency: z.int().min(1).max(64).default(4).describe('How many disks are asked at once.'),
});
type Settings = z.infer<typeof settings>;

/**
 * A log a disk does not keep leaves the rest of the report valid (bit 2 of the exit status at most). `--log=error` is
 * where SCSI keeps its uncorrected errors and pending defects, `--log=ssd` the standard wear indicator of SAS.
 * ATA disks may count errors only in the extended log, and tests only in the old one. `--capabilities` costs no
 * command: it tells whether a self-test runs and the temperature limits of NVMe.
 */
const reportArguments = [
  '--json=c',
  '--nocheck=standby,3',
  '--info',
  '--health',
  '--capabilities',
  '--attributes',
  '--log=error',
  '--log=xerror,1',
  '--log=selftest',
  '--log=xselftest',
  '--log=devstat',
  '--log=scttempsts',
  '--log=ssd',
];

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

async function collect(host: Host, config: Settings): Promise<Collection> {
  const remembered = await attempt(() => readKnown(host), { memory: nothingKnown, problems: [] });
  const { memory, problems: damage } = remembered.value;
  const retired = await attempt(() => readRetired(host), { disks: new Map(), problems: [] });
  const scan = await findDevices(host, { scan: config.scan, limit: config.device_timeout }, memory.scan);
  const devices = chooseTargets(config.devices, scan.targets);
  const { asked: targets, leftAlone } = selectTargets(devices, config);
  const round = await askAll(
    host,
    targets,
    memory,
    { limit: config.device_timeout, concurrency: config.concurrency },
    (target, limit) => ask(host, target, limit),
  );
  const found = resolveDisks([...round.answers.filter(isDisk), ...leftAlone.map(untouched)], memory.disks);

  const wanted = diskTest(config);
  const sight: Sight = {
    disks: found.disks,
    scanned: scan.problem === undefined,
    now: Math.floor(host.now()),
    ignored: (id, disk) => !wanted({ ...disk, id, ways: [disk, ...(disk.ways ?? [])] }),
  };
  const strangers = meetStrangers(memory.strangers, sight);
  const disks = learn(memory.disks, strangers, sight);
  const returned = await attempt(
    () => recordReturns(host, memory.disks, disks, retired.value.disks),
    undefined,
  );
  const after = { ...round, strangers, scan: scan.leftBehind, disks };
  const written = await attempt(
    () =>
      // A return that could not be recorded is one at the next run, too.
      writeKnown(
        host,
        memory,
        returned.problem === undefined ? after : { ...after, disks: memory.disks },
        damage.length > 0,
      ),
    undefined,
  );

  const dated = await attempt(() => dateSelfTests(host, found.disks), { disks: found.disks, problems: [] });
  const shown = dated.value.disks.filter(({ id, answer, ways }) => wanted({ ...answer.identity, id, ways }));
  const failures = [remembered, retired, scan, returned, written, dated];
  const read = shown.flatMap(({ answer }) => (answer.state === 'readable' ? [answer] : []));
  return {
    foreign: [
      ...compatHostSamples(
        read[0]?.report,
        scan.problem === undefined && targets.length > 0 ? targets.length : undefined,
      ),
      ...withoutClashes(read.map(({ report, target }) => compatSamples(report, target))),
    ],
    samples: [
      ...shown.flatMap((disk) => presentSamples(disk, disks)),
      ...notFound(disks, sight)
        .filter(([id, disk]) => !isRetired(retired.value.disks.get(id), disk))
        .flatMap(([id, disk]) =>
          unseenSamples(id, disk, isGone(memory.disks.get(id) ?? disk, strangers, sight)),
        ),
    ],
    problems: [
      ...damage,
      ...retired.value.problems,
      ...dated.value.problems,
      ...failures.flatMap(({ problem }) => problem ?? []),
      ...(round.answers.length + leftAlone.length === 0 && scan.problem === undefined
        ? [await whyNoDevice(host, { scan: config.scan, found: devices.length > 0 })]
        : []),
      ...found.problems,
      ...shown.flatMap(({ answer }) => (leftAlone.includes(answer.target) ? [] : problemsOf(answer))),
      ...otherProblems(round.answers, targets),
    ],
  };
}

/** There, and not to be opened: nothing is known of its health, as was asked for. */
function untouched(target: Target): DiskAnswer {
  const answer = unanswered(target, 'device_unreadable', 'is left alone');
  return { ...answer, state: 'unreadable', problem: { reason: 'device_unreadable', message: '' } };
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

/** The most one report may take, bytes: the largest there are have some 100 KiB. */
const largestReport = 4 * 1024 * 1024;

async function ask(host: Host, target: Target, limit: number): Promise<Asked> {
  const { device: name, type } = target;
  const args = [...reportArguments, ...(type === undefined ? [] : [`--device=${type}`]), name];
  const options = { timeout: limit * 1000, maxOutput: largestReport };
  const { value, problem, leftBehind } = await attempt(async () => {
    const { stdout, exitCode } = await host.run('smartctl', args, options);
    return judgeAnswer(target, parseReport(stdout), exitCode, host.now());
  }, undefined);
  const answer = value ?? unanswered(target, problem?.reason ?? 'internal_error', problem?.message ?? '');
  return { answer, leftBehind };
}
