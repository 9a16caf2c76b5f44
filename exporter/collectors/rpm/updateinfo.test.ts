import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseDate, parseUpdateInfo } from './updateinfo.ts';

const fixture = new URL('../../../../shared/fixtures/sources/dnf/updateinfo-used.xml', import.meta.url);
if (!existsSync(fixture)) console.warn('no ../shared here: the sample of updateinfo.xml is not read');

const utc = (text: string) => Date.parse(text) / 1000;
const advisory = (inside: string, type = 'security') =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<updates><update from="x" status="final" type="${type}" version="1"><id>A-1</id>${inside}</update></updates>`;
const one = async (inside: string) => (await parseUpdateInfo(advisory(inside))).advisories[0];

describe('updateinfo.xml', () => {
  test('tells which advisories their publisher took back', async () => {
    const text = advisory('');
    expect((await parseUpdateInfo(text)).advisories[0]?.retracted).toBeUndefined();
    const taken = text.replace('status="final"', 'status="retracted"');
    expect((await parseUpdateInfo(taken)).advisories[0]?.retracted).toBe(true);
  });

  test.skipIf(!existsSync(fixture))(
    'gives the date of issue, which dnf and zypper replace by that of the last change',
    async () => {
      const { advisories, unusable } = await parseUpdateInfo(readFileSync(fixture, 'utf8'));
      expect(unusable).toBe(0);
      expect(advisories).toEqual([
        {
          id: 'RHSA-2024:0310',
          type: 'security',
          severity: 'Moderate',
          issued: utc('2024-01-22T09:11:30Z'),
          updated: utc('2024-01-22T09:11:30Z'),
          packages: [{ name: 'openssl-libs', evr: '3.0.7-25.el9_3', arch: 'noarch' }],
          cves: ['CVE-2023-5363'],
          rebootSuggested: false,
        },
        {
          id: 'RHSA-2024:2394',
          type: 'security',
          severity: 'Important',
          issued: utc('2024-04-30T00:00:00Z'),
          updated: utc('2024-06-01T00:00:00Z'),
          packages: [{ name: 'kernel-core', evr: '5.14.0-427.el9', arch: 'noarch' }],
          cves: ['CVE-2024-1086', 'CVE-2024-26609'],
          rebootSuggested: true,
        },
        {
          id: 'RHBA-2024:1000',
          type: 'bugfix',
          severity: '',
          issued: utc('2024-03-01T00:00:00Z'),
          updated: utc('2024-03-01T00:00:00Z'),
          packages: [{ name: 'vim-minimal', evr: '8.2.2637-21.el9', arch: 'noarch' }],
          cves: [],
          rebootSuggested: false,
        },
        {
          id: 'RHSA-2024:2447',
          type: 'security',
          severity: 'Low',
          issued: utc('2024-04-30T00:00:00Z'),
          updated: utc('2024-04-30T00:00:00Z'),
          packages: [{ name: 'openssl-libs', evr: '3.0.7-27.el9', arch: 'noarch' }],
          cves: [],
          rebootSuggested: false,
        },
      ]);
    },
  );

  test.each([
    ['2024-04-30 09:11:30', '2024-04-30T09:11:30Z'],
    ['2024-04-30 09:11', '2024-04-30T09:11:00Z'],
    ['2024-04-30', '2024-04-30T00:00:00Z'],
    ['1714435200', '2024-04-30T00:00:00Z'],
    ['2024-04-30T09:11:30Z', '2024-04-30T09:11:30Z'],
    ['2024-04-30T09:11:30.123Z', '2024-04-30T09:11:30Z'],
    ['2024-04-30T09:11:30+02:00', '2024-04-30T07:11:30Z'],
    ['2024-04-30 09:11:30 -0500', '2024-04-30T14:11:30Z'],
    ['2024-04-30 09:11:30 UTC', '2024-04-30T09:11:30Z'],
  ])('a date as %s is %s', (text, moment) => expect(parseDate(text)).toBe(utc(moment)));

  test.each(['', '0', '2024-02-30', '2024-13-01', 'yesterday', '30.04.2024', '2024-04-30 25:00:00', 'None'])(
    'a date as %j is unknown',
    (text) => expect(parseDate(text)).toBeUndefined(),
  );

  test('without a date of issue has none, whatever its last change is', async () => {
    expect(await one('<updated date="2024-06-01 00:00:00"/>')).toMatchObject({
      issued: undefined,
      updated: utc('2024-06-01T00:00:00Z'),
    });
  });

  test.each([
    ['True', true],
    ['true', true],
    ['1', true],
    ['False', false],
    ['', false],
  ])('reboot_suggested %j means %s, as for libsolv', async (text, expected) => {
    const found = await one(
      `<pkglist><collection><package name="a" version="1" release="1" epoch="0" arch="noarch"><reboot_suggested>${text}</reboot_suggested></package></collection></pkglist>`,
    );
    expect(found?.rebootSuggested).toBe(expected);
  });

  test('knows CVEs from their own references, from titles as in Fedora, and without their prefix', async () => {
    const found = await one(`<references>
      <reference type="cve" id="CVE-2024-1086" title="CVE-2024-1086" href="https://example.com"/>
      <reference type="bugzilla" id="426091" title="CVE-2007-3568 CVE-2007-35690 imlib: a crash"/>
      <reference type="cve" id="2024-2999" title=""/>
      <reference type="self" id="A-1" title="A-1"/>
      </references><description>Like CVE-1999-0001, but different</description>`);
    expect(found?.cves).toEqual(['CVE-2007-3568', 'CVE-2007-35690', 'CVE-2024-1086', 'CVE-2024-2999']);
  });

  test('keeps the module stream a package belongs to, and only for its own collection', async () => {
    const found = await one(`<pkglist>
      <collection><name>m</name><module name="nodejs" stream="20" version="8090" context="c" arch="x86_64"/>
        <package name="nodejs" version="20.1" release="1" epoch="1" arch="x86_64"/></collection>
      <collection><package name="curl" version="7" release="1" arch="x86_64"/></collection></pkglist>`);
    expect(found?.packages).toEqual([
      { name: 'nodejs', evr: '1:20.1-1', arch: 'x86_64', module: { name: 'nodejs', stream: '20' } },
      { name: 'curl', evr: '7-1', arch: 'x86_64' },
    ]);
  });

  test('text in a CDATA section, entities and letters of any language are read', async () => {
    const text =
      '<updates><update type="security"><id><![CDATA[A]]>&amp;B</id><title>Überlauf behoben</title><severity> Important\n</severity></update></updates>';
    expect((await parseUpdateInfo(text)).advisories[0]).toMatchObject({ id: 'A&B', severity: 'Important' });
  });

  test('keeps only the packages that are wanted', async () => {
    const text = advisory(
      '<pkglist><collection><package name="a" version="1" release="1" arch="noarch"/><package name="b" version="1" release="1" arch="noarch"/></collection></pkglist>',
    );
    const { advisories } = await parseUpdateInfo(text, (name) => name === 'b');
    expect(advisories[0]?.packages.map(({ name }) => name)).toEqual(['b']);
  });

  test('counts what lacks something needed, and does not invent it', async () => {
    const text = `<updates><update type="security"><title>no id</title></update><update type="security"><id>B</id><pkglist><collection>
      <package name="a" version="1" arch="noarch"/><package name="b" version="1" release="1" arch="noarch"/></collection></pkglist></update></updates>`;
    const { advisories, unusable } = await parseUpdateInfo(text);
    expect(advisories.map(({ id, packages }) => [id, packages.length])).toEqual([['B', 1]]);
    expect(unusable).toBe(2);
  });

  test('without any advisory is an answer: there are none', async () => {
    expect(await parseUpdateInfo('<updates/>')).toEqual({ advisories: [], unusable: 0 });
  });

  test('cut off at any place it is no list', async () => {
    const text = advisory(
      '<severity>Low</severity><issued date="2024-04-30"/><description>a &lt; b</description>',
    );
    for (let end = 0; end < text.length; end += 1)
      // oxlint-disable-next-line no-await-in-loop -- one cut after the other
      await expect(parseUpdateInfo(text.slice(0, end)), text.slice(0, end)).rejects.toMatchObject({
        reason: 'unexpected_output',
      });
  });

  test.each([
    ['a page of a captive portal', '<html><body>Please log in</body></html>'],
    ['text', 'Error: no such file'],
    ['UTF-16', Buffer.from(advisory(''), 'utf16le').toString('utf8')],
    ['another list', '<metadata packages="0"/>'],
    ['two lists', '<updates/><updates/>'],
  ])('%s is refused', async (_, text) => {
    await expect(parseUpdateInfo(text)).rejects.toMatchObject({ reason: 'unexpected_output' });
  });

  test('60 MiB are read in pieces, with a description longer than the parser keeps', async () => {
    const item = `<update type="bugfix"><id>A</id><description>${'long text '.repeat(100_000)}</description><pkglist><collection><package name="a" version="1" release="1" arch="noarch"/></collection></pkglist></update>`;
    const { advisories } = await parseUpdateInfo(`<updates>${item.repeat(60)}</updates>`);
    expect(advisories.length).toBe(60);
    expect(advisories.every(({ packages }) => packages.length === 1)).toBe(true);
  });
});
