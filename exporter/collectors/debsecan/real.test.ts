import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readEvidence } from '../../evidence.ts';
import { debsecanData, type TrackedVulnerability } from '../../fixtures/debsecan-data.ts';
import { localHost } from '../../host.ts';
import { debsecan } from '../debsecan.ts';

const folder = mkdtempSync(join(tmpdir(), 'debsecan-real-'));
const at = (name: string) => join(folder, name);
const servers: Server[] = [];

afterAll(() => {
  servers.forEach((server) => {
    server.closeAllConnections();
    server.close();
  });
  rmSync(folder, { recursive: true, force: true });
});

/** A record of installed packages: binary package, version, source package. */
function install(packages: readonly (readonly [name: string, version: string, source?: string])[]): void {
  const records = packages.map(
    ([name, version, source = name]) =>
      `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nSource: ${source}\nVersion: ${version}\nDescription: x\n more\n`,
  );
  const removed = 'Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n';
  writeFileSync(at('status'), [...records, removed].join('\n'));
}

const tracked: readonly TrackedVulnerability[] = [
  {
    id: 'CVE-2026-0001',
    package: 'openssl',
    description: 'a flaw, with a comma and an é ...',
    urgency: 'high',
    remote: true,
    fixed: true,
    unstable: '3.2.0-1',
    branches: ['3.0.14-1~deb12u2', '1.1.1w-0+deb11u2'],
  },
  { id: 'CVE-2026-0002', package: 'openssl', urgency: 'medium', remote: false, unstable: '3.3.0-1' },
  { id: 'CVE-2011-3374', package: 'apt', urgency: 'low', unstable: '' },
  { id: 'TEMP-0841856-B18BAF', package: 'bash', description: '[Privilege escalation possible]' },
  { id: 'CVE-2026-0003', package: 'gone', urgency: 'high', fixed: true, unstable: '2' },
  { id: 'CVE-2026-0004', package: 'tzdata-legacy', binary: true, fixed: true, unstable: '2026a-1' },
];
const sources = { openssl: ['openssl', 'libssl3'], apt: ['apt'], bash: ['bash'] };
const before = [
  ['openssl', '3.0.13-1~deb12u1'],
  ['libssl3', '3.0.13-1~deb12u1', 'openssl'],
  ['apt', '2.6.1'],
  ['bash', '5.2.15-2+b13', 'bash (5.2.15-2)'],
  ['tzdata-legacy', '2024a-0', 'tzdata'],
] as const;

mkdirSync(at('mirror'));
const mirror = `file://${at('mirror')}/`;

function publish(suite: string, data: Uint8Array): void {
  writeFileSync(at(`mirror/${suite}`), data);
  utimesSync(at(`mirror/${suite}`), 1_780_000_000, 1_780_000_000);
}

/** What the collector says with the real debsecan: values by `name labels`, and reasons. */
async function ask(settings: Readonly<Record<string, unknown>> = {}, timeLimit = 120) {
  const host = localHost({ stateDirectory: at('state'), timeLimit });
  const { samples, problems } = await debsecan.collect(host, {
    suite: 'bookworm',
    source: mirror,
    status: at('status'),
    ...settings,
  });
  return {
    facts: Object.fromEntries(
      samples.map(({ name, labels, value }) => {
        const { scanner: _, ...rest } = labels;
        return [
          [name.replace(/^maintenance_vulnerabilit(?:ies|y)_/, ''), ...Object.values(rest)].join(' '),
          value,
        ];
      }),
    ),
    reasons: problems.map(({ reason }) => reason),
    messages: problems.map(({ message }) => message),
  };
}

async function serve(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}/`;
}

describe('the real debsecan', () => {
  test('counts what is open, per vulnerability and package, and then what was fixed', async () => {
    install(before);
    publish('bookworm', debsecanData(tracked, sources));
    const first = await ask();
    expect(first.messages).toEqual([]);
    expect(first.facts).toMatchObject({
      // openssl and libssl3.
      'open important true': 2,
      'open moderate false': 2,
      'open low false': 1,
      'open unknown false': 1,
      'open unknown true': 1,
      'open important false': 0,
      database_timestamp_seconds: 1_780_000_000,
      'opened_total important': 0,
    });
    expect(first.facts).not.toHaveProperty('open critical true');

    install([
      ['openssl', '3.0.14-1~deb12u2'],
      ['libssl3', '3.0.14-1~deb12u2', 'openssl'],
      ...before.slice(2),
      ['gone', '1'],
    ]);
    const second = await ask();
    expect(second.reasons).toEqual([]);
    expect(second.facts).toMatchObject({
      'open important true': 1,
      'open moderate false': 2,
      'opened_total important': 1,
      'closed_total important': 2,
      'closed_total moderate': 0,
    });
    const { records, damage } = await readEvidence(at('state'));
    expect(damage).toEqual([]);
    expect(
      records.map(({ outcome, details }) => [
        outcome,
        details['vulnerability'],
        details['package'],
        details['installed'],
      ]),
    ).toEqual([
      ['first_scan', undefined, undefined, undefined],
      ['opened', 'CVE-2026-0003', 'gone', '1'],
      ['closed', 'CVE-2026-0001', 'openssl', '3.0.13-1~deb12u1'],
      ['closed', 'CVE-2026-0001', 'libssl3', '3.0.13-1~deb12u1'],
    ]);
  });

  test('a failed run after a good one closes nothing', async () => {
    install(before);
    publish('trixie', debsecanData(tracked, sources));
    const settings = { suite: 'trixie' };
    await ask(settings);
    const good = await ask(settings);
    publish('trixie', debsecanData(tracked, sources).subarray(0, 60));
    const damaged = await ask(settings);
    expect(damaged.reasons).toEqual(['unexpected_output']);
    expect(Object.keys(damaged.facts).filter((key) => !/^(?:opened|closed)/.test(key))).toEqual([]);
    expect(damaged.facts['closed_total important']).toBe(good.facts['closed_total important']);
  });

  test.each([
    ['data that were never fetched', 'sid', undefined, 'metadata_missing', /could not download its data/],
    [
      'data of another kind',
      'forky',
      Buffer.from('<html>not found</html>'),
      'unexpected_output',
      /could not read the data/,
    ],
    [
      'data without a vulnerability',
      'bullseye',
      debsecanData([]),
      'unexpected_output',
      /lists nothing at all/,
    ],
  ] as const)('%s make what is open unknown, not 0', async (_, suite, data, reason, message) => {
    install(before);
    if (data !== undefined) publish(suite, data);
    const { facts: found, reasons, messages } = await ask({ suite });
    expect(reasons).toEqual([reason]);
    expect(messages[0]).toMatch(message);
    expect(Object.keys(found).filter((key) => !/^(?:opened|closed)/.test(key))).toEqual([]);
  });

  test('a server that nobody listens on, one without the suite, and one that hangs', async () => {
    install(before);
    const missing = await serve((_, response) => response.writeHead(404).end());
    expect((await ask({ source: missing, suite: 'noble' })).reasons).toEqual(['unsupported']);
    const busy = await serve((_, response) => response.writeHead(503).end());
    expect((await ask({ source: busy })).reasons).toEqual(['metadata_missing']);
    expect((await ask({ source: 'http://127.0.0.1:9/' })).reasons).toEqual(['metadata_missing']);
    const silent = await serve(() => undefined);
    expect((await ask({ source: silent }, 1)).reasons).toEqual(['timeout']);
  });

  test('without a record of installed packages it is not asked', async () => {
    const { reasons } = await ask({ status: at('no-such-file') });
    expect(reasons).toEqual(['source_missing']);
  });
});
