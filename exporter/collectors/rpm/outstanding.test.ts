import { describe, expect, test } from 'vitest';
import { outstandingAdvisories } from './outstanding.ts';
import type { Advisory } from './updateinfo.ts';

const advisory = (id: string, packages: Advisory['packages'], type = 'security'): Advisory => ({
  id,
  type,
  severity: 'Important',
  issued: 1_714_435_200,
  updated: undefined,
  packages,
  cves: [],
  rebootSuggested: false,
});
const fix = (name: string, evr: string, arch = 'x86_64') => ({ name, evr, arch });
const openssl = { name: 'openssl-libs', evr: '1:3.0.7-24.el9', arch: 'x86_64' };
const ids = (found: ReturnType<typeof outstandingAdvisories>) =>
  found.map(({ name, arch, evr, advisory: { id } }) => `${name}.${arch} ${evr} ${id}`);

describe('the advisories a host lacks', () => {
  test('are all those of a package, not only the newest', () => {
    const found = outstandingAdvisories(
      [openssl],
      [
        advisory('SA-1', [fix('openssl-libs', '1:3.0.7-25.el9')]),
        advisory('SA-2', [fix('openssl-libs', '1:3.0.7-27.el9')]),
        advisory('SA-0', [fix('openssl-libs', '1:3.0.7-24.el9')]),
      ],
    );
    expect(ids(found)).toEqual([
      'openssl-libs.x86_64 1:3.0.7-25.el9 SA-1',
      'openssl-libs.x86_64 1:3.0.7-27.el9 SA-2',
    ]);
    expect(found[0]?.installed).toBe('1:3.0.7-24.el9');
  });

  test('are without those their publisher took back', () => {
    const taken = { ...advisory('SA-1', [fix('openssl-libs', '1:3.0.7-25.el9')]), retracted: true } as const;
    expect(outstandingAdvisories([openssl], [taken])).toEqual([]);
  });

  test('include a security advisory that a later normal update supersedes', () => {
    const found = outstandingAdvisories(
      [openssl],
      [
        advisory('SA-1', [fix('openssl-libs', '1:3.0.7-25.el9')]),
        advisory('BA-1', [fix('openssl-libs', '1:3.0.7-28.el9')], 'bugfix'),
      ],
      { offered: () => '1:3.0.7-28.el9' },
    );
    expect(ids(found)).toEqual([
      'openssl-libs.x86_64 1:3.0.7-25.el9 SA-1',
      'openssl-libs.x86_64 1:3.0.7-28.el9 BA-1',
    ]);
  });

  test('are only those whose version the repositories reach', () => {
    const advisories = [
      advisory('SA-1', [fix('openssl-libs', '1:3.0.7-25.el9')]),
      advisory('SA-2', [fix('openssl-libs', '1:3.0.7-27.el9')]),
    ];
    expect(ids(outstandingAdvisories([openssl], advisories, { offered: () => '1:3.0.7-26.el9' }))).toEqual([
      'openssl-libs.x86_64 1:3.0.7-25.el9 SA-1',
    ]);
    expect(outstandingAdvisories([openssl], advisories, { offered: () => undefined })).toEqual([]);
  });

  test('an absent epoch in an old advisory does not make it newer than what is installed', () => {
    expect(outstandingAdvisories([openssl], [advisory('A', [fix('openssl-libs', '9.9-1')])])).toEqual([]);
  });

  test('judge a kernel by the newest of those installed', () => {
    const kernels = ['5.14.0-362.el9', '5.14.0-427.el9', '5.14.0-70.el9'].map((evr) => ({
      name: 'kernel-core',
      evr,
      arch: 'x86_64',
    }));
    const advisories = [advisory('A', [fix('kernel-core', '5.14.0-427.el9')])];
    expect(outstandingAdvisories(kernels, advisories)).toEqual([]);
  });

  test('are of the same architecture, or of none', () => {
    const advisories = [
      advisory('A', [fix('openssl-libs', '1:3.0.8-1', 'i686'), fix('openssl-libs', '1:3.0.8-1', 'src')]),
    ];
    expect(outstandingAdvisories([openssl], advisories)).toEqual([]);
    expect(ids(outstandingAdvisories([openssl, { ...openssl, arch: 'i686' }], advisories))).toEqual([
      'openssl-libs.i686 1:3.0.8-1 A',
    ]);
    expect(
      ids(outstandingAdvisories([openssl], [advisory('N', [fix('openssl-libs', '1:3.0.8-1', 'noarch')])])),
    ).toEqual(['openssl-libs.x86_64 1:3.0.8-1 N']);
  });

  test('of a module stream count only where that stream is enabled', () => {
    const node = { name: 'nodejs', evr: '1:18.1-1', arch: 'x86_64' };
    const advisories = ['18', '20'].map((stream) =>
      advisory(`A-${stream}`, [{ ...fix('nodejs', `1:${stream}.9-1`), module: { name: 'nodejs', stream } }]),
    );
    expect(outstandingAdvisories([node], advisories)).toEqual([]);
    const moduleEnabled = (name: string, stream: string) => name === 'nodejs' && stream === '18';
    expect(ids(outstandingAdvisories([node], advisories, { moduleEnabled }))).toEqual([
      'nodejs.x86_64 1:18.9-1 A-18',
    ]);
  });

  test('an advisory that two repositories carry counts once', () => {
    const same = advisory('A', [fix('openssl-libs', '1:3.0.8-1')]);
    expect(outstandingAdvisories([openssl], [same, same]).length).toBe(1);
  });
});
