import { describe, expect, test } from 'vitest';
import { type Collection, CollectorError, type Host, type ToolOutput } from '../collector.ts';
import { parseConfig } from '../config.ts';
import { replay } from '../replay.ts';
import { identityOf } from './smartctl/identity.ts';
import { askCommand as ask, scanCommand } from '../fixtures/smartctl/reports.ts';
import { chooseTargets, parseScan, targetName } from './smartctl/scan.ts';
import { smartctl } from './smartctl.ts';

type Answers = Readonly<Record<string, string | Partial<ToolOutput> | CollectorError>>;

function scanOf(...found: readonly (readonly [name: string, type: string, protocol?: string])[]): string {
  return JSON.stringify({
    smartctl: { version: [7, 3], exit_status: 0 },
    devices: found.map(([name, type, protocol = 'SCSI']) => ({ name, info_name: name, type, protocol })),
  });
}

/** A healthy ATA disk; `id` is the last part of its WWN. */
function disk(id: number, more: object = {}): string {
  return JSON.stringify({
    smartctl: { exit_status: 0 },
    device: { protocol: 'ATA', type: 'sat' },
    model_name: 'WDC WD4003FFBX',
    serial_number: `V1${id}`,
    wwn: { naa: 5, oui: 3274, id },
    rotation_rate: 7200,
    firmware_version: '83.00A83',
    smart_status: { passed: true },
    ...more,
  });
}

const nameOf = (id: number) => `naa.5000cca${id.toString(16).padStart(9, '0')}`;

const asleep = { stdout: '{"smartctl":{"exit_status":3},"device":{"protocol":"ATA"}}', exitCode: 3 };
const failed = (why: string) => ({
  exitCode: 2,
  stdout: JSON.stringify({ smartctl: { exit_status: 2, messages: [{ string: why, severity: 'error' }] } }),
});

/** Every sample about a disk but its identity and when it was seen, as `disk: { fact: value }`. */
function byDisk({ samples }: Collection): Record<string, Record<string, number>> {
  const disks: Record<string, Record<string, number>> = {};
  for (const { name, labels, value } of samples) {
    if (/_(?:info|last_seen_timestamp_seconds)$/.test(name)) continue;
    (disks[labels['disk'] ?? ''] ??= {})[name.replace('maintenance_disk_', '')] = value;
  }
  return disks;
}

function devices({ samples }: Collection): Record<string, string | undefined> {
  return Object.fromEntries(
    samples
      .filter(({ name }) => name === 'maintenance_disk_info')
      .map(({ labels }) => [labels['disk'] ?? '', labels['device']]),
  );
}

function said({ problems }: Collection): readonly string[] {
  return problems.map(({ reason, message }) => `${reason}: ${message}`);
}

const healthy = { present: 1, readable: 1, standby: 0, smart_healthy: 1 };

/** When the first run of a machine is, unix seconds; ten minutes lie between two. */
const firstRun = 1_795_000_000;

/** One machine over several runs: its state stays, its answers change. */
function machine(state = new Map<string, unknown>()) {
  let now = firstRun - 600;
  return (commands: Answers, settings: object = {}, files: Readonly<Record<string, string>> = {}) => {
    now += 600;
    return smartctl.collect(replay({ commands, files, state, now }), settings);
  };
}

describe('smartctl', () => {
  test('asks every scanned device, with its type except scsi, which would hide SATA attributes', async () => {
    const collection = await machine()({
      [scanCommand]: scanOf(
        ['/dev/sda', 'scsi'],
        ['/dev/sdb', 'sat', 'ATA'],
        ['/dev/nvme0', 'nvme', 'NVMe'],
        ['/dev/bus/0', 'megaraid,4'],
      ),
      [ask('/dev/sda')]: disk(1),
      [ask('/dev/sdb', 'sat')]: disk(2),
      [ask('/dev/nvme0', 'nvme')]: JSON.stringify({
        device: { protocol: 'NVMe' },
        serial_number: 'S466',
        smart_status: { passed: true },
      }),
      [ask('/dev/bus/0', 'megaraid,4')]: disk(3),
    });
    expect(byDisk(collection)).toEqual({
      S466: healthy,
      [nameOf(1)]: healthy,
      [nameOf(2)]: healthy,
      [nameOf(3)]: healthy,
    });
    expect(devices(collection)).toMatchObject({ S466: '/dev/nvme0', [nameOf(3)]: '/dev/bus/0' });
    expect(said(collection)).toEqual([]);
  });

  test('shows a disk once however many ways lead to it, by the way that tells most', async () => {
    const smart = {
      ata_smart_attributes: { table: [{ id: 5, name: 'Reallocated_Sector_Ct', raw: { value: 2 } }] },
    };
    const collection = await machine()({
      [scanCommand]: scanOf(
        ['/dev/sdb', 'scsi'],
        ['/dev/sda', 'scsi'],
        ['/dev/sdc', 'scsi'],
        ['/dev/bus/0', 'megaraid,7'],
      ),
      [ask('/dev/sda')]: disk(1),
      [ask('/dev/sdb')]: disk(1),
      [ask('/dev/sdc')]: disk(2),
      [ask('/dev/bus/0', 'megaraid,7')]: disk(2, smart),
    });
    expect(byDisk(collection)).toEqual({
      [nameOf(1)]: healthy,
      [nameOf(2)]: {
        ...healthy,
        reallocated_sectors: 2,
        observed_annual_failure_ratio: 0.027_43,
        attribute_raw: 2,
      },
    });
    expect(devices(collection)).toEqual({ [nameOf(1)]: '/dev/sda', [nameOf(2)]: '/dev/bus/0' });
  });

  test('keeps two disks that claim one WWN apart and says so', async () => {
    const collection = await machine()({
      [scanCommand]: scanOf(['/dev/sda', 'scsi'], ['/dev/sdb', 'scsi']),
      [ask('/dev/sda')]: disk(1, { serial_number: 'CLONE1' }),
      [ask('/dev/sdb')]: disk(1, { serial_number: 'CLONE2', smart_status: { passed: false } }),
    });
    expect(byDisk(collection)).toEqual({ '/dev/sda': healthy, '/dev/sdb': { ...healthy, smart_healthy: 0 } });
    expect(said(collection)).toEqual([
      `unexpected_output: /dev/sda and /dev/sdb claim the same id ${nameOf(1)}; they are shown under their device names`,
    ]);
  });

  test('names a disk without WWN and serial number after its device, and never remembers that as a disk', async () => {
    const run = machine();
    const nameless = JSON.stringify({
      device: { protocol: 'ATA' },
      serial_number: '00000000',
      wwn: { naa: 0, oui: 0, id: 0 },
      smart_status: { passed: true },
    });
    const there = await run({
      [scanCommand]: scanOf(['/dev/sda', 'scsi'], ['/dev/sdb', 'scsi']),
      [ask('/dev/sda')]: nameless,
      [ask('/dev/sdb')]: disk(1),
    });
    expect(byDisk(there)).toEqual({ '/dev/sda': healthy, [nameOf(1)]: healthy });
    expect(said(there)).toEqual([]);
    const gone = await run({ [scanCommand]: scanOf(['/dev/sdb', 'scsi']), [ask('/dev/sdb')]: disk(1) });
    expect(byDisk(gone)).toEqual({ [nameOf(1)]: healthy });
  });

  test('one sick disk harms nobody', async () => {
    const collection = await machine()({
      [scanCommand]: scanOf(
        ['/dev/sda', 'scsi'],
        ['/dev/sdb', 'scsi'],
        ['/dev/sdc', 'scsi'],
        ['/dev/sdd', 'scsi'],
      ),
      [ask('/dev/sda')]: new CollectorError('timeout', 'smartctl took longer than 30 s'),
      [ask('/dev/sdb')]: disk(2),
      [ask('/dev/sdc')]: '{"smartctl":',
      [ask('/dev/sdd')]: failed('Smartctl open device: /dev/sdd failed: Permission denied'),
    });
    expect(byDisk(collection)).toEqual({
      '/dev/sda': { present: 1, readable: 0 },
      [nameOf(2)]: healthy,
      '/dev/sdc': { present: 1, readable: 0 },
      '/dev/sdd': { present: 1, readable: 0 },
    });
    expect(said(collection)).toEqual([
      'timeout: /dev/sda: smartctl took longer than 30 s; left alone until 2026-11-18T11:21Z: check the disk and its cable',
      'unexpected_output: /dev/sdc: smartctl printed no complete JSON: {"smartctl":',
      'permission_denied: /dev/sdd: Smartctl open device: /dev/sdd failed: Permission denied; run smartctl as root or with CAP_SYS_RAWIO and CAP_SYS_ADMIN',
    ]);
  });

  test('asks as many disks at once as set, each with its own limit, and stops asking before its own time is over', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `/dev/sd${String.fromCodePoint(97 + index)}`);
    let clock = 1000;
    let running = 0;
    let most = 0;
    const limits: (number | undefined)[] = [];
    const base = replay({});
    const host: Host = {
      ...base,
      now: () => clock,
      run: async (_, args, options) => {
        if (args.includes('--scan'))
          return { exitCode: 0, stderr: '', stdout: scanOf(...names.map((name) => [name, 'scsi'] as const)) };
        running += 1;
        most = Math.max(most, running);
        limits.push(options?.timeout);
        await Promise.resolve();
        running -= 1;
        clock += 20; // 40 s for a pair
        throw new CollectorError('timeout', 'smartctl took too long');
      },
    };
    const collection = await smartctl.collect(host, { device_timeout: '40s', concurrency: 2 });
    expect(most).toBe(2);
    expect(limits.slice(0, 3)).toEqual([40_000, 40_000, 40_000]);
    expect(Math.min(...limits.map(Number))).toBeLessThan(40_000);
    expect(Object.keys(byDisk(collection))).toHaveLength(12);
    expect(said(collection).filter((problem) => problem.includes('was not asked')).length).toBeGreaterThan(3);
    expect(said(collection)).toHaveLength(12);
  });

  test('is not green where smartctl shows no disk: a virtual machine without SMART', async () => {
    const collection = await machine()(
      { [scanCommand]: scanOf() },
      {},
      { '/sys/class/block/vda/size': '1', '/sys/class/block/loop0/size': '1' },
    );
    expect(collection.samples).toEqual([]);
    expect(said(collection)).toEqual([
      expect.stringMatching(/^unsupported: smartctl finds no device: .* remove collectors\.smartctl/),
    ]);
  });

  test('is not green where the service may not see the disks the kernel has (PrivateDevices)', async () => {
    const collection = await machine()(
      { [scanCommand]: '{"smartctl":{"exit_status":0}}' },
      {},
      {
        '/sys/class/block/sda/size': '1',
        '/sys/class/block/sda1/size': '1',
        '/sys/class/block/nvme0n1/size': '1',
      },
    );
    expect(said(collection)).toEqual([
      expect.stringMatching(/^source_missing: .*the kernel has nvme0n1, sda: .*PrivateDevices=yes/),
    ]);
  });

  test('a search that fails counts no devices; one that succeeds counts those it found', async () => {
    const counted = ({ foreign = [] }: Collection) =>
      foreign.flatMap(({ name, value }) => (name === 'smartctl_devices' ? [value] : []));
    const run = machine();
    expect(counted(await run({ [scanCommand]: failed('cannot scan') }))).toEqual([]);
    const found = { [scanCommand]: scanOf(['/dev/sda', 'scsi']), [ask('/dev/sda')]: disk(1) };
    expect(counted(await run(found))).toEqual([1]);
  });

  test('without smartctl fails as a whole', async () => {
    await expect(machine()({})).rejects.toMatchObject({ reason: 'tool_missing' });
  });

  test('with a smartctl that knows no JSON says which version is needed', async () => {
    const text =
      'smartctl 6.6 2016-05-31 r4324 [x86_64-linux-5.3.0] (local build)\n=======> UNRECOGNIZED OPTION: json=c\n';
    const collection = await machine()({ [scanCommand]: { stdout: text, exitCode: 1 } });
    expect(collection.samples).toEqual([]);
    expect(said(collection)).toEqual([
      'unexpected_output: smartctl 6.6 printed text instead of JSON; install smartmontools 7.0 or newer',
    ]);
  });

  test('asks configured devices beside the scanned ones, with the configured type', async () => {
    const settings = {
      devices: [
        { device: '/dev/sda', type: 'megaraid,0' },
        { device: '/dev/sdb', type: 'sat,12' },
      ],
      exclude: ['/dev/sdc', nameOf(4)],
    };
    const collection = await machine()(
      {
        [scanCommand]: scanOf(
          ['/dev/sda', 'scsi'],
          ['/dev/sdb', 'scsi'],
          ['/dev/sdc', 'scsi'],
          ['/dev/sdd', 'scsi'],
        ),
        [ask('/dev/sda', 'megaraid,0')]: disk(1),
        [ask('/dev/sda')]: failed(
          "Smartctl open device: /dev/sda failed: DELL or MegaRaid controller, please try adding '-d megaraid,N'",
        ),
        [ask('/dev/sdb', 'sat,12')]: disk(2),
        [ask('/dev/sdd')]: disk(4),
      },
      settings,
    );
    expect(byDisk(collection)).toEqual({ [nameOf(1)]: healthy, [nameOf(2)]: healthy });
    expect(said(collection)).toEqual([]);
  });

  test('says how to reach the disks of a RAID volume that nobody names', async () => {
    const collection = await machine()({
      [scanCommand]: scanOf(['/dev/sda', 'scsi']),
      [ask('/dev/sda')]: failed(
        "Smartctl open device: /dev/sda failed: DELL or MegaRaid controller, please try adding '-d megaraid,N'",
      ),
    });
    expect(collection.samples).toEqual([]);
    expect(said(collection)).toEqual([
      expect.stringMatching(
        /^device_unreadable: \/dev\/sda: .*RAID volume; name the disks behind it under collectors\.smartctl\.devices/,
      ),
    ]);
  });

  test('passes over what is no disk: an enclosure, a tape', async () => {
    const collection = await machine()({
      [scanCommand]: scanOf(['/dev/sda', 'scsi'], ['/dev/sg1', 'scsi']),
      [ask('/dev/sda')]: disk(1),
      [ask('/dev/sg1')]: '{"device":{"protocol":"SCSI"},"device_type":{"scsi_value":13,"name":"enclosure"}}',
    });
    expect(byDisk(collection)).toEqual({ [nameOf(1)]: healthy });
    expect(said(collection)).toEqual([]);
  });
});

const refuse = () => Promise.reject(new CollectorError('permission_denied', 'could not remember'));

describe('smartctl over time', () => {
  const two = {
    [scanCommand]: scanOf(['/dev/sda', 'scsi'], ['/dev/sdb', 'scsi']),
    [ask('/dev/sda')]: disk(1),
    [ask('/dev/sdb')]: disk(2),
  };

  test('a disk that is gone is present 0, with its identity, at every run until it is excluded', async () => {
    const run = machine();
    await run(two);
    const left = { [scanCommand]: scanOf(['/dev/sda', 'scsi']), [ask('/dev/sda')]: disk(1) };
    for (const _ of [1, 2]) {
      const collection = await run(left);
      expect(byDisk(collection)).toEqual({ [nameOf(1)]: healthy, [nameOf(2)]: { present: 0 } });
      const gone = collection.samples.find(
        ({ name, labels }) => name === 'maintenance_disk_info' && labels['disk'] === nameOf(2),
      );
      expect(gone?.labels).toMatchObject({ device: '', model: 'WDC WD4003FFBX', serial: 'V12', kind: 'hdd' });
      expect(said(collection)).toEqual([]);
    }
    expect(byDisk(await run(left, { exclude: [nameOf(2)] }))).toEqual({ [nameOf(1)]: healthy });
    expect(byDisk(await run(left, { exclude: ['/dev/sdb'] }))).toEqual({ [nameOf(1)]: healthy });
  });

  test('a disk under another device name is the same disk', async () => {
    const run = machine();
    await run(two);
    const swapped = await run({ ...two, [ask('/dev/sda')]: disk(2), [ask('/dev/sdb')]: disk(1) });
    expect(devices(swapped)).toEqual({ [nameOf(1)]: '/dev/sdb', [nameOf(2)]: '/dev/sda' });
    expect(byDisk(swapped)).toEqual({ [nameOf(1)]: healthy, [nameOf(2)]: healthy });
  });

  test('a disk that sleeps, or cannot be asked, keeps its name', async () => {
    const run = machine();
    await run(two);
    const later = await run({
      ...two,
      [ask('/dev/sda')]: asleep,
      [ask('/dev/sdb')]: failed('Read Device Identity failed: Input/output error'),
    });
    expect(byDisk(later)).toEqual({
      [nameOf(1)]: { present: 1, standby: 1 },
      [nameOf(2)]: { present: 1, readable: 0 },
    });
    expect(devices(later)).toEqual({ [nameOf(1)]: '/dev/sda', [nameOf(2)]: '/dev/sdb' });
    expect(said(later)).toEqual([
      expect.stringMatching(/^device_unreadable: \/dev\/sdb: Read Device Identity failed/),
    ]);
  });

  test('a sleeping device is not taken for a disk that answered elsewhere', async () => {
    const run = machine();
    await run(two);
    const later = await run({ ...two, [ask('/dev/sda')]: asleep, [ask('/dev/sdb')]: disk(1) });
    expect(byDisk(later)).toEqual({
      '/dev/sda': { present: 1, standby: 1 },
      [nameOf(1)]: healthy,
      [nameOf(2)]: { readable: 0 },
    });
  });

  test('no disk is called gone by a run that saw nothing: empty scan, hung scan, everything hidden', async () => {
    const run = machine();
    await run(two);
    const blind = { [nameOf(1)]: { readable: 0 }, [nameOf(2)]: { readable: 0 } };
    const empty = await run({ [scanCommand]: scanOf() });
    expect(byDisk(empty)).toEqual(blind);
    expect(said(empty)).toHaveLength(1);
    const hung = await run({
      [scanCommand]: new CollectorError('timeout', 'smartctl took longer than 30 s'),
    });
    expect(byDisk(hung)).toEqual(blind);
    expect(said(hung)).toEqual(['timeout: smartctl took longer than 30 s']);
    const partly = await run(
      { [scanCommand]: '', [ask('/dev/sda')]: disk(1) },
      { devices: [{ device: '/dev/sda' }] },
    );
    expect(byDisk(partly)).toEqual({ ...blind, [nameOf(1)]: healthy });
    expect(said(partly)).toEqual(['unexpected_output: smartctl printed nothing']);
    const hidden = await run(
      {
        [scanCommand]: scanOf(),
        [ask('/dev/sda')]: failed('Smartctl open device: /dev/sda failed: No such device'),
      },
      { devices: [{ device: '/dev/sda' }] },
    );
    expect(byDisk(hidden)).toEqual(blind);
    expect(said(hidden)).toEqual([
      expect.stringMatching(/^source_missing: \/dev\/sda: .*No such device; correct or remove it/),
    ]);
  });

  test('a damaged memory is a problem, and the disks are learned anew', async () => {
    const state = new Map<string, unknown>([['smartctl-disks', { disks: { a: { device: 7 } } }]]);
    const first = await smartctl.collect(replay({ commands: two, state }), {});
    expect(said(first)).toEqual([
      'state_unreadable: smartctl-disks is damaged; the known disks are learned anew',
    ]);
    expect(byDisk(first)).toEqual({ [nameOf(1)]: healthy, [nameOf(2)]: healthy });
    expect(said(await smartctl.collect(replay({ commands: two, state }), {}))).toEqual([]);
  });

  test('a memory that cannot be written is a problem and costs no fact', async () => {
    const host = replay({ commands: two });
    const collection = await smartctl.collect({ ...host, state: { ...host.state, write: refuse } }, {});
    expect(byDisk(collection)).toEqual({ [nameOf(1)]: healthy, [nameOf(2)]: healthy });
    expect(said(collection)).toEqual(['permission_denied: could not remember']);
  });

  test('what is remembered is written only when it changed', async () => {
    const host = replay({ commands: two });
    let writes = 0;
    const write = async (name: string, document: unknown) => {
      writes += 1;
      await host.state.write(name, document);
    };
    const counting = { ...host, state: { ...host.state, write } };
    await smartctl.collect(counting, {});
    await smartctl.collect(counting, {});
    expect(writes).toBe(1);
  });
});

const parse = (text: string) => () => parseConfig(`collectors: { smartctl: ${text} }`, {}, [smartctl]);

describe('smartctl configuration', () => {
  test('takes devices, exclusions and a duration', () => {
    const given =
      '{ devices: [{ device: /dev/bus/0, type: "megaraid,1" }], exclude: [/dev/sdx], device_timeout: 45s }';
    expect(parse(given)().jobs).toHaveLength(1);
  });

  test.each([
    ['{ device: /dev/sda }', 'collectors.smartctl.device: unknown key; did you mean devices?'],
    ['{ devices: [/dev/sda] }', 'collectors.smartctl.devices.0:'],
    [
      '{ devices: [{ device: /dev/sda, typ: sat }] }',
      'collectors.smartctl.devices.0.typ: unknown key; did you mean type?',
    ],
    [
      '{ devices: [{ device: -x }] }',
      'collectors.smartctl.devices.0.device: expected a device such as /dev/sda',
    ],
    ['{ device_timeout: 30 }', 'collectors.smartctl.device_timeout:'],
    ['{ exclude: ["/dev/sd[z-a]"] }', 'collectors.smartctl.exclude.0: expected a name, with *, ? and [...]'],
    ['{ leave_alone: [""] }', 'collectors.smartctl.leave_alone.0:'],
    ['{ concurrency: 0 }', 'collectors.smartctl.concurrency:'],
  ])('refuses %s', (text, message) => {
    expect(parse(text)).toThrow(message);
  });

  test('is proposed by init where the scan shows a disk', async () => {
    expect(
      await smartctl.detect(replay({ commands: { [scanCommand]: scanOf(['/dev/sda', 'scsi']) } })),
    ).toEqual({});
    expect(await smartctl.detect(replay({ commands: { [scanCommand]: scanOf() } }))).toBeUndefined();
    expect(await smartctl.detect(replay({}))).toBeUndefined();
  });
});

describe('a scan', () => {
  test('without devices is empty; one that is no scan or names no device is unexpected output', () => {
    expect(parseScan('{"smartctl":{"exit_status":0}}')).toEqual([]);
    for (const text of [
      '{"Controllers":[]}',
      '{"smartctl":{},"devices":{}}',
      '{"smartctl":{},"devices":[{"type":"sat"}]}',
      '{"smartctl":{},"devices":[{"name":"--test"}]}',
    ])
      expect(() => parseScan(text), text).toThrow(expect.objectContaining({ reason: 'unexpected_output' }));
  });

  test('keeps members of one controller apart and drops what is named twice', () => {
    const scanned = parseScan(
      scanOf(
        ['/dev/bus/0', 'megaraid,8'],
        ['/dev/bus/0', 'megaraid,9'],
        ['/dev/bus/0', 'megaraid,9'],
        ['/dev/sda', 'scsi'],
      ),
    );
    expect(chooseTargets([], scanned).map(targetName)).toEqual([
      '/dev/bus/0 (megaraid,8)',
      '/dev/bus/0 (megaraid,9)',
      '/dev/sda',
    ]);
  });
});

describe('who a disk is', () => {
  test.each([
    [
      'the WWN of ATA, with all its zeros',
      { wwn: { naa: 5, oui: 57, id: 1_234_567_890 }, serial_number: 'A' },
      'naa.50000390499602d2',
    ],
    ['the designator of SCSI', { logical_unit_id: '0x5000C500A1B2C3D4' }, 'naa.5000c500a1b2c3d4'],
    ['the serial number without a WWN', { serial_number: ' Z1Z5  DWJK ' }, 'Z1Z5 DWJK'],
    [
      'the serial number of NVMe, not the namespace',
      {
        device: { protocol: 'NVMe' },
        serial_number: 'S466',
        nvme_namespaces: [{ eui64: { oui: 9528, ext_id: 1 } }],
      },
      'S466',
    ],
    [
      'nothing where the fields hold nothing',
      { wwn: { naa: 0, oui: 0, id: 0 }, logical_unit_id: '0x0000000000000000', serial_number: '0000' },
      undefined,
    ],
    [
      'nothing where the WWN is no WWN',
      { wwn: { naa: 5, oui: 2 ** 30, id: 1 }, serial_number: 'Unknown' },
      undefined,
    ],
  ])('is %s', (_, report, id) => {
    expect(identityOf(report).id).toBe(id);
  });
});
