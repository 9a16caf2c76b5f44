import { z } from 'zod';
import type { Host } from '../../collector.ts';

const schema = z.array(
  z.object({ name: z.string(), version: z.string(), 'build-time': z.number().optional() }),
);

/** Parses `apk query --format json --fields name,version,build-time`: builds by `name version`, unix seconds; apk-query(8). Empty for anything else. */
export function parseQuery(text: string): ReadonlyMap<string, number> {
  try {
    return new Map(
      schema
        .parse(JSON.parse(text))
        .flatMap(({ name, version, 'build-time': built }) =>
          built === undefined ? [] : [[`${name} ${version}`, built] as const],
        ),
    );
  } catch {
    return new Map();
  }
}

/** When newer versions were built, from apk-tools 3, whose own kind of index is not text. Empty with version 2, which has no such command. */
export async function readBuilds(host: Host): Promise<ReadonlyMap<string, number>> {
  const args = [
    'query',
    '--upgradable',
    '--format',
    'json',
    '--fields',
    'name,version,origin,build-time',
    '*',
  ];
  const { exitCode, stdout } = await host.run('apk', args, { timeout: 60_000 });
  return exitCode === 0 ? parseQuery(stdout) : new Map();
}
