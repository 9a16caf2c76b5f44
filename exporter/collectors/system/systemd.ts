import { CollectorError, type Host } from '../../collector.ts';

/** A unit of systemd. */
export interface Unit {
  readonly name: string;
  /** Whether it is started by itself: enabled for good or until the next boot, or enabled by what made it. */
  readonly enabled: boolean;
  /** Whether it runs now; a timer that waits runs. */
  readonly active: boolean;
  /** When its main process last ended since the host was started, unix seconds; undefined when it did not. */
  readonly ended: number | undefined;
  /** Whether it then succeeded. */
  readonly succeeded: boolean;
}

const properties = 'Id,LoadState,UnitFileState,ActiveState,Result,ExecMainExitTimestamp';

/**
 * Parses `systemctl show` of several units, run with TZ=UTC. Units that do not exist are left out.
 * @throws CollectorError unexpected_output.
 */
export function parseUnits(text: string): readonly Unit[] {
  return text
    .split(/\n[ \t]*\n/)
    .filter((block) => block.trim() !== '')
    .flatMap((block) => {
      const field = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1];
      const name = field('Id');
      const loaded = field('LoadState');
      if (name === undefined || loaded === undefined)
        throw new CollectorError(
          'unexpected_output',
          `systemctl show printed ${block.trim().split('\n')[0]?.slice(0, 200) ?? ''}`,
        );
      if (loaded !== 'loaded') return [];
      return [
        {
          name,
          enabled: /^(?:enabled|enabled-runtime|static|alias|generated)$/.test(field('UnitFileState') ?? ''),
          active: /^(?:active|activating|reloading)$/.test(field('ActiveState') ?? ''),
          ended: parseTime(field('ExecMainExitTimestamp') ?? ''),
          succeeded: field('Result') === 'success',
        },
      ];
    });
}

/** `Wed 2026-11-25 06:00:03 UTC`; empty or `n/a` when it never was. */
function parseTime(text: string): number | undefined {
  const [, day, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(text) ?? [];
  return day === undefined || time === undefined ? undefined : Date.parse(`${day}T${time}Z`) / 1000;
}

/**
 * Asks systemd for units by their names, by which aliases are found too.
 * @returns undefined where there is no systemd, as in most containers.
 * @throws CollectorError tool_failed, unexpected_output, and as Host.run.
 */
export async function readUnits(host: Host, names: readonly string[]): Promise<readonly Unit[] | undefined> {
  try {
    const { exitCode, stdout, stderr } = await host.run(
      'systemctl',
      ['show', '--no-pager', `--property=${properties}`, '--', ...names],
      { env: { TZ: 'UTC' } },
    );
    if (exitCode === 0 && stdout.trim() !== '') return parseUnits(stdout);
    if (/not been booted with systemd|Failed to connect to bus/.test(stderr)) return undefined;
    throw new CollectorError(
      'tool_failed',
      `systemctl show exited with ${exitCode}: ${stderr.trim().slice(0, 300)}`,
    );
  } catch (error) {
    if (error instanceof CollectorError && error.reason === 'tool_missing') return undefined;
    throw error;
  }
}
