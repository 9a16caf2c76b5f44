import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type Collection,
  type Collector,
  CollectorError,
  type Host,
  type Reason,
  reasons,
} from './collector.ts';
import { collectors } from './collectors/index.ts';
import { parseConfig } from './config.ts';
import { type MetricName, metrics } from './metrics.ts';
import { replay } from './replay.ts';
import { runCollector } from './run.ts';

/** What a collector may say when it could tell nothing: what is configured, and that something is out of order. */
const allowed: Partial<Record<MetricName, (value: number) => boolean>> = {
  maintenance_backup_expected_interval_seconds: () => true,
  maintenance_backup_job_info: () => true,
  maintenance_licence_expiry_timestamp_seconds: () => true,
  maintenance_warranty_expiry_timestamp_seconds: () => true,
  maintenance_backup_repository_readable: (value) => value === 0,
  // Counted in the exporter's own record, which is there on every host.
  maintenance_backup_runs_total: (value) => value === 0,
  maintenance_tasks_confirmed: (value) => value === 0,
  maintenance_antivirus_running: (value) => value === 0,
  maintenance_patch_metadata_complete: (value) => value === 0,
  // Where every file exists, so does the one that asks for a reboot: wrong, but never green.
  maintenance_reboot_required: (value) => value === 1,
  maintenance_reboot_required_since_timestamp_seconds: () => true,
};

const failing = (reason: Reason): Host => {
  const fail = () => Promise.reject(new CollectorError(reason, `played: ${reason}`));
  return {
    ...replay({}),
    run: fail,
    read: fail,
    readCompressed: fail,
    query: fail,
    head: fail,
    tail: fail,
    readThrough: fail,
    list: fail,
    stat: fail,
    ask: fail,
    request: fail,
    machine: fail,
  };
};

/** A host whose every tool and file answers the same text. */
const answering = (text: string, exitCode = 0): Host => ({
  ...replay({}),
  run: async () => ({ exitCode, stdout: text, stderr: text }),
  read: async () => text,
  readCompressed: async () => text,
  head: async (_, bytes) => text.slice(0, bytes),
  tail: async (_, bytes) => text.slice(-bytes),
  readThrough: async (_, { ends }) => ({
    compression: undefined,
    head: text.slice(0, ends),
    tail: text.slice(-ends),
    bytes: text.length,
  }),
  list: async () => [text.slice(0, 100)],
  stat: async () => ({
    size: text.length,
    modified: 1_700_000_000,
    changed: 1_700_000_000,
    directory: false,
  }),
  ask: async () => text,
  request: async () => ({ status: 200, headers: {}, body: text }),
});

const hosts: readonly (readonly [string, Host])[] = [
  ['nothing is installed and no file exists', replay({})],
  ['nothing may be read or run', failing('permission_denied')],
  ['everything takes too long', failing('timeout')],
  ['everything prints too much', failing('output_too_large')],
  ['every answer is empty', answering('')],
  ['every answer is empty and a failure', answering('', 1)],
  ['every answer is noise', answering('�\u0000 % {[" lorem\tipsum\n'.repeat(50))],
  ['every answer is JSON of another shape', answering('{"version":[1],"device":null,"smartctl":7}')],
  ['every answer is cut off', answering('[{"time":"2026-11-2')],
  ['every answer is German', answering('Fehler: Datei oder Verzeichnis nicht gefunden\n', 100)],
  ['every answer is large', answering('x'.repeat(4 * 1024 * 1024))],
];

describe.each(collectors.map((collector) => [collector.name, collector] as const))(
  '%s',
  (name, collector) => {
    test('is named like its file and described for people', () => {
      expect(existsSync(`exporter/collectors/${name}.ts`)).toBe(true);
      expect(collector.summary).toMatch(/^\S.{10,}[^.]$/);
      expect(collector.timeout).toBeLessThan(collector.interval);
    });

    test('refuses an unknown key of its configuration', () => {
      const given = { ...collector.example, no_such_key: 1 };
      expect(() => parseConfig(JSON.stringify({ collectors: { [name]: given } }), {}, collectors)).toThrow(
        `collectors.${name}.no_such_key: unknown key`,
      );
    });

    test.each(hosts)('where %s it says why and claims nothing', async (_, host) => {
      const { samples, problems } = await collect(collector, host);
      expect(problems.length + samples.length).toBeGreaterThan(0);
      for (const { reason, message } of problems) {
        expect(reasons).toContain(reason);
        expect(reason, message).not.toBe('internal_error');
        expect(message.length).toBeGreaterThan(10);
        expect(message.length).toBeLessThan(1000);
      }
      expect(samples.filter((sample) => !collector.metrics.includes(sample.name))).toEqual([]);
      expect(samples.filter((sample) => allowed[sample.name]?.(sample.value) !== true)).toEqual([]);
    });

    test('uses every label the catalogue declares, and each series once', async () => {
      const { samples } = await collect(collector, replay({}));
      for (const sample of samples)
        expect(Object.keys(sample.labels)).toEqual([...metrics[sample.name].labels]);
      expect(new Set(samples.map((sample) => JSON.stringify(sample))).size).toBe(samples.length);
    });

    test('detects nothing where there is nothing', async () => {
      const found = await collector.detect(replay({})).catch(asAbsent);
      if (!collector.byDefault) expect(found).toBeUndefined();
    });
  },
);

function collect(collector: Collector, host: Host): Promise<Collection> {
  const job = { collector, settings: collector.example, interval: 3600, timeout: 30 };
  return runCollector(job, () => host, host.now).result;
}

/** As `init` does: where the tool cannot be asked, it is not here. */
function asAbsent(error: unknown): undefined {
  if (!(error instanceof CollectorError)) throw error;
}
