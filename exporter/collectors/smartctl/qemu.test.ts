import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Problem } from '../../collector.ts';
import { disk } from '../../fixtures/guest/disks.ts';
import { bootGuest, type Guest } from '../../fixtures/guest/guest.ts';
import { smartctl } from '../smartctl.ts';

/** The real smartctl and a real kernel on disks that QEMU and the kernel's scsi_debug emulate. */
let guest: Guest;
/** What the collector saw when everything was well. */
let atFirst: Seen;
const [flash, twoPaths, ata, sas] = ['FLASH-1', 'FLASH-2', 'naa.5000c500a1b2c3d4', 'naa.33333330000007d0'];
const [virtual, cloned] = ['naa.5000c500a1b2c3d5', 'naa.5000c500a1b2c3d7'];

const controllers = [
  'pcie-root-port,id=bay,chassis=1',
  'virtio-scsi-pci,id=scsi',
  'ich9-ahci,id=ahci',
  'megasas,id=raid',
  'nvme-subsys,id=array',
  `nvme,id=path-a,serial=${twoPaths},subsys=array`,
  `nvme,id=path-b,serial=${twoPaths},subsys=array`,
].flatMap((device) => ['-device', device]);
const spinning = 'rotation_rate=7200,model=EMULATED HDD';

beforeAll(async () => {
  guest = await bootGuest(
    (folder) => [
      ...controllers,
      ...disk(folder, 'flash', 64, `nvme,serial=${flash},bus=bay`),
      ...disk(folder, 'shared', 32, 'nvme-ns,nsid=1,shared=on,bus=path-a'),
      ...disk(folder, 'ata', 96, `ide-hd,bus=ahci.0,serial=ATA-1,wwn=0x5000c500a1b2c3d4,${spinning}`),
      ...disk(folder, 'original', 16, `ide-hd,bus=ahci.1,serial=ATA-2,wwn=0x5000c500a1b2c3d7,${spinning}`),
      ...disk(folder, 'clone', 16, `ide-hd,bus=ahci.2,serial=ATA-3,wwn=0x5000c500a1b2c3d7,${spinning}`),
      ...disk(folder, 'virtual', 16, 'scsi-hd,bus=scsi.0,serial=SCSI-1,wwn=0x5000c500a1b2c3d5'),
      ...disk(folder, 'raid', 16, 'scsi-hd,bus=raid.0,scsi-id=0,serial=RAID-1,wwn=0x5000c500a1b2c3d6'),
    ],
    ['nvme', 'ahci', 'virtio_scsi', 'megaraid_sas', 'sd_mod', 'sg'],
  );
  // Two hosts with one disk behind both, as a SAS disk with two ports.
  await guest.must('modprobe', 'scsi_debug', 'dev_size_mb=16', 'add_host=2', 'vpd_use_hostno=0');
  await devices(/^sd[a-z]$/, 7);
  await devices(/^nvme\d$/, 3);
  atFirst = await look();
}, 900_000);
afterAll(() => {
  guest?.stop();
  process.stdout.write(`tests on emulated disks took ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
});
const began = performance.now();

async function devices(name: RegExp, count: number): Promise<void> {
  await vi.waitUntil(
    async () => ((await guest.host.list('/dev')) ?? []).filter((file) => name.test(file)).length === count,
    { timeout: 120_000, interval: 250 },
  );
}

interface Seen {
  readonly disks: readonly string[];
  /** Values of a disk by metric, without `maintenance_disk_`, and with the kind, finding or warning they are of. */
  readonly of: (id: string) => Readonly<Record<string, number>>;
  readonly info: (id: string) => Readonly<Record<string, string>> | undefined;
  readonly attribute: (id: string, number: string) => readonly number[];
  readonly problems: readonly Problem[];
}

async function look(settings: Readonly<Record<string, unknown>> = {}): Promise<Seen> {
  // One emulated processor: generous, so that a busy machine makes no disk sick.
  const generous = { device_timeout: '4m', concurrency: 2 };
  const { samples, problems } = await smartctl.collect(
    { ...guest.host, timeLimit: 900 },
    { ...generous, ...settings },
  );
  const own = (id: string) => samples.filter(({ labels }) => labels['disk'] === id);
  const infos = samples.filter(({ name }) => name === 'maintenance_disk_info');
  return {
    disks: infos.map(({ labels }) => labels['disk'] ?? ''),
    of: (id) =>
      Object.fromEntries(
        own(id).map(({ name, labels: { finding, warning, kind }, value }) => {
          const part = finding ?? warning ?? (name.includes('_self_test_') ? kind : undefined);
          return [[name.replace('maintenance_disk_', ''), part].filter(Boolean).join(' '), value];
        }),
      ),
    info: (id) => infos.find(({ labels }) => labels['disk'] === id)?.labels,
    attribute: (id, number) =>
      own(id).flatMap(({ name, labels, value }) =>
        name.startsWith('maintenance_disk_attribute_') && labels['attribute_id'] === number ? [value] : [],
      ),
    problems,
  };
}

describe('smartctl on emulated disks', { timeout: 300_000 }, () => {
  test('an NVMe disk: who it is, and what its health log says', () => {
    const { info, of } = atFirst;
    expect(info(flash)).toEqual({
      disk: flash,
      device: expect.stringMatching(/^\/dev\/nvme\d$/),
      protocol: 'NVMe',
      kind: 'ssd',
      model: 'QEMU NVMe Ctrl',
      serial: flash,
      firmware: expect.stringMatching(/^\d/),
    });
    expect(of(flash)).toMatchObject({
      present: 1,
      readable: 1,
      standby: 0,
      smart_healthy: 1,
      temperature_celsius: 50,
      power_on_seconds_total: 0,
      wear_ratio: 0,
      media_errors_total: 0,
      unsafe_shutdowns_total: 0,
    });
  });

  test('an ATA disk: who it is, its size, and its attributes', () => {
    const { info, of, attribute } = atFirst;
    expect(info(ata)).toEqual({
      disk: ata,
      device: expect.stringMatching(/^\/dev\/sd[a-z]$/),
      protocol: 'ATA',
      kind: 'hdd',
      model: 'EMULATED HDD',
      serial: 'ATA-1',
      firmware: expect.stringMatching(/^\d/),
    });
    expect(of(ata)).toMatchObject({
      present: 1,
      readable: 1,
      standby: 0,
      smart_healthy: 1,
      capacity_bytes: 96 * 1024 * 1024,
      temperature_celsius: 31,
      power_on_seconds_total: 3600,
      reallocated_sectors: 0,
    });
    expect(attribute(ata, '4'), 'raw, value, worst and threshold of Start_Stop_Count').toEqual([
      100, 100, 100, 20,
    ]);
    expect(of(ata), 'an attribute it does not have').not.toHaveProperty('pending_sectors');
  });

  test('a SAS disk behind two paths is one disk, and counts nothing it does not log', () => {
    const { info, of, disks } = atFirst;
    expect(disks.filter((id) => id === sas || id.startsWith('/dev/sd'))).toHaveLength(3);
    expect(info(sas)).toMatchObject({
      protocol: 'SCSI',
      kind: 'ssd',
      model: 'Linux scsi_debug',
      serial: '2000',
    });
    expect(of(sas)).toMatchObject({
      present: 1,
      readable: 1,
      smart_healthy: 1,
      capacity_bytes: 16 * 1024 * 1024,
      temperature_celsius: 38,
    });
    for (const unlogged of ['uncorrectable_errors', 'reallocated_sectors', 'power_on_seconds_total'])
      expect(of(sas)).not.toHaveProperty(unlogged);
  });

  test('an NVMe disk behind two controllers is one disk', () => {
    const { info, of, disks } = atFirst;
    expect(disks.filter((id) => id.startsWith('FLASH'))).toEqual([flash, twoPaths]);
    expect(info(twoPaths)).toMatchObject({ protocol: 'NVMe', serial: twoPaths });
    expect(of(twoPaths)).toMatchObject({ present: 1, readable: 1, smart_healthy: 1 });
  });

  test('two disks with one WWN are two disks under their device names, and a problem', () => {
    const { disks, problems, info } = atFirst;
    expect(disks).not.toContain(cloned);
    const serials = disks.filter((id) => id.startsWith('/dev/sd')).map((id) => info(id)?.['serial']);
    expect(new Set(serials)).toEqual(new Set(['ATA-2', 'ATA-3']));
    expect(problems).toContainEqual({
      reason: 'unexpected_output',
      message: expect.stringMatching(
        /^\/dev\/sd. and \/dev\/sd. claim the same id naa\.5000c500a1b2c3d7; they are shown under their device names$/,
      ),
    });
  });

  test('a virtual disk and a disk behind a RAID controller without SMART are unreadable, not healthy', () => {
    const { of, problems } = atFirst;
    expect(of(virtual)).toEqual({ info: 1, present: 1, readable: 0 });
    expect(of('naa.5000c500a1b2c3d6')).toEqual({ info: 1, present: 1, readable: 0 });
    const unsupported = problems.filter(({ reason }) => reason === 'unsupported');
    expect(unsupported.map(({ message }) => message.replace(/\d+ /, 'N '))).toEqual([
      expect.stringMatching(/^\/dev\/sd.: says that it has no SMART; exclude it/),
      expect.stringMatching(/^\/dev\/bus\/N \(megaraid,0\): says that it has no SMART; exclude it/),
    ]);
  });

  test('a critical warning of an NVMe disk is a failing disk, until it is withdrawn', async () => {
    const warn = (value: number) =>
      guest.qmp.execute('qom-set', {
        path: '/machine/peripheral/flash-device',
        property: 'smart_critical_warning',
        value,
      });
    // Bit 2: the reliability of the NVM subsystem is degraded (NVM Express Base Specification, SMART log).
    await warn(0b100);
    const failing = await look();
    expect(failing.of(flash)).toMatchObject({
      present: 1,
      readable: 1,
      smart_healthy: 0,
      'critical_warning reliability': 1,
      'critical_warning spare': 0,
    });
    expect(failing.of(twoPaths)).toMatchObject({ smart_healthy: 1 });
    await warn(0);
    expect((await look()).of(flash)).toMatchObject({ smart_healthy: 1, 'critical_warning reliability': 0 });
  });

  test('a disk that is pulled out has vanished, and comes back when it is put in again', async () => {
    expect(atFirst.of(flash)).toMatchObject({ present: 1 });
    const pulled = guest.qmp.event('DEVICE_DELETED', 'flash-device');
    await guest.qmp.execute('device_del', { id: 'flash-device' });
    await pulled;
    await devices(/^nvme\d$/, 2);
    const without = await look();
    expect(without.of(flash)).toEqual({
      info: 1,
      present: 0,
      last_seen_timestamp_seconds: expect.any(Number),
    });
    expect(without.info(flash)).toMatchObject({ device: '', model: 'QEMU NVMe Ctrl', serial: flash });
    expect(without.of(ata)).toMatchObject({ present: 1 });

    const again = { driver: 'nvme', id: 'flash-device', drive: 'flash', serial: flash, bus: 'bay' };
    await guest.qmp.execute('device_add', again);
    await devices(/^nvme\d$/, 3);
    expect((await look()).of(flash)).toMatchObject({ present: 1, readable: 1, smart_healthy: 1 });
  });

  test('a self-test that is run is logged with its verdict; one that a disk dates later than it is old has no time', async () => {
    expect(atFirst.of(ata)).toMatchObject({ self_tests_logged: 0 });
    expect(atFirst.of(ata)).not.toHaveProperty('self_test_last_success short');
    await guest.must('smartctl', '--test=short', atFirst.info(ata)?.['device'] ?? '');
    const tested = (await look()).of(ata);
    expect(tested).toMatchObject({
      self_tests_logged: 1,
      'self_test_last_success short': 1,
      'finding self_test_log': 0,
    });
    // QEMU logs every test at hour 4660 of a disk that has run for one (hw/ide/core.c): there is no such time yet.
    expect(tested).not.toHaveProperty('self_test_last_timestamp_seconds short');
  });

  test('a disk whose SMART is switched off is unreadable', async () => {
    const device = atFirst.info(ata)?.['device'] ?? '';
    await guest.must('smartctl', '--smart=off', device);
    const off = await look();
    expect(off.of(ata)).toEqual({
      info: 1,
      present: 1,
      readable: 0,
      last_seen_timestamp_seconds: expect.any(Number),
    });
    expect(off.problems).toContainEqual({
      reason: 'device_unreadable',
      message: expect.stringContaining(device),
    });
    await guest.must('smartctl', '--smart=on', device);
    expect((await look()).of(ata)).toMatchObject({ readable: 1, smart_healthy: 1 });
  });

  test('disks that hang are unreadable after their time, and hide no other', async () => {
    // scsi_debug then leaves every command unanswered.
    const driver = '/sys/bus/pseudo/drivers/scsi_debug';
    await guest.must('sh', '-c', `echo 4 > ${driver}/opts && echo 1 > ${driver}/every_nth`);
    const { of, problems, info } = await look({ device_timeout: '15s' });
    expect(of(sas)).toEqual({
      info: 1,
      present: 1,
      readable: 0,
      last_seen_timestamp_seconds: expect.any(Number),
    });
    // Two ways, one disk, one problem; a slow machine may be late with others.
    const late = (some: readonly Problem[]) =>
      some.filter(({ message }) => message.startsWith(`${info(sas)?.['device']}: `));
    expect(late(problems)).toEqual([
      {
        reason: 'timeout',
        message: expect.stringContaining(': smartctl took longer than 15 s; left alone until '),
      },
    ]);
    for (const id of [flash, twoPaths, ata]) expect(of(id)).toMatchObject({ readable: 1, smart_healthy: 1 });

    const again = await look({ device_timeout: '15s' });
    expect(late(again.problems)).toEqual(late(problems));
    expect(again.of(sas)).toEqual(of(sas));
  });
});
