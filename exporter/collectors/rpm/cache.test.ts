import { describe, expect, test } from 'vitest';
import { CollectorError } from '../../collector.ts';
import { replay } from '../../replay.ts';
import { readCachedRepository } from './cache.ts';
import { readMetadata } from './metadata.ts';

const repomd = (revision: string, more = '') =>
  `<repomd><revision>${revision}</revision><data type="primary"><location href="repodata/primary.xml.gz"/></data>${more}</repomd>`;
const advisories =
  '<data type="updateinfo"><location href="repodata/a-updateinfo.xml.gz"/></data><data type="updateinfo_zck"><location href="repodata/b-updateinfo.xml.zck"/></data>';
const one = 'updates-0123456789abcdef';
const two = 'updates-fedcba9876543210';
const read = (
  files: Readonly<Record<string, string>>,
  revision?: string,
  modified: Readonly<Record<string, number>> = {},
) =>
  readCachedRepository(
    replay({
      files: Object.fromEntries(Object.entries(files).map(([name, text]) => [`/cache/${name}`, text])),
      modified: Object.fromEntries(Object.entries(modified).map(([name, time]) => [`/cache/${name}`, time])),
    }),
    '/cache',
    [one, two, 'updates-testing-0123456789abcdef', 'updates.solv', 'updates-filenames.solvx'],
    { id: 'updates', revision },
  );

describe('the cache of a repository', () => {
  test('is the folder of its name and a hash, and not that of another whose name begins alike', async () => {
    expect(
      await read({ [`updates-testing-0123456789abcdef/repodata/repomd.xml`]: repomd('1') }),
    ).toBeUndefined();
    expect(await read({ [`${one}/repodata/repomd.xml`]: repomd('1794000000') })).toMatchObject({
      id: 'updates',
      published: 1_794_000_000,
      updateInfo: undefined,
    });
  });

  test('of which two addresses left folders is the one with the revision in use, else the one confirmed last', async () => {
    const files = {
      [`${one}/repodata/repomd.xml`]: repomd('1794000000'),
      [`${two}/repodata/repomd.xml`]: repomd('1794000009'),
    };
    const times = {
      [`${one}/repodata/repomd.xml`]: 1_794_100_000,
      [`${two}/repodata/repomd.xml`]: 1_794_200_000,
    };
    expect((await read(files, '1794000000', times))?.published).toBe(1_794_000_000);
    expect((await read(files, undefined, times))?.published).toBe(1_794_000_009);
    expect(await read(files, 'another', times)).toBeUndefined();
  });

  test('was confirmed when its list of packages was touched, though repomd.xml is older', async () => {
    const found = await read(
      { [`${one}/repodata/repomd.xml`]: repomd('1794000000'), [`${one}/repodata/primary.xml.gz`]: 'x' },
      undefined,
      { [`${one}/repodata/repomd.xml`]: 1_794_100_000, [`${one}/repodata/primary.xml.gz`]: 1_794_300_000 },
    );
    expect(found?.checked).toBe(1_794_300_000);
  });

  test('has its advisories in the form that is there, and their name also where they are gone', async () => {
    const base = { [`${one}/repodata/repomd.xml`]: repomd('1', advisories) };
    const plain = `${one}/repodata/a-updateinfo.xml.gz`;
    const zchunk = `${one}/repodata/b-updateinfo.xml.zck`;
    expect((await read({ ...base, [plain]: 'x', [zchunk]: 'x' }))?.updateInfo).toBe(`/cache/${plain}`);
    expect((await read({ ...base, [zchunk]: 'x' }))?.updateInfo).toBe(`/cache/${zchunk}`);
    expect((await read(base))?.updateInfo).toBe(`/cache/${zchunk}`);
  });
});

describe('metadata', () => {
  const question = {
    manager: 'dnf',
    refresh: 'dnf makecache --refresh',
    configured: ['updates'],
    loaded: [{ id: 'updates', revision: undefined }],
    cache: '/cache',
  };

  test('in a cache that may not be read are no answer, and not incomplete either', async () => {
    const host = {
      ...replay({}),
      list: () => Promise.reject(new CollectorError('permission_denied', 'may not read /cache')),
    };
    await expect(readMetadata(host, question)).rejects.toMatchObject({ reason: 'permission_denied' });
    const path = `/cache/${one}/repodata/repomd.xml`;
    const closed = replay({
      files: { [path]: new CollectorError('permission_denied', `may not read ${path}`) },
    });
    const found = await readMetadata(closed, question);
    expect([found.usable, found.samples]).toEqual([false, []]);
    expect(found.problems.map(({ reason }) => reason)).toEqual(['permission_denied']);
  });

  test('without a date are used, with a problem and without a time', async () => {
    const host = replay({ files: { [`/cache/${one}/repodata/repomd.xml`]: repomd('first') } });
    const found = await readMetadata(host, question);
    expect(found.usable).toBe(true);
    expect(found.samples.map(({ name, value }) => [name, value])).toEqual([
      ['maintenance_patch_metadata_complete', 1],
    ]);
    expect(found.problems.map(({ reason }) => reason)).toEqual(['unexpected_output']);
  });
});
