import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { CollectorError, type Host } from '../../collector.ts';
import { makeAptWorld, statusParagraph, type AptWorld } from '../../fixtures/apt-world.ts';
import { resolver } from './resolver.ts';

// python3-apt and apt-get are two ways to one library: on the same packages both must say the same.
const scratch = mkdtempSync(join(tmpdir(), 'apt-ways-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const withoutPython = (host: Host): Host => ({
  ...host,
  run: async (program, args, options) => {
    if (program === resolver[0]) throw new CollectorError('tool_missing', `${program} is not installed`);
    return host.run(program, args, options);
  },
});
/** apt-get has its say only where python3-apt cannot. */
const withPython = (host: Host): Host => ({
  ...host,
  run: async (program, args, options) => {
    if (args.includes('dist-upgrade')) throw new Error('apt-get was asked too');
    return host.run(program, args, options);
  },
});

describe.each([
  ['python3-apt', withPython],
  ['apt-get', withoutPython],
])('asked through %s', (_, way) => {
  let world: AptWorld;
  beforeEach(async () => {
    world = makeAptWorld(scratch);
    await world.update();
  });

  /** Pending and held, by class. */
  const counts = async (change = way) => {
    const { samples, problems } = await world.collect(undefined, change);
    expect(problems).toEqual([]);
    return samples
      .filter(({ name }) => /_pending$|_held$/.test(name))
      .map(({ name, labels, value }) => `${name.split('_').at(-1)} ${labels['class']} ${value}`);
  };
  const counted = (security: string, standard: string) => {
    const [pending, held] = security.split('+');
    const [others, othersHeld] = standard.split('+');
    return [
      `pending security ${pending}`,
      `held security ${held}`,
      `pending standard ${others}`,
      `held standard ${othersHeld}`,
    ];
  };
  const prefer = (text: string) => writeFileSync(join(world.root, 'etc/preferences.d/test'), text);

  test('updates are counted by class, and a masked security update is one', async () => {
    expect(await counts()).toEqual(counted('2+0', '2+0'));
  });

  test('a package on hold is held with what waits for it', async () => {
    world.install({ masked: '1.0', fixed: '1.0', ordinary: '1.0' }, ['masked', 'ordinary']);
    expect(await counts()).toEqual(counted('1+1', '0+1'));
  });

  test('APT::Default-Release keeps apt from the security pocket: "0 upgraded", and the fix is held, not absent', async () => {
    world.install({ fixed: '1.0', masked: '1.2' });
    world.publish('stable', { fixed: '1.0' });
    world.configure(world.sources, ['APT::Default-Release "stable";']);
    await world.update();
    const { stdout } = await world.run('apt-get', '-s', 'dist-upgrade');
    expect(stdout).toContain('0 upgraded, 0 newly installed');
    expect(await counts()).toEqual(counted('0+1', '0+0'));
  });

  test('a pin that forbids a security update holds it', async () => {
    world.install({ fixed: '1.0' });
    prefer('Package: fixed\nPin: release *\nPin-Priority: -1\n');
    expect(await counts()).toEqual(counted('0+1', '0+0'));
  });

  test('a pin that allows an update below the security update leaves that waiting', async () => {
    world.publish('stable', { fixed: '1.0.5' });
    await world.update();
    world.install({ fixed: '1.0' });
    prefer('Package: fixed\nPin: version 1.0.5\nPin-Priority: 990\n');
    const { stdout } = await world.run('apt-get', '-s', 'dist-upgrade');
    expect(stdout).toContain('Inst fixed [1.0] (1.0.5 ');
    expect(await counts()).toEqual(counted('1+0', '0+0'));
  });

  test('a newer version that is no security update and is pinned away is nobody’s business', async () => {
    world.install({ ordinary: '1.0' });
    prefer('Package: ordinary\nPin: version 1.0\nPin-Priority: 1001\n');
    expect(await counts()).toEqual(counted('0+0', '0+0'));
  });

  test('a downgrade that a pin demands is pending', async () => {
    world.install({ ordinary: '2.0' });
    prefer('Package: ordinary\nPin: version 1.1\nPin-Priority: 1001\n');
    expect(await counts()).toEqual(counted('0+0', '1+0'));
  });

  test('a package that is kept back by a dependency nothing can meet is held', async () => {
    world.install({ blocked: '1.0' });
    world.publish('stable-security', { blocked: '1.1' }, { fields: 'Depends: nothing-has-this\n' });
    await world.update();
    expect(await counts()).toEqual(counted('0+1', '0+0'));
  });

  test('a package that the upgrade removes is neither pending nor held', async () => {
    world.install({ old: '1.0', ordinary: '1.0' });
    world.publish('stable', { old: '1.1' });
    world.publish('stable', { ordinary: '1.5' }, { fields: 'Conflicts: old\n' });
    await world.update();
    const { stdout } = await world.run('apt-get', '-s', 'dist-upgrade');
    expect(stdout).toContain('Remv old ');
    expect(await counts()).toEqual(counted('0+0', '1+0'));
  });

  test('an update that is phased and not for this host yet is held, as apt-get defers it', async () => {
    world.install({ phased: '1.0' });
    world.publish('stable', { phased: '1.1' }, { fields: 'Phased-Update-Percentage: 10\n' });
    world.configure(world.sources, ['APT::Get::Never-Include-Phased-Updates "true";']);
    await world.update();
    const { stdout } = await world.run('apt-get', '-s', 'dist-upgrade');
    expect(stdout).toContain('0 upgraded');
    expect(await counts()).toEqual(counted('0+0', '0+1'));
  });

  test('a package of another architecture is one of its own', async () => {
    world.configure(world.sources, ['APT::Architectures { "amd64"; "i386"; };']);
    writeFileSync(
      world.status,
      statusParagraph('ordinary', '1.0', 'install', 'Multi-Arch: same\n') +
        statusParagraph('ordinary', '1.0', 'install', 'Multi-Arch: same\n').replace('amd64', 'i386'),
    );
    expect(await counts()).toEqual(counted('0+0', '1+0'));
  });

  test('a package that is only configuration by now, and one of no list, are nothing', async () => {
    writeFileSync(
      world.status,
      statusParagraph('fixed', '1.0', 'install').replace(
        'install ok installed',
        'deinstall ok config-files',
      ) + statusParagraph('local', '1.0', 'install'),
    );
    expect(await counts()).toEqual(counted('0+0', '0+0'));
  });
});
