import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { localHost } from '../../host.ts';
import { osSupport } from '../os_support.ts';
import { readDistroInfo } from './distro-info.ts';
import { readOsRelease } from './os-release.ts';

const records = mkdtempSync(join(tmpdir(), 'maintenance-os-support-'));
afterAll(() => rmSync(records, { recursive: true, force: true }));
const host = localHost({ stateDirectory: records });

test('this Debian has an end of support years after its release', async () => {
  const release = await readOsRelease(host);
  const { samples, problems } = await osSupport.collect(host, {});
  expect(problems).toEqual([]);
  const [end, table] = samples;
  expect(end).toMatchObject({
    name: 'maintenance_os_support_end_timestamp_seconds',
    labels: { os: 'debian', version: release?.versionId },
  });
  expect(end?.value).toBeGreaterThan(Date.parse('2028-01-01') / 1000);
  expect(table?.value).toBeGreaterThan(Date.parse('2025-01-01') / 1000);
  expect(table?.value).toBeLessThan(Date.now() / 1000);
});

test('the date of the table of distro-info-data is that of the changelog of its package', async () => {
  const table = await readDistroInfo(host, 'debian');
  const changelog = await host.readCompressed('/usr/share/doc/distro-info-data/changelog.gz');
  const trailer = /^ -- .*> {2}(.+)$/m.exec(changelog ?? '')?.[1];
  // Some systems leave out documentation, others the whole package.
  if (table === undefined || trailer === undefined) return;
  expect(table.asOf).toBe(Date.parse(trailer) / 1000);
});
