import type { Host } from '../../collector.ts';
import { sample, type Sample } from '../../metrics.ts';
import { readUnits, type Unit } from '../system/systemd.ts';
import { parseBoolean, parseIni } from './ini.ts';

export interface AutomaticUpdates {
  readonly manager: string;
  /** Units that install, whatever the configuration says. */
  readonly installing: readonly string[];
  /** Units that install when the configuration says apply_updates. */
  readonly configured: readonly string[];
  /** Configuration files, the one that decides first. */
  readonly files: readonly string[];
}

/** Whether the configuration of dnf-automatic says that updates are installed; undefined where it says nothing. */
export function appliesUpdates(text: string): boolean | undefined {
  return parseBoolean(parseIni(text).get('commands')?.get('apply_updates'));
}

/** Whether updates get installed unattended, and when that last ran. Nothing where there is no systemd. */
export async function readAutomatic(host: Host, automatic: AutomaticUpdates): Promise<readonly Sample[]> {
  const { manager, installing, configured, files } = automatic;
  const names = [...installing, ...configured];
  const services = names.map((name) => `${name}.service`);
  const units = await readUnits(host, [...names.map((name) => `${name}.timer`), ...services]);
  if (units === undefined) return [];
  const runs = (name: string) =>
    units.some((unit) => unit.name === `${name}.timer` && unit.enabled && unit.active);
  const enabled = installing.some(runs) || (configured.some(runs) && (await applies(host, files)) === true);
  const last = lastEnd(units.filter(({ name }) => services.includes(name)));
  return [
    sample('maintenance_patch_automation_enabled', { manager }, enabled ? 1 : 0),
    ...(last === undefined
      ? []
      : [sample('maintenance_patch_automation_last_run_timestamp_seconds', { manager }, last)]),
  ];
}

async function applies(host: Host, files: readonly string[]): Promise<boolean | undefined> {
  for (const file of files) {
    // oxlint-disable-next-line no-await-in-loop -- the first that says something decides
    const said = appliesUpdates((await host.read(file)) ?? '');
    if (said !== undefined) return said;
  }
  return undefined;
}

function lastEnd(services: readonly Unit[]): number | undefined {
  const ends = services.flatMap(({ ended, succeeded }) => (ended !== undefined && succeeded ? [ended] : []));
  return ends.length === 0 ? undefined : Math.max(...ends);
}
