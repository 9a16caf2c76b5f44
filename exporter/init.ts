import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { dump } from 'js-yaml';
import type { Collector, Host } from './collector.ts';
import { writeAtomically } from './state.ts';

/** What `init` found: the configuration to write, and what to tell the operator about each collector. */
export interface Detected {
  readonly yaml: string;
  readonly lines: readonly string[];
}

/**
 * Looks which tools a host has, once. From then on enabled means expected: a tool that disappears later is a
 * failure, not a reason to be silent.
 */
export async function detect(collectors: readonly Collector[], host: Host): Promise<Detected> {
  const found = await Promise.all(
    collectors.map(async (collector) => ({
      collector,
      settings: await collector.detect(host).catch(() => undefined),
    })),
  );
  const here = found.filter(({ settings }) => settings !== undefined);
  const document = {
    collectors: Object.fromEntries(here.map(({ collector, settings }) => [collector.name, settings])),
  };
  const header = [
    '# Written by `maintenance-exporter init` from what this host has. A collector listed here is expected to work:',
    '# when its tool disappears, it fails and an alert says so. Remove a line to say that it is not expected.',
    '',
  ];
  return {
    yaml: `${header.join('\n')}${dump(document)}`,
    lines: found.map(({ collector: { name, summary, rights }, settings }) =>
      settings === undefined
        ? `-  ${name}: not found here (${summary})`
        : `✓  ${name}: ${summary}${rights === '' ? '' : `\n     needs: ${rights}`}`,
    ),
  };
}

/** @throws Error when the file is there and may not be replaced. */
export async function writeConfig(path: string, yaml: string, force: boolean): Promise<void> {
  if (existsSync(path) && !force) throw new Error(`${path} is there already; use --force to replace it`);
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, yaml);
}
