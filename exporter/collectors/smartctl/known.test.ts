import { expect, test } from 'vitest';
import { type Collection, CollectorError, type Host, type ToolOutput } from '../../collector.ts';
import type { Evidence } from '../../evidence.ts';
import { replay } from '../../replay.ts';
import { smartctl } from '../smartctl.ts';

type Answer = string | Partial<ToolOutput> | CollectorError;

const start = 1_795_000_000;

/** One machine with its memory; each run is ten minutes after the one before, and is asked by device, `DEVICE (TYPE)` where it has a type. */
function machine(state = new Map<string, unknown>()) {
  const evidence: Evidence[] = [];
  const asked: string[] = [];
  let now = start - 600;
  const run = (
    devices: Readonly<Record<string, Answer>> | CollectorError,
    settings: object = {},
    change: (host: Host) => Host = (host) => host,
  ) => {
    now += 600;
    const host = replay({ state, evidence, now });
    return smartctl.collect(
      change({
        ...host,
        run: async (_, args) => {
          if (devices instanceof CollectorError) throw devices;
          if (args.includes('--scan')) return output(scanOf(Object.keys(devices)));
          const type = args.find((arg) => arg.startsWith('--device='))?.slice(9);
          const name = type === undefined ? args.at(-1) : `${args.at(-1)} (${type})`;
          asked.push(name ?? '');
          const answer = devices[name ?? ''];
          if (answer === undefined) throw new Error(`${name} was not to be asked`);
          if (answer instanceof CollectorError) throw answer;
          return output(answer);
        },
      }),
      settings,
    );
  };
  return { run, state, evidence, asked, clock: () => now };
}

function output(answer: string | Partial<ToolOutput>): ToolOutput {
  return {
    exitCode: 0,
    stdout: '',
    stderr: '',
    ...(typeof answer === 'string' ? { stdout: answer } : answer),
  };
}

function scanOf(names: readonly string[]): string {
  const devices = names.map((name) => {
    const [, device, type] = /^(\S+)(?: \((.*)\))?$/.exec(name) ?? [];
    return { name: device, type: type ?? 'scsi', protocol: 'SCSI' };
  });
  return JSON.stringify({ smartctl: { exit_status: 0 }, devices });
}

interface Made {
  readonly wwn?: number;
  readonly serial?: string;
  readonly model?: string;
  readonly hours?: number;
  readonly more?: object;
}

function disk({
  wwn,
  serial = 'SERIAL',
  model = 'WDC WD4003FFBX-68MU3N0',
  hours = 100,
  more = {},
}: Made): string {
  return JSON.stringify({
    smartctl: { exit_status: 0 },
    device: { protocol: 'ATA' },
    model_name: model,
    serial_number: serial,
    ...(wwn === undefined ? {} : { wwn: { naa: 5, oui: 3274, id: wwn } }),
    power_on_time: { hours },
    smart_status: { passed: true },
    ...more,
  });
}

const one = disk({ wwn: 1, serial: 'ONE1' });
const two = disk({ wwn: 2, serial: 'TWO2' });
const [first, second] = ['naa.5000cca000000001', 'naa.5000cca000000002'];
const asleep = { exitCode: 3, stdout: '{"smartctl":{"exit_status":3}}' };
const hung = new CollectorError('timeout', 'smartctl took longer than 30 s');

const shownFacts = /_(present|readable|standby|last_seen_timestamp_seconds)$/;
/** By disk: presence and state, and `seen`: runs since it was last read. */
function seen({ samples }: Collection, now: number): Record<string, Record<string, number>> {
  const disks: Record<string, Record<string, number>> = {};
  for (const { name, labels, value } of samples) {
    const [, fact] = shownFacts.exec(name) ?? [];
    if (fact === undefined) continue;
    const facts = (disks[labels['disk'] ?? ''] ??= {});
    if (fact.startsWith('last_seen')) facts['seen'] = (now - value) / 600;
    else facts[fact] = value;
  }
  return disks;
}

function said({ problems }: Collection): readonly string[] {
  return problems.map(({ reason, message }) => `${reason}: ${message}`);
}

const fine = { present: 1, readable: 1, standby: 0, seen: 0 };

test('a disk that vanishes is present 0 with the time it was last read, and one that returns is there again', async () => {
  const { run, clock } = machine();
  await run({ '/dev/sda': one, '/dev/sdb': two });
  for (const ago of [1, 2])
    expect(seen(await run({ '/dev/sda': one }), clock())).toEqual({
      [first]: fine,
      [second]: { present: 0, seen: ago },
    });
  const back = await run({ '/dev/sda': one, '/dev/sdc': two });
  expect(seen(back, clock())).toEqual({ [first]: fine, [second]: fine });
  expect(said(back)).toEqual([]);
});

test('an unreadable scan makes no disk vanish, and one that was gone is unknown too', async () => {
  const { run, clock } = machine();
  await run({ '/dev/sda': one, '/dev/sdb': two });
  await run({ '/dev/sda': one });
  for (const blind of [await run(hung), await run({})]) {
    expect(seen(blind, clock())).toMatchObject({ [first]: { readable: 0 }, [second]: { readable: 0 } });
    expect(blind.samples.filter(({ name }) => name === 'maintenance_disk_present')).toEqual([]);
    expect(said(blind)).toHaveLength(1);
  }
  expect(seen(await run({ '/dev/sda': one }), clock())[second]).toEqual({ present: 0, seen: 4 });
});

test('a disk that moves to another port, or behind a controller that hides its WWN, keeps its name and history', async () => {
  const { run, clock } = machine();
  await run({ '/dev/sda': one, '/dev/sdb': two });
  expect(seen(await run({ '/dev/sda': two, '/dev/sdb': one }), clock())).toEqual({
    [first]: fine,
    [second]: fine,
  });
  const behind = await run({
    '/dev/sda': two,
    '/dev/bus/0 (megaraid,3)': disk({ serial: 'ONE1', model: 'ATA WDC WD4003FFBX-68' }),
  });
  expect(seen(behind, clock())).toEqual({ [first]: fine, [second]: fine });
  expect(said(behind)).toEqual([]);
});

test('a disk by its WWN and by serial number and model is one disk; another model or time of operation is not', async () => {
  const { run, clock } = machine();
  const both = await run({
    '/dev/sda': one,
    '/dev/bus/0 (megaraid,3)': disk({ serial: 'ONE1', more: { temperature: { current: 30 } } }),
  });
  expect(seen(both, clock())).toEqual({ [first]: fine });
  // The way that tells more.
  expect(both.samples.find(({ name }) => name === 'maintenance_disk_temperature_celsius')?.value).toBe(30);

  const cheap = await machine().run({
    '/dev/sda': disk({ serial: '0123456789', hours: 10 }),
    '/dev/sdb': disk({ serial: '0123456789', hours: 5000, more: { smart_status: { passed: false } } }),
    '/dev/sdc': disk({ serial: 'X123', model: 'A' }),
    '/dev/sdd': disk({ serial: 'X123', model: 'B' }),
  });
  expect(Object.keys(seen(cheap, start)).toSorted()).toEqual([
    '/dev/sda',
    '/dev/sdb',
    '/dev/sdc',
    '/dev/sdd',
  ]);
  expect(said(cheap)).toEqual([
    'unexpected_output: /dev/sda and /dev/sdb claim the same id 0123456789; they are shown under their device names',
    'unexpected_output: /dev/sdc and /dev/sdd claim the same id X123; they are shown under their device names',
  ]);
});

test('when two ways to a disk disagree, the failing verdict counts', async () => {
  const { run } = machine();
  const more = { smart_status: { passed: false } };
  const rich = { temperature: { current: 30 }, user_capacity: { bytes: 4e12 } };
  const collection = await run({
    '/dev/sda': disk({ wwn: 1, serial: 'ONE1', more }),
    '/dev/bus/0 (megaraid,3)': disk({ wwn: 1, serial: 'ONE1', more: rich }),
  });
  const verdicts = collection.samples.filter(({ name }) => name === 'maintenance_disk_smart_healthy');
  expect(verdicts.map(({ labels, value }) => [labels['disk'], value])).toEqual([[first, 0]]);
});

test('one of two ways to a disk that fails is a problem, and no second disk', async () => {
  const { run, clock } = machine();
  await run({ '/dev/sda': one, '/dev/sdb': one });
  const half = await run({ '/dev/sda': one, '/dev/sdb': hung });
  expect(seen(half, clock())).toEqual({ [first]: fine });
  expect(said(half)).toEqual([
    expect.stringMatching(/^timeout: \/dev\/sdb: smartctl took longer than 30 s; left alone/),
  ]);
  const none = await run({ '/dev/sda': asleep, '/dev/sdb': hung });
  expect(seen(none, clock())).toEqual({ [first]: { present: 1, standby: 1, seen: 1 } });
});

test('a silent device is not the disk that was there before the last one', async () => {
  const { run, clock } = machine();
  await run({ '/dev/sda': one, '/dev/sdb': two });
  await run({ '/dev/sda': one });
  await run({ '/dev/sda': one, '/dev/sdb': disk({ wwn: 3, serial: 'THREE3' }) });
  expect(seen(await run({ '/dev/sda': one, '/dev/sdb': asleep }), clock())).toEqual({
    [first]: fine,
    [second]: { present: 0, seen: 3 },
    'naa.5000cca000000003': { present: 1, standby: 1, seen: 1 },
  });
});

test('a silent device where a disk was that is gone since is not taken for it, but may be it', async () => {
  const { run, clock } = machine();
  await run({ '/dev/sda': one, '/dev/sdb': two });
  await run({ '/dev/sda': one });
  expect(seen(await run({ '/dev/sda': one, '/dev/sdb': asleep }), clock())).toEqual({
    [first]: fine,
    [second]: { readable: 0, seen: 2 },
    '/dev/sdb': { present: 1, standby: 1 },
  });
  expect(seen(await run({ '/dev/sda': one, '/dev/sdx': asleep }), clock())[second]).toEqual({
    present: 0,
    seen: 3,
  });
});

test('a silent device that was there beside a disk cannot be that disk; a new one can', async () => {
  const failed = {
    exitCode: 2,
    stdout: '{"smartctl":{"exit_status":2,"messages":[{"string":"Read failed","severity":"error"}]}}',
  };
  const { run, clock } = machine();
  await run({ '/dev/sda': one, '/dev/sdb': two, '/dev/sdx': failed });
  expect(seen(await run({ '/dev/sda': one, '/dev/sdx': failed }), clock())[second]).toEqual({
    present: 0,
    seen: 1,
  });
  const { run: other, clock: otherClock } = machine();
  await other({ '/dev/sda': one, '/dev/sdb': two });
  expect(seen(await other({ '/dev/sda': one, '/dev/sdx': failed }), otherClock())[second]).toEqual({
    readable: 0,
    seen: 1,
  });
});

test('devices that are left alone are never opened, and include and exclude take devices, disks and serial numbers with wildcards', async () => {
  const { run, asked, clock } = machine();
  await run({ '/dev/sda': one, '/dev/sdb': two });
  asked.length = 0;
  const careful = await run({ '/dev/sda': one, '/dev/sdb': two }, { leave_alone: ['/dev/sd[b-z]'] });
  expect(asked).toEqual(['/dev/sda']);
  expect(seen(careful, clock())).toEqual({ [first]: fine, [second]: { present: 1, readable: 0, seen: 1 } });
  expect(said(careful)).toEqual([]);
  const all = { '/dev/sda': one, '/dev/sdb': two };
  for (const settings of [
    { exclude: ['TWO*'] },
    { exclude: ['naa.*2'] },
    { exclude: ['/dev/sd[b-z]'] },
    { include: ['/dev/sda'] },
    { include: ['ONE?'] },
    { include: ['naa.*', '/dev/*'], exclude: [second] },
  ]) {
    const collection = await run(all, settings);
    expect(seen(collection, clock()), JSON.stringify(settings)).toEqual({ [first]: fine });
    expect(said(collection)).toEqual([]);
  }
  expect(asked.filter((name) => name === '/dev/sdb')).toHaveLength(4);
  // What was not looked for is not gone.
  expect(seen(await run(all), clock())).toEqual({ [first]: fine, [second]: fine });
});

test('without a scan only the named devices are asked, and with none it says so', async () => {
  const { run, asked, clock } = machine();
  const named = await run(
    { '/dev/sda': one, '/dev/sdb': two },
    { scan: false, devices: [{ device: '/dev/sda' }] },
  );
  expect(asked).toEqual(['/dev/sda']);
  expect(seen(named, clock())).toEqual({ [first]: fine });
  expect(said(await run({}, { scan: false }))).toEqual([
    'source_missing: scan is false and collectors.smartctl.devices names no disk: name one, or set scan: true',
  ]);
});

test('include and exclude that leave no disk are a problem', async () => {
  const { run, asked } = machine();
  const nothing = await run({ '/dev/sda': one }, { exclude: ['/dev/*'] });
  expect(asked).toEqual([]);
  expect(nothing.samples).toEqual([]);
  expect(said(nothing)).toEqual([
    'unsupported: collectors.smartctl.include and exclude leave no disk: correct them, or remove collectors.smartctl',
  ]);
});

test('a retired disk is missed no longer; when it comes back it is in service again, and that is on record', async () => {
  const { run, state, evidence, clock } = machine();
  await run({ '/dev/sda': one, '/dev/sdb': two });
  await run({ '/dev/sda': one });
  state.set('smartctl-retired', { disks: { [second]: { at: clock() + 5, by: 'ada', why: 'replaced' } } });
  expect(seen(await run({ '/dev/sda': one }), clock())).toEqual({ [first]: fine });
  expect(seen(await run(hung), clock())).toEqual({ [first]: { readable: 0, seen: 1 } });
  expect(evidence).toEqual([]);
  expect(seen(await run({ '/dev/sda': one, '/dev/sdb': two }), clock())).toEqual({
    [first]: fine,
    [second]: fine,
  });
  expect(evidence).toEqual([
    {
      kind: 'disk_returned',
      id: `disk_returned:${second}:${clock()}`,
      at: new Date(clock() * 1000).toISOString(),
      outcome: 'returned',
      tool: 'smartctl',
      source: '/dev/sdb',
      details: {
        disk: second,
        model: 'WDC WD4003FFBX-68MU3N0',
        serial: 'TWO2',
        retired_at: new Date((start + 605) * 1000).toISOString(),
        retired_by: 'ada',
      },
    },
  ]);
  expect(seen(await run({ '/dev/sda': one }), clock())[second]).toEqual({ present: 0, seen: 1 });
  expect(evidence).toHaveLength(1);
});

test('a disk that was retired before it was taken out is shown while it is there, and not missed after', async () => {
  const { run, state, evidence, clock } = machine();
  await run({ '/dev/sda': one, '/dev/sdb': two });
  state.set('smartctl-retired', { disks: { [second]: { at: clock() + 5, by: 'ada' } } });
  expect(seen(await run({ '/dev/sda': one, '/dev/sdb': two }), clock())).toEqual({
    [first]: fine,
    [second]: fine,
  });
  expect(seen(await run({ '/dev/sda': one }), clock())).toEqual({ [first]: fine });
  expect(evidence).toEqual([]);
  await run({ '/dev/sda': one, '/dev/sdb': two });
  expect(evidence).toHaveLength(1);
  expect(seen(await run({ '/dev/sda': one }), clock())[second]).toEqual({ present: 0, seen: 1 });
});

test('a return that cannot be recorded is a problem, and recorded at the next run', async () => {
  const { run, state, evidence, clock } = machine();
  await run({ '/dev/sda': one, '/dev/sdb': two });
  await run({ '/dev/sda': one });
  state.set('smartctl-retired', { disks: { [second]: { at: clock() + 5, by: 'ada' } } });
  const full = () => Promise.reject(new CollectorError('state_unwritable', 'no space'));
  const both = { '/dev/sda': one, '/dev/sdb': two };
  expect(said(await run(both, {}, (host) => ({ ...host, evidence: full })))).toEqual([
    'state_unwritable: no space',
  ]);
  expect(said(await run(both))).toEqual([]);
  expect(evidence.map(({ kind }) => kind)).toEqual(['disk_returned']);
});

test('damaged retirements are a problem, and the disk is missed: rather an alarm too many', async () => {
  const { run, state, clock } = machine();
  await run({ '/dev/sda': one, '/dev/sdb': two });
  state.set('smartctl-retired', { disks: [second] });
  const collection = await run({ '/dev/sda': one });
  expect(seen(collection, clock())[second]).toEqual({ present: 0, seen: 1 });
  expect(said(collection)).toEqual([
    'state_unreadable: smartctl-retired is damaged; retire the disks that are out of service again',
  ]);
});

test('the memory of the version before is read: disks, and nothing else', async () => {
  const identity = { protocol: 'ATA', kind: 'hdd', model: 'WDC', firmware: '1' };
  const { run, clock } = machine(
    new Map([
      [
        'smartctl-disks',
        {
          disks: {
            [first]: { device: '/dev/sda', serial: 'ONE1', ...identity },
            [second]: { device: '/dev/bus/0', type: 'megaraid,1', serial: 'TWO2', ...identity },
          },
        },
      ],
    ]),
  );
  const collection = await run({ '/dev/sda': one });
  // When it was last seen was not remembered then.
  expect(seen(collection, clock())).toEqual({ [first]: fine, [second]: { present: 0 } });
  expect(said(collection)).toEqual([]);
  expect(seen(await run({ '/dev/sda': one, '/dev/sdb': two }), clock())).toEqual({
    [first]: fine,
    [second]: fine,
  });
});

test('a scan that cannot be ended is not joined by a second one', async () => {
  const stat = `77 (smartctl) D ${'0 '.repeat(18)}4711 0`;
  const { run, asked } = machine();
  const stuck = (text: string) => (host: Host) => ({
    ...host,
    read: async (path: string) => (path === '/proc/77/stat' ? text : undefined),
  });
  await run({ '/dev/sda': one });
  await run(
    new CollectorError('timeout', 'smartctl took longer than 30 s', { leftBehind: 77 }),
    {},
    stuck(stat),
  );
  asked.length = 0;
  expect(said(await run({ '/dev/sda': one }, {}, stuck(stat)))).toEqual([
    expect.stringMatching(/^timeout: an earlier smartctl --scan \(process 77\) cannot be ended/),
  ]);
  expect(asked).toEqual([]);
  // Another process has that id now.
  expect(said(await run({ '/dev/sda': one }, {}, stuck(stat.replace('4711', '9999'))))).toEqual([]);
  expect(asked).toEqual(['/dev/sda']);
});

test('back-off doubles up to six hours, and ends when another disk has the name, the machine was started or the clock was set back', async () => {
  const files = new Map([
    ['/proc/sys/kernel/random/boot_id', 'boot-1\n'],
    ['/sys/class/block/sdb/diskseq', '7\n'],
  ]);
  const { run, asked, clock } = machine();
  const attached =
    (now = clock() + 600) =>
    (host: Host) => ({ ...host, now: () => now, read: async (path: string) => files.get(path) });
  const sick = { '/dev/sda': one, '/dev/sdb': hung };
  const askedAt: number[] = [];
  for (let index = 0; index < 120; index += 1) {
    asked.length = 0;
    // A scan that fails now and then makes no disk better.
    await run(index % 10 === 4 ? hung : sick, {}, attached());
    if (asked.includes('/dev/sdb')) askedAt.push(index * 10);
  }
  // Minutes: 15, 30, 60, 120, 240, 360, 360 on a clock of 10 minutes.
  expect(askedAt).toEqual([0, 20, 50, 110, 230, 470, 830, 1190]);
  const isAsked = async (now?: number) => {
    asked.length = 0;
    await run(sick, {}, attached(now));
    return asked.includes('/dev/sdb');
  };
  expect(await isAsked()).toBe(false);
  files.set('/sys/class/block/sdb/diskseq', '8\n');
  expect(await isAsked()).toBe(true);
  expect(await isAsked()).toBe(false);
  files.set('/proc/sys/kernel/random/boot_id', 'boot-2\n');
  expect(await isAsked()).toBe(true);
  expect(await isAsked(start - 86_400)).toBe(true);
});

test('slow disks starve nobody for ever: who was not reached is asked first, who was cut short is not sick', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `/dev/sd${String.fromCodePoint(97 + index)}`);
  const devices = Object.fromEntries(
    names.map((name, index) => [name, disk({ wwn: index + 1, serial: `S${index}000` })]),
  );
  const { run, asked } = machine();
  let clock = 0;
  const slow = (host: Host): Host => ({
    ...host,
    now: () => clock,
    run: async (tool, args, options) => {
      const answer = await host.run(tool, args, options);
      if (args.includes('--scan')) return answer;
      const needed = 30;
      const given = (options?.timeout ?? 0) / 1000;
      clock += Math.min(needed, given);
      if (given < needed) throw new CollectorError('timeout', `smartctl took longer than ${given} s`);
      return answer;
    },
  });
  const read = new Set<string>();
  for (const expected of [3, 6, 9, 12, 12]) {
    asked.length = 0;
    clock += 600;
    const collection = await run(devices, { concurrency: 1, device_timeout: '40s' }, slow);
    for (const { name, labels } of collection.samples)
      if (name === 'maintenance_disk_smart_healthy') read.add(labels['disk'] ?? '');
    expect(read.size).toBe(expected);
    expect(said(collection).filter((problem) => problem.includes('left alone'))).toEqual([]);
    expect(
      said(collection).filter((problem) => problem.includes('it is asked first next time')),
    ).toHaveLength(9);
  }
});
