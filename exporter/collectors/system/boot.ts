import type { Host } from '../../collector.ts';

/** When a Linux host was started, unix seconds; see btime in proc_stat(5). Undefined where it cannot be told. */
export async function bootTime(host: Host): Promise<number | undefined> {
  const btime = /^btime (\d+)$/m.exec((await host.read('/proc/stat')) ?? '')?.[1];
  return btime === undefined ? undefined : Number(btime);
}

/** Whether this is a container: it shares the kernel of another machine, which a reboot here would not change. */
export async function inContainer(host: Host): Promise<boolean> {
  const marks = ['/.dockerenv', '/run/.containerenv', '/run/systemd/container'];
  const found = await Promise.all(marks.map((path) => host.stat(path)));
  if (found.some((mark) => mark !== undefined)) return true;
  const environment = await host.read('/proc/1/environ').catch(() => undefined);
  return /(?:^|\0)container=./.test(environment ?? '');
}
