import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { localHost } from '../../host.ts';
import { parseScan } from './scan.ts';
import { smartctl } from '../smartctl.ts';

/** What the real tool says of this machine, asked without the code under test. */
const real = spawnSync('smartctl', ['--json=c', '--scan'], { encoding: 'utf8' });
const devices = parseScan(real.stdout);

const stateDirectory = mkdtempSync(join(tmpdir(), 'maintenance-smartctl-'));
afterAll(() => rmSync(stateDirectory, { recursive: true }));
const host = localHost({ stateDirectory });

describe('the real smartctl', () => {
  test.skipIf(devices.length > 0)(
    'on a machine without SMART disks: a problem, not silence (skipped where there are disks)',
    async () => {
      const { samples, problems } = await smartctl.collect(host, {});
      expect(samples).toEqual([]);
      expect(problems).toEqual([
        {
          reason: expect.stringMatching(/^(unsupported|source_missing)$/),
          message: expect.stringContaining('smartctl finds no device'),
        },
      ]);
      expect(await smartctl.detect(host)).toBeUndefined();
    },
  );

  test.skipIf(devices.length === 0)(
    'on a machine with disks: every one is readable, asleep or a problem (skipped where there is none)',
    async () => {
      const { samples, problems } = await smartctl.collect(host, {});
      const states = samples.filter(({ name }) => /_(readable|standby)$/.test(name));
      expect(states.length + problems.length).toBeGreaterThan(0);
      const unreadable = states.filter(({ name, value }) => name.endsWith('readable') && value === 0);
      expect(problems.length).toBeGreaterThanOrEqual(unreadable.length);
    },
  );

  test('understands every argument: a device that is no disk is unreadable for its own reason', async () => {
    const settings = {
      devices: [
        { device: '/dev/null' },
        { device: '/dev/null', type: 'nvme' },
        { device: '/dev/no-such-disk', type: 'sat' },
      ],
    };
    const { samples, problems } = await smartctl.collect(host, {
      ...settings,
      exclude: devices.map(({ device }) => device),
    });
    const own = samples.filter(({ labels }) => labels['disk']?.startsWith('/dev/n') === true);
    expect(
      own
        .filter(({ name }) => name === 'maintenance_disk_readable')
        .map(({ labels, value }) => [labels['disk'], value]),
    ).toEqual([
      ['/dev/null', 0],
      ['/dev/null (nvme)', 0],
    ]);
    const text = problems.map(({ reason, message }) => `${reason}: ${message}`);
    expect(text).toContainEqual(
      expect.stringMatching(/^device_unreadable: \/dev\/null: Unable to detect device type; set its type/),
    );
    expect(text).toContainEqual(
      expect.stringMatching(/^device_unreadable: \/dev\/null \(nvme\): Read NVMe Identify Controller failed/),
    );
    expect(text).toContainEqual(
      expect.stringMatching(/^source_missing: \/dev\/no-such-disk \(sat\): .*No such/),
    );
    expect(text.join()).not.toContain('UNRECOGNIZED');
  });
});
