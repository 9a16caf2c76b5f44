import { describe, expect, test } from 'vitest';
import { replay } from '../../replay.ts';
import type { CachedRepository } from './cache.ts';
import type { Outstanding } from './outstanding.ts';
import { advisoryVulnerabilities } from './vulnerabilities.ts';

const issued = 1_790_000_000;
const lacking = (id: string, severity: string, cves: readonly string[], type = 'security'): Outstanding => ({
  name: 'curl',
  arch: 'x86_64',
  installed: '7.76-1.el9',
  evr: '7.78-1.el9',
  advisory: { id, type, severity, issued, updated: undefined, packages: [], cves, rebootSuggested: false },
});
const repository = (id: string, published: number | undefined, updateInfo?: string): CachedRepository => ({
  id,
  published,
  checked: 1_795_000_000,
  updateInfo,
});
const collect = async (outstanding: readonly Outstanding[], repositories: readonly CachedRepository[]) => {
  const { samples, problems } = await advisoryVulnerabilities(replay({}), 'dnf', outstanding, repositories);
  const value = (name: string) => samples.find((one) => one.name === `maintenance_${name}`)?.value;
  return {
    problems,
    open: samples
      .filter((one) => one.name === 'maintenance_vulnerabilities_open' && one.value > 0)
      .map(({ labels, value: count }) => [...Object.values(labels), count]),
    listed: samples.filter((one) => one.name === 'maintenance_vulnerabilities_open').length,
    oldest: value('vulnerability_oldest_open_timestamp_seconds'),
    database: value('vulnerability_database_timestamp_seconds'),
  };
};

describe('vulnerabilities by advisory', () => {
  test('are the CVEs that an outstanding security advisory closes, or the advisory where it names none', async () => {
    const found = await collect(
      [
        lacking('SA-1', 'Important', ['CVE-2026-1000', 'CVE-2026-1001']),
        lacking('SA-2', 'Low', []),
        lacking('BA-1', 'Critical', ['CVE-2026-1002'], 'bugfix'),
      ],
      [
        repository('baseos', 1_794_000_000, '/a'),
        repository('appstream', 1_793_000_000, '/b'),
        repository('x', 1),
      ],
    );
    expect(found.problems).toEqual([]);
    expect(found.open).toEqual([
      ['dnf', 'important', 'true', 2],
      ['dnf', 'low', 'true', 1],
    ]);
    expect(found.oldest).toBe(issued);
    expect(found.database).toBe(1_793_000_000);
  });

  test('are an explicit 0 where no advisory is outstanding', async () => {
    const found = await collect([], [repository('baseos', 1_794_000_000, '/a')]);
    expect(found.open).toEqual([]);
    expect(found.listed).toBeGreaterThan(0);
  });

  test('have data of unknown age where one list of advisories has no date', async () => {
    const dated = repository('baseos', 1_794_000_000, '/a');
    expect((await collect([], [dated, repository('appstream', undefined, '/b')])).database).toBeUndefined();
  });
});
