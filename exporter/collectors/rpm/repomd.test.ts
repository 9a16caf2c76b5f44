import { describe, expect, test } from 'vitest';
import { parseRepomd } from './repomd.ts';

const repomd = (revision: string, timestamp = '1714435000') => `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  ${revision}
  <data type="primary">
    <checksum type="sha256">aa</checksum>
    <location href="repodata/aa-primary.xml.gz"/>
    <timestamp>1714434000</timestamp>
    <size>1</size>
  </data>
  <data type="updateinfo">
    <location href="repodata/bb-updateinfo.xml.zst"/>
    <timestamp>${timestamp}</timestamp>
  </data>
</repomd>`;

describe('repomd.xml', () => {
  test('says when the publisher made it and where its files are', () => {
    expect(parseRepomd(repomd('<revision>1714435200</revision>'))).toEqual({
      revision: '1714435200',
      published: 1_714_435_200,
      files: [
        { type: 'primary', href: 'repodata/aa-primary.xml.gz', timestamp: 1_714_434_000 },
        { type: 'updateinfo', href: 'repodata/bb-updateinfo.xml.zst', timestamp: 1_714_435_000 },
      ],
    });
  });

  test.each([
    ['a count', '<revision>4711</revision>'],
    ['a date of eight digits', '<revision>20240430</revision>'],
    ['a text', '<revision>9.4-stable</revision>'],
    ['missing', ''],
  ])('whose revision is %s is as old as its newest file', (_, revision) => {
    expect(parseRepomd(repomd(revision)).published).toBe(1_714_435_000);
  });

  test('with fractions of seconds, as old createrepo writes them, is dated too', () => {
    expect(parseRepomd(repomd('', '1714435000.37')).published).toBe(1_714_435_000);
  });

  test('without any date has none', () => {
    expect(parseRepomd('<repomd><data type="primary"><location href="a"/></data></repomd>')).toEqual({
      revision: '',
      published: undefined,
      files: [{ type: 'primary', href: 'a', timestamp: undefined }],
    });
  });

  test.each(['', 'not found', '<html><body>log in</body></html>', repomd('').slice(0, 400)])(
    'is not %j',
    (text) => expect(() => parseRepomd(text)).toThrow(/repomd.xml is damaged or something else/),
  );
});
