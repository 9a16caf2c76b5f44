import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { CollectorError, type Host } from '../../collector.ts';
import { makeAptWorld, type AptWorld } from '../../fixtures/apt-world.ts';
import { localHost } from '../../host.ts';
import { apt } from '../apt.ts';
import { isSettled, sameFingerprint, type Fingerprint } from './fingerprint.ts';

const scratch = mkdtempSync(join(tmpdir(), 'apt-answer-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const day = 86_400;
/** Later than anything the file system can have written by now: nothing that was just made counts as fresh. */
const soon = () => Date.now() / 1000 + 10;

let world: AptWorld;
beforeEach(async () => {
  world = makeAptWorld(scratch);
  await world.update();
});

interface Run {
  /** Programs that were started. */
  readonly started: readonly string[];
  readonly lines: readonly string[];
  readonly reasons: readonly string[];
}

async function run(
  now: number,
  change: (host: Host) => Host = (host) => host,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Run> {
  const started: string[] = [];
  const inner = change(world.host(now));
  const host: Host = {
    ...inner,
    run: (program, args, options) => {
      started.push(program);
      return inner.run(program, args, options);
    },
  };
  const { samples, problems } = await apt.collect(host, { apt_config: world.config, ...settings });
  return {
    started,
    lines: samples.map(({ name, labels, value }) => `${name} ${Object.values(labels).join(' ')} ${value}`),
    reasons: problems.map(({ reason }) => reason),
  };
}

describe('a run on an unchanged disk', () => {
  test('starts no process and says the same, after a restart too', async () => {
    const now = soon();
    const first = await run(now);
    expect(first.started.length).toBeGreaterThan(2);
    expect(first.lines).toContain('maintenance_patches_pending apt security unknown 2');
    expect(await run(now + 900)).toEqual({ ...first, started: [] });
    expect(await run(now + 1800)).toEqual({ ...first, started: [] });
  });

  test('does not trust what changed just before the answer: a change in the same moment could leave the same times', async () => {
    const now = statSync(world.status).ctimeMs / 1000;
    await run(now + 1);
    expect((await run(now + 1)).started).not.toEqual([]);
    await run(now + 60);
    expect((await run(now + 61)).started).toEqual([]);
  });

  test.each([
    ['a day later', day + 1],
    ['when the clock was set back', -1],
  ])('asks anew %s', async (_, later) => {
    const now = soon();
    await run(now);
    expect((await run(now + later)).started).not.toEqual([]);
  });

  test('judges what depends on the time anew: lists that pass their Valid-Until make everything unknown', async () => {
    const now = soon();
    world.publish('stable-security', {}, { validUntil: now + 3600 });
    await world.update();
    expect((await run(now)).reasons).toEqual([]);
    const stale = await run(now + 7200);
    expect(stale).toMatchObject({ started: [], reasons: ['metadata_stale'] });
    expect(stale.lines.filter((line) => /pending|held/.test(line))).toEqual([]);
  });

  test('asks anew for another configuration and for other advisories', async () => {
    const now = soon();
    await run(now);
    const other = join(world.root, 'other.conf');
    writeFileSync(other, readFileSync(world.config));
    expect((await run(soon(), undefined, { apt_config: other })).started).not.toEqual([]);
    expect((await run(soon())).started).not.toEqual([]);
    expect((await run(soon())).started).toEqual([]);
    const advisories = join(world.root, 'etc');
    expect((await run(soon(), undefined, { advisories })).started).not.toEqual([]);
  });

  test('asks anew where the configuration goes on in files that nobody watches', async () => {
    writeFileSync(join(world.root, 'elsewhere'), 'APT::Install-Recommends "false";\n');
    appendFileSync(world.config, `\n#include "${join(world.root, 'elsewhere')}";\n`);
    await run(soon());
    expect((await run(soon())).started).not.toEqual([]);
  });

  test('reads no log again and keeps the count of deployments', async () => {
    await world.run('apt-get', '-y', 'install', await world.build('good', '1.0'));
    const now = soon();
    const first = await run(now);
    expect(first.lines).toContain('maintenance_patch_deployments_total apt success 1');
    const read: string[] = [];
    const second = await run(now, (host) => ({
      ...host,
      readCompressed: (path) => {
        read.push(path);
        return host.readCompressed(path);
      },
    }));
    expect([second, read]).toEqual([{ ...first, started: [] }, []]);
  });
});

describe('a change of', () => {
  const whole = 1_700_000_000;
  /** Other content of the same size and, to the nanosecond, at the same time. */
  const disguise = (path: string) => {
    const text = readFileSync(path, 'latin1');
    writeFileSync(path, text.replace(/[a-z](?=[^a-z]*$)/, 'z'), 'latin1');
    utimesSync(path, whole, whole);
  };
  const list = () => join(world.lists, world.listOf('stable'));
  const release = () => list().replace(/_main_.*/, '_Release');
  const inRoot = (path: string) => () => join(world.root, path);

  beforeEach(async () => {
    await world.run('apt-get', '-y', 'install', await world.build('good', '1.0'));
    for (const [path, text] of [
      ['etc/preferences', 'Package: nothing\nPin: release a=x\nPin-Priority: 500\n'],
      ['etc/preferences.d/a', 'Package: nothing\nPin: release a=x\nPin-Priority: 500\n'],
      ['etc/apt.conf.d/a', '// a\n'],
      ['etc/sources.list.d/a.list', '# a\n'],
      ['state/extended_states', 'Package: ordinary\nArchitecture: amd64\nAuto-Installed: 1\n'],
    ] as const)
      writeFileSync(join(world.root, path), text);
  });

  test.each([
    ['the record of dpkg', () => world.status],
    ['a package list', list],
    ['a Release file', release],
    ['the sources', inRoot('etc/sources.list')],
    ['a part of the sources', inRoot('etc/sources.list.d/a.list')],
    ['the preferences', inRoot('etc/preferences')],
    ['a part of the preferences', inRoot('etc/preferences.d/a')],
    ['a part of the configuration', inRoot('etc/apt.conf.d/a')],
    ['the configuration that was given', () => world.config],
    ['the record of automatic installations', inRoot('state/extended_states')],
    ['the history of apt', inRoot('log/history.log')],
    ['the log of dpkg', inRoot('log/dpkg.log')],
  ])('%s is noticed, also in the same second and at the same size', async (_, path) => {
    if (path() === world.config) appendFileSync(world.config, '\n// a\n');
    utimesSync(path(), whole, whole);
    await run(soon());
    expect((await run(soon())).started).toEqual([]);
    disguise(path());
    expect((await run(soon())).started).not.toEqual([]);
  });

  test.each([
    ['a new source', 'etc/sources.list.d/b.list'],
    ['a new preference', 'etc/preferences.d/b'],
    ['a new part of the configuration', 'etc/apt.conf.d/b'],
    ['a new list', 'state/lists/x_dists_y_Release'],
    ['a new log', 'log/history.log.1'],
  ])('%s is noticed, and so is its removal', async (_, path) => {
    await run(soon());
    writeFileSync(join(world.root, path), '');
    expect((await run(soon())).started).not.toEqual([]);
    rmSync(join(world.root, path));
    expect((await run(soon())).started).not.toEqual([]);
  });

  test('what means nothing here is not noticed: a lock, a download under way, what apt plans when it only plays', async () => {
    await run(soon());
    writeFileSync(join(world.lists, 'lock'), '');
    writeFileSync(join(world.lists, 'partial/x'), '');
    await world.run('apt-get', '-s', 'dist-upgrade');
    expect(readdirSync(join(world.root, 'log'))).toContain('eipp.log.xz');
    expect((await run(soon())).started).toEqual([]);
  });

  test('advisories is noticed', async () => {
    const advisories = join(world.root, 'advisories');
    mkdirSync(advisories);
    const file = join(advisories, 'USN-1.json');
    const ecosystem = debianOrUbuntu();
    const record = (fixed: string) =>
      writeFileSync(
        file,
        JSON.stringify({
          id: 'USN-1',
          published: '2026-01-02T00:00:00Z',
          affected: [
            { package: { ecosystem, name: 'fixed' }, ranges: [{ type: 'ECOSYSTEM', events: [{ fixed }] }] },
          ],
        }),
      );
    record('1.1');
    const first = await run(soon(), undefined, { advisories });
    const dated = `maintenance_patch_oldest_pending_timestamp_seconds apt security unknown released ${Date.UTC(2026, 0, 2) / 1000}`;
    expect(first.lines).toContain(dated);
    expect((await run(soon(), undefined, { advisories })).started).toEqual([]);
    record('1.2');
    const second = await run(soon(), undefined, { advisories });
    expect(second.started).not.toEqual([]);
  });
});

test('advisories that say nothing of this release leave severities unknown; none is 0', async () => {
  const advisories = join(world.root, 'advisories');
  mkdirSync(advisories);
  const { lines, reasons } = await run(soon(), undefined, { advisories });
  expect(reasons).toEqual(['source_missing']);
  expect(lines.filter((line) => line.startsWith('maintenance_patches_pending apt security'))).toEqual([
    'maintenance_patches_pending apt security unknown 2',
  ]);
});

/** The ecosystem of this host; advisories of another say nothing. */
function debianOrUbuntu(): string {
  const text = readFileSync('/etc/os-release', 'utf8');
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(text)?.[1] ?? '';
  return `${field('ID') === 'ubuntu' ? 'Ubuntu' : 'Debian'}:${field('VERSION_ID')}`;
}

describe('an answer is not kept', () => {
  test('when something could not be found out that is no matter of the disk', async () => {
    const slow = await run(soon(), (host) => ({
      ...host,
      run: async (program, args, options) => {
        if (program.endsWith('python3')) throw new CollectorError('timeout', 'took longer than 110 s');
        return host.run(program, args, options);
      },
    }));
    expect(slow.reasons).toEqual(['timeout']);
    const next = await run(soon());
    expect(next.reasons).toEqual([]);
    expect(next.started).not.toEqual([]);
  });

  test('when a log could not be read; the next run counts its deployments', async () => {
    await world.run('apt-get', '-y', 'install', await world.build('good', '1.0'));
    const { lines, reasons } = await run(soon(), (host) => ({
      ...host,
      readCompressed: async (path) => {
        throw new CollectorError('timeout', `${path} took too long`);
      },
    }));
    expect(reasons).toEqual(['timeout']);
    expect(lines.filter((line) => line.includes('deployments'))).toEqual([]);
    const next = await run(soon());
    expect(next.reasons).toEqual([]);
    expect(next.lines).toContain('maintenance_patch_deployments_total apt success 1');
  });

  test('while a deployment is under way; one that was killed is a failure in time, though nothing changes on disk', async () => {
    const quiet = (host: Host): Host => ({
      ...host,
      read: async (path) => (path === '/proc/locks' ? '' : host.read(path)),
    });
    await world.run('apt-get', '-y', 'install', await world.build('good', '1.0'));
    await run(soon(), quiet);
    const now = soon();
    const local = new Date(now * 1000 - new Date().getTimezoneOffset() * 60_000)
      .toISOString()
      .slice(0, 19)
      .replace('T', '  ');
    appendFileSync(
      join(world.root, 'log/history.log'),
      `\nStart-Date: ${local}\nCommandline: apt-get upgrade\nUpgrade: fixed:amd64 (1.0, 1.1)\n`,
    );
    const failures = async (at: number) =>
      (await run(at, quiet)).lines.filter((line) => line.includes('deployments_total apt failure'));
    expect(await failures(now)).toEqual(['maintenance_patch_deployments_total apt failure 0']);
    expect(await failures(now + 7200)).toEqual(['maintenance_patch_deployments_total apt failure 1']);
  });

  test('when it cannot be written; every run asks, and says so', async () => {
    const readOnly = (host: Host): Host => ({
      ...host,
      state: {
        ...host.state,
        write: async () => Promise.reject(new CollectorError('state_unwritable', 'read-only file system')),
      },
    });
    for (const _ of [1, 2]) {
      // oxlint-disable-next-line no-await-in-loop -- one run after the other
      const { started, reasons, lines } = await run(soon(), readOnly);
      expect(started).not.toEqual([]);
      expect(reasons).toEqual(['state_unwritable']);
      expect(lines).toContain('maintenance_patches_pending apt security unknown 2');
    }
  });

  test('when a file changed while it was found', async () => {
    await run(soon(), (host) => ({
      ...host,
      run: async (program, args, options) => {
        if (program.endsWith('python3')) appendFileSync(world.status, '\n');
        return host.run(program, args, options);
      },
    }));
    expect((await run(soon())).started).not.toEqual([]);
  });

  test('where the logs may not be looked at; that costs the deployments and nothing else', async () => {
    const locked = (host: Host): Host => ({
      ...host,
      list: async (path) => {
        if (path.endsWith('/log')) throw new CollectorError('permission_denied', `may not read ${path}`);
        return host.list(path);
      },
    });
    for (const _ of [1, 2]) {
      // oxlint-disable-next-line no-await-in-loop -- one run after the other
      const { started, reasons, lines } = await run(soon(), locked);
      expect(started).not.toEqual([]);
      expect(reasons).toEqual(['permission_denied']);
      expect(lines).toContain('maintenance_patches_pending apt security unknown 2');
      expect(lines.filter((line) => line.includes('deployments'))).toEqual([]);
    }
  });
});

describe('a kept answer that is damaged', () => {
  const file = () => join(world.root, 'memory/apt-answer.json');

  test('at whatever byte it is cut off, costs one more look and nothing else', async () => {
    const first = await run(soon());
    const whole = readFileSync(file(), 'utf8');
    for (const length of [0, 1, 40, 80, Math.floor(whole.length / 2), whole.length - 1]) {
      writeFileSync(file(), whole.slice(0, length));
      rmSync(join(world.root, 'memory/apt-answer.previous.json'), { force: true });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { started, ...told } = await run(soon());
      expect(started).not.toEqual([]);
      expect(told).toEqual({ lines: first.lines, reasons: [] });
    }
  });

  test('is never replaced by an older one that does not fit any more', async () => {
    await run(soon());
    world.install({ masked: '1.2', fixed: '1.1', ordinary: '1.1', 'libstdc++6': '1:1.1' });
    await run(soon());
    writeFileSync(file(), 'x');
    const { started, lines } = await run(soon());
    expect(started).not.toEqual([]);
    expect(lines).toContain('maintenance_patches_pending apt security unknown 0');
  });

  test.each([
    ['of another format', { format: 2 }],
    ['of another shape', { format: 1, settings: 7 }],
  ])('%s is not used', async (_, document) => {
    await run(soon());
    await localHost({ stateDirectory: join(world.root, 'memory') }).state.write('apt-answer', document);
    expect((await run(soon())).started).not.toEqual([]);
  });
});

describe('a fingerprint', () => {
  const one: Fingerprint = { '/a': [1, 2, 3], '/b': null };

  test.each([
    ['the same', { '/b': null, '/a': [1, 2, 3] }, true],
    ['of another size', { '/a': [9, 2, 3], '/b': null }, false],
    ['with other content', { '/a': [1, 9, 3], '/b': null }, false],
    ['with other content and the time of the old', { '/a': [1, 2, 9], '/b': null }, false],
    ['with a file that came', { '/a': [1, 2, 3], '/b': [0, 0, 0] }, false],
    ['with a file that went', { '/a': null, '/b': null }, false],
    ['with a file less', { '/a': [1, 2, 3] }, false],
    ['with other files', { '/a': [1, 2, 3], '/c': null }, false],
  ] satisfies readonly (readonly [string, Fingerprint, boolean])[])(
    '%s is equal: %s',
    (_, other, expected) => {
      expect(sameFingerprint(one, other)).toBe(expected);
      expect(sameFingerprint(other, one)).toBe(expected);
    },
  );

  test.each([
    [3, false],
    [5, false],
    [5.1, true],
    [2, false],
  ])('that changed at 3 is settled at %i: %s', (now, expected) => expect(isSettled(one, now)).toBe(expected));
});
