import { z } from 'zod';
import {
  type Collection,
  CollectorError,
  defineCollector,
  type Host,
  type Problem,
  problemOf,
} from '../collector.ts';
import { type Attributes, readAttributes } from './md/attributes.ts';
import { rememberChecks } from './md/checks.ts';
import { isContainer, judge } from './md/judge.ts';
import { parseMdstat } from './md/mdstat.ts';
import { excludeSetting, withMissing } from './volume/known.ts';

const mdstat = '/proc/mdstat';

/** Software RAID of Linux. */
export const md = defineCollector({
  name: 'md',
  summary: 'arrays of Linux software RAID (md): missing members, rebuilds, checks',
  tools: [],
  rights: '',
  metrics: [
    'maintenance_volume_info',
    'maintenance_volume_present',
    'maintenance_volume_healthy',
    'maintenance_volume_operational',
    'maintenance_volume_members',
    'maintenance_volume_degraded_members',
    'maintenance_volume_spares',
    'maintenance_volume_rebuild_ratio',
    'maintenance_volume_scrub_timestamp_seconds',
    'maintenance_volume_scrub_errors',
    'maintenance_volume_errors',
    'maintenance_volume_size_bytes',
  ],
  byDefault: false,
  interval: 2 * 60,
  timeout: 30,
  settings: z.strictObject({ exclude: excludeSetting }),
  example: {},
  detect: async (host) => {
    const text = await host.read(mdstat);
    return text !== undefined && parseMdstat(text).arrays.length > 0 ? {} : undefined;
  },
  collect,
});

async function collect(
  host: Host,
  { exclude }: { readonly exclude: readonly string[] },
): Promise<Collection> {
  const text = await host.read(mdstat);
  // Where nothing was assembled the driver may not even be loaded.
  const { arrays, whole } = text === undefined ? { arrays: [], whole: true } : parseMdstat(text);
  const read = await Promise.all(
    arrays
      .filter((array) => !isContainer(array))
      .map(async (listed) => ({ listed, ...(await attributesOf(host, listed.name)) })),
  );
  const { checks, problems: forgotten } = await rememberChecks(
    host,
    new Map(
      read.flatMap(({ listed, attributes }) =>
        attributes === undefined ? [] : [[identity(listed.name, attributes), attributes] as const],
      ),
    ),
  );
  const found = read.map(({ listed, attributes }) => {
    const check = attributes === undefined ? undefined : checks.get(identity(listed.name, attributes));
    return { ...judge(listed, attributes), scrubbed: check?.ended, scrubErrors: check?.mismatches };
  });
  const { samples, problems } = await withMissing(host, 'md', found, { exclude, complete: whole });
  if (arrays.length === 0 && samples.length === 0 && problems.length === 0 && whole)
    throw new CollectorError(
      'unsupported',
      `${mdstat} ${text === undefined ? 'does not exist' : 'lists no array'}: this machine has no software RAID; remove collectors.md, or see why none was assembled (mdadm --assemble --scan)`,
    );
  return {
    samples,
    problems: [
      ...problems,
      ...forgotten,
      ...read.flatMap(({ problem }) => problem ?? []),
      ...(whole
        ? []
        : [
            {
              reason: 'unexpected_output' as const,
              message: `${mdstat} has no last line (unused devices): it may be cut off, so no array is called gone`,
            },
          ]),
    ],
  };
}

async function attributesOf(
  host: Host,
  name: string,
): Promise<{ readonly attributes?: Attributes; readonly problem?: Problem }> {
  try {
    const attributes = await readAttributes(host, name);
    if (attributes !== undefined) return { attributes };
    throw new CollectorError(
      'source_missing',
      `/sys/block/${name}/md does not exist; let the service see /sys`,
    );
  } catch (error) {
    return { problem: problemOf(error, name) };
  }
}

function identity(name: string, { uuid }: Attributes): string {
  return uuid ?? name;
}
