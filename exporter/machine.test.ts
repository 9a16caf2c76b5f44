import { statfsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMachine, readMachine } from './machine.ts';

const now = 1_795_000_000;

const server = {
  osInfo: {
    distro: 'Debian GNU/Linux',
    release: '12',
    kernel: '6.1.0-28-amd64',
    arch: 'x64',
    hostname: 'db1',
  },
  system: { manufacturer: 'Dell Inc.', model: 'PowerEdge R650', virtual: false },
  cpu: { cores: 64 },
  mem: { total: 270_000_000_000 },
  fsSize: [{ fs: '/dev/sda2', type: 'ext4', size: 1000, used: 400, available: 550, mount: '/', rw: true }],
  uptime: 86_400.25,
};

const nothing = {
  hostname: undefined,
  os: undefined,
  osVersion: undefined,
  kernel: undefined,
  architecture: undefined,
  manufacturer: undefined,
  model: undefined,
  virtual: undefined,
  cpus: undefined,
  memory: undefined,
  booted: undefined,
  fileSystems: [],
};

function mounted(
  ...list: readonly (readonly [source: string, type: string, mount: string, size?: number, free?: number])[]
) {
  const fsSize = list.map(([fs, type, mount, size = 1000, available = 10]) => ({
    fs,
    type,
    mount,
    size,
    available,
  }));
  return parseMachine({ fsSize }, now).fileSystems.map(({ mountpoint }) => mountpoint);
}

const virtual = (system: object) => parseMachine({ system }, now).virtual;

describe('a machine', () => {
  test('is what systeminformation says of it', () => {
    expect(parseMachine(server, now)).toEqual({
      hostname: 'db1',
      os: 'Debian GNU/Linux',
      osVersion: '12',
      kernel: '6.1.0-28-amd64',
      architecture: 'x64',
      manufacturer: 'Dell Inc.',
      model: 'PowerEdge R650',
      virtual: false,
      cpus: 64,
      memory: 270_000_000_000,
      booted: 1_794_913_620,
      fileSystems: [{ mountpoint: '/', fstype: 'ext4', size: 1000, free: 550 }],
    });
  });

  test('is unknown where every question failed', () => {
    expect(parseMachine({}, now)).toEqual(nothing);
  });

  test('is unknown where systeminformation fills gaps with words, 0 and -1', () => {
    const gaps = {
      osInfo: { distro: 'unknown', release: 'unknown', kernel: '', arch: '', hostname: ' ' },
      system: { manufacturer: '', model: 'Computer', virtual: false },
      cpu: { cores: 0 },
      mem: { total: -1 },
      fsSize: [{ fs: '/dev/sda1', type: 'ext4', size: 0, available: 0, mount: '/' }],
      uptime: 0,
    };
    expect(parseMachine(gaps, now)).toEqual(nothing);
    const placeholders = { system: { manufacturer: 'To Be Filled By O.E.M.', model: 'Default string' } };
    expect(parseMachine(placeholders, now)).toEqual(nothing);
  });

  test('is virtual by what its hardware calls itself, not virtual only where the hardware is known', () => {
    expect(virtual({ manufacturer: 'QEMU', model: 'Standard PC (Q35 + ICH9, 2009)', virtual: false })).toBe(
      true,
    );
    expect(virtual({ manufacturer: 'Microsoft Corporation', model: 'Virtual Machine' })).toBe(true);
    expect(virtual({ manufacturer: 'Amazon EC2', model: 't3.micro', virtual: false })).toBe(true);
    expect(virtual({ manufacturer: '', model: 'Computer', virtual: true })).toBe(true);
    expect(virtual({ manufacturer: 'LENOVO', model: '20XW', virtual: false })).toBe(false);
    expect(virtual({ manufacturer: '', model: 'Computer', virtual: false })).toBeUndefined();
  });

  test('started at the same minute however often it is asked', () => {
    const times = Array.from({ length: 200 }, (_, run) => {
      const later = run * 3600.017;
      const jitter = (run % 7) * 0.013;
      return parseMachine({ uptime: 86_400 + later - jitter }, now + later).booted;
    });
    expect(new Set(times)).toEqual(new Set([1_794_913_620]));
    expect(parseMachine({ uptime: now + 5 }, now).booted, 'no clock yet').toBeUndefined();
  });
});

describe('file systems', () => {
  test('in memory, of read-only images and of other machines are left out', () => {
    expect(
      mounted(
        ['/dev/sda2', 'ext4', '/'],
        ['/dev/sda1', 'vfat', '/boot/efi'],
        ['tank/home', 'zfs', '/home'],
        ['/dev/sdb1', 'fuseblk', '/media/usb'],
        ['tmpfs', 'tmpfs', '/run'],
        ['udev', 'devtmpfs', '/dev'],
        ['/dev/loop3', 'squashfs', '/snap/core/1'],
        ['/dev/sr0', 'iso9660', '/media/cdrom'],
        ['nas:/export', 'nfs4', '/srv/nas'],
        ['//nas/share', 'cifs', '/srv/share'],
        ['backup:', 'fuse.sshfs', '/srv/backup'],
        ['overlay', 'overlay', '/var/lib/docker/overlay2/abc/merged'],
      ),
    ).toEqual(['/', '/boot/efi', '/home', '/media/usb']);
  });

  test('count once: bind mounts and subvolumes of a device by the shortest path', () => {
    expect(
      mounted(
        ['/dev/sda2', 'btrfs', '/home'],
        ['/dev/sda2', 'btrfs', '/'],
        ['/dev/sda2', 'btrfs', '/var/lib/docker/btrfs'],
      ),
    ).toEqual(['/']);
  });

  test('of a container are its root', () => {
    expect(mounted(['overlay', 'overlay', '/'], ['tmpfs', 'tmpfs', '/dev'])).toEqual(['/']);
  });

  test('without a size or with impossible room are left out; full ones are not', () => {
    expect(
      mounted(
        ['/dev/sda1', 'ext4', '/a', 0],
        ['/dev/sdb1', 'ext4', '/b', 1000, -1],
        ['/dev/sdc1', 'ext4', '/c', 1000, 2000],
        ['/dev/sdd1', 'xfs', '/d', 1000, 0],
      ),
    ).toEqual(['/d']);
  });
});

test('nonsense in any place is unknown, never an error or a number', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true });
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(server)), anything, anything, (key, value, inner) => {
      for (const raw of [
        { ...server, [key]: value },
        { ...server, [key]: { total: inner, cores: inner, distro: inner } },
        { ...server, fsSize: [inner, value] },
      ]) {
        const machine = parseMachine(raw, now);
        for (const fact of [machine.cpus, machine.memory, machine.booted])
          expect(fact === undefined || (Number.isFinite(fact) && fact > 0)).toBe(true);
      }
    }),
  );
});

describe.skipIf(process.platform !== 'linux')('this machine (skipped elsewhere than on Linux)', () => {
  test('has the memory, processors, start and root file system the kernel says', async () => {
    const machine = await readMachine();
    const meminfo = /^MemTotal:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'));
    const btime = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'));
    expect(machine.memory).toBe(Number(meminfo?.[1]) * 1024);
    expect(machine.cpus).toBe(cpus().length);
    expect(Math.abs((machine.booted ?? 0) - Number(btime?.[1]))).toBeLessThanOrEqual(31);
    expect((machine.booted ?? 1) % 60).toBe(0);
    expect(machine.kernel).toBe(readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim());
    expect(machine.hostname).toBe(readFileSync('/proc/sys/kernel/hostname', 'utf8').trim());
    const root = machine.fileSystems.find(({ mountpoint }) => mountpoint === '/');
    const kernel = statfsSync('/');
    expect(Math.abs((root?.size ?? 0) - kernel.blocks * kernel.bsize)).toBeLessThan(4096);
    // Other processes write meanwhile.
    expect(Math.abs((root?.free ?? 0) - kernel.bavail * kernel.bsize)).toBeLessThan(2 ** 30);
    expect((await readMachine()).booted).toBe(machine.booted);
  });
});
