import type { Host } from '../../collector.ts';

/** Names and capabilities of /etc/zypp/needreboot: what makes `zypper needs-rebooting` say yes. */
export interface NeedReboot {
  readonly names: readonly string[];
  readonly capabilities: readonly string[];
}

/** Packages that ask for a reboot themselves, wherever they come from. */
const hint = 'installhint(reboot-needed)';

/** Parses /etc/zypp/needreboot: one `name` or `provides:capability` per line. */
export function parseNeedReboot(text: string): NeedReboot {
  const entries = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const prefix = 'provides:';
  return {
    names: entries.filter((entry) => !entry.startsWith(prefix)),
    capabilities: entries
      .filter((entry) => entry.startsWith(prefix))
      .map((entry) => entry.slice(prefix.length)),
  };
}

/**
 * Names of the installed packages whose update libzypp calls for a reboot after.
 * @throws CollectorError as Host.run and Host.read.
 */
export async function rebootPackages(host: Host, root = ''): Promise<ReadonlySet<string>> {
  const folders = ['/etc/zypp', '/usr/etc/zypp'].map((folder) => `${root}${folder}`);
  const more = await Promise.all(
    folders.map(async (folder) =>
      ((await host.list(`${folder}/needreboot.d`)) ?? []).map((name) => `${folder}/needreboot.d/${name}`),
    ),
  );
  const files = [...folders.map((folder) => `${folder}/needreboot`), ...more.flat()];
  const lists = (await Promise.all(files.map((file) => host.read(file)))).map((text) =>
    parseNeedReboot(text ?? ''),
  );
  const capabilities = [...new Set([hint, ...lists.flatMap((list) => list.capabilities)])];
  // rpm fails for those that nothing provides and prints the others all the same.
  const { stdout } = await host.run('rpm', [
    ...(root === '' ? [] : ['--root', root]),
    '-q',
    '--queryformat',
    '%{NAME}\\n',
    '--whatprovides',
    ...capabilities,
  ]);
  const providers = stdout.split('\n').filter((line) => /^[\w.+-]+$/.test(line));
  return new Set([...lists.flatMap(({ names }) => names), ...providers]);
}
