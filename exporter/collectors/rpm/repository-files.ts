import type { Host } from '../../collector.ts';

/** Whether any repository is configured: dnf that is only installed, as on Debian to build images, keeps nothing up to date. */
export async function hasRepositories(host: Host): Promise<boolean> {
  const folders = await Promise.all(
    ['/etc/yum.repos.d', '/etc/distro.repos.d'].map((folder) => host.list(folder)),
  );
  return folders.flatMap((names) => names ?? []).some((name) => name.endsWith('.repo'));
}
