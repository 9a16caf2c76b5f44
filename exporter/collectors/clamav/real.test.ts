import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { writeDatabase } from '../../fixtures/clamav-database.ts';
import { localHost } from '../../host.ts';
import { clamav } from '../clamav.ts';

const clamd = '/usr/sbin/clamd';

const folder = mkdtempSync(join(tmpdir(), 'clamav-real-'));
const old = { version: 27_800, built: 1_763_700_000 };
const newer = { version: 27_801, built: 1_763_786_400 };
let places = 0;
let started: ChildProcess | undefined;

/** A place for one test: databases, socket and memory of its own. */
function place() {
  places += 1;
  const home = join(folder, String(places));
  mkdirSync(join(home, 'db'), { recursive: true });
  return {
    home,
    settings: { socket: join(home, 'socket'), database_directory: join(home, 'db') },
    daily: join(home, 'db', 'daily.cud'),
    host: localHost({ stateDirectory: join(home, 'state') }),
  };
}
type Place = ReturnType<typeof place>;

/** Starts clamd in the foreground and waits until it listens. Its zone is far from UTC: the date it prints is local. */
async function start({ home, settings }: Place): Promise<ChildProcess> {
  const config = [
    `DatabaseDirectory ${settings.database_directory}`,
    `LocalSocket ${settings.socket}`,
    'Foreground yes',
    'SelfCheck 0',
  ];
  writeFileSync(join(home, 'clamd.conf'), `${config.join('\n')}\n`);
  const child = spawn(clamd, ['--config-file', join(home, 'clamd.conf')], {
    env: { ...process.env, TZ: 'America/New_York' },
    stdio: 'ignore',
  });
  started = child;
  await vi.waitUntil(() => existsSync(settings.socket) || child.exitCode !== null, { timeout: 60_000 });
  expect(child.exitCode).toBeNull();
  return child;
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

async function collect({ host, settings }: Place) {
  const { samples, problems } = await clamav.collect(host, settings);
  return {
    facts: Object.fromEntries(
      samples.map(({ name, value }) => [name.replace('maintenance_antivirus_', ''), value]),
    ),
    info: samples.find(({ name }) => name === 'maintenance_antivirus_info')?.labels,
    problems,
  };
}

afterEach(() => end(started, 'SIGKILL'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the real clamd', () => {
  test('running: the loaded definitions have the build time of the header, not the local date clamd prints', async () => {
    const here = place();
    writeDatabase(here.daily, old);
    await start(here);
    expect(await here.host.ask(here.settings.socket, 'zVERSION\0')).toMatch(
      /\/27800\/Thu Nov 20 23:40:00 2025\0$/,
    );
    const { facts, info, problems } = await collect(here);
    expect(problems).toEqual([]);
    expect(facts).toEqual({
      definitions_timestamp_seconds: old.built,
      running: 1,
      info: 1,
      definitions_loaded_timestamp_seconds: old.built,
    });
    expect(info).toEqual({
      product: 'clamav',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      definitions: '27800',
    });
  });

  test('definitions of 2021 are an old time, nothing else', async () => {
    const here = place();
    writeDatabase(here.daily, { version: 6, built: 1_624_412_045 });
    await start(here);
    const { facts, problems } = await collect(here);
    expect(problems).toEqual([]);
    expect(facts).toMatchObject({ running: 1, definitions_loaded_timestamp_seconds: 1_624_412_045 });
  });

  test('newer definitions on disk are not the loaded ones until clamd reloads', async () => {
    const here = place();
    writeDatabase(here.daily, old);
    await start(here);
    await collect(here);
    writeDatabase(here.daily, newer);
    const before = await collect(here);
    expect(before.problems).toEqual([]);
    expect(before.facts).toMatchObject({
      definitions_timestamp_seconds: newer.built,
      definitions_loaded_timestamp_seconds: old.built,
    });
    expect(before.info?.['definitions']).toBe('27800');

    await here.host.ask(here.settings.socket, 'zRELOAD\0');
    await vi.waitUntil(async () => (await collect(here)).info?.['definitions'] === '27801', {
      timeout: 60_000,
    });
    expect((await collect(here)).facts).toMatchObject({ definitions_loaded_timestamp_seconds: newer.built });
  });

  test('loaded definitions that were never seen on disk are unknown', async () => {
    const here = place();
    writeDatabase(here.daily, old);
    await start(here);
    writeDatabase(here.daily, newer);
    const { facts, problems } = await collect(here);
    expect(problems).toEqual([
      { reason: 'source_missing', message: expect.stringContaining('loaded daily 27800') },
    ]);
    expect(facts).toEqual({ definitions_timestamp_seconds: newer.built, running: 1, info: 1 });
  });

  test('stopped: running is 0, with the socket file gone or left behind', async () => {
    const here = place();
    writeDatabase(here.daily, old);
    await end(await start(here), 'SIGTERM');
    expect(await collect(here)).toMatchObject({ facts: { running: 0 }, info: undefined, problems: [] });
    await end(await start(here), 'SIGKILL');
    expect(existsSync(here.settings.socket)).toBe(true);
    const { facts, problems } = await collect(here);
    expect({ facts, problems }).toEqual({
      facts: { definitions_timestamp_seconds: old.built, running: 0 },
      problems: [],
    });
  });

  test('hung: neither running nor stopped', async () => {
    const here = place();
    writeDatabase(here.daily, old);
    const child = await start(here);
    child.kill('SIGSTOP');
    const impatient = {
      ...here.host,
      ask: (socket: string, message: string) => here.host.ask(socket, message, 200),
    };
    const { facts, problems } = await collect({ ...here, host: impatient });
    expect(problems.map(({ reason }) => reason)).toEqual(['timeout']);
    expect(facts).toEqual({ definitions_timestamp_seconds: old.built });
  });

  test('without a daily database the loaded definitions are unknown', async () => {
    const here = place();
    writeFileSync(join(here.settings.database_directory, 'own.hdb'), `${'4'.repeat(32)}:68:Own\n`);
    await start(here);
    const { facts, info, problems } = await collect(here);
    expect(problems.map(({ reason }) => reason)).toEqual(['source_missing', 'source_missing']);
    expect(facts).toEqual({ running: 1, info: 1 });
    expect(info?.['definitions']).toBe('');
  });

  test('a download that was cut off is named while clamd goes on with what it has', async () => {
    const here = place();
    writeDatabase(here.daily, old);
    await start(here);
    await collect(here);
    writeFileSync(here.daily, 'ClamAV-VDB:22 Nov 2025 04-40 +0000:27801:1');
    const { facts, problems } = await collect(here);
    expect(problems).toEqual([
      { reason: 'unexpected_output', message: `${here.daily}: is cut off after 42 of 512 bytes` },
    ]);
    expect(facts).toEqual({ running: 1, info: 1, definitions_loaded_timestamp_seconds: old.built });
  });
});
