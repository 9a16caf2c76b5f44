import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Collector, defineCollector } from './collector.ts';
import { parseConfig, readConfig } from './config.ts';

const collector = (name: string, byDefault: boolean, settings = z.strictObject({})): Collector =>
  defineCollector({
    name,
    summary: name,
    tools: [],
    rights: '',
    metrics: [],
    example: {},
    byDefault,
    interval: 900,
    timeout: 60,
    settings,
    detect: async () => undefined,
    collect: async () => ({ samples: [], problems: [] }),
  });
const known = [
  collector('apt', true),
  collector('reboot', true),
  collector(
    'restic',
    false,
    z.strictObject({
      repositories: z.array(z.strictObject({ backup_job: z.string(), password_file: z.string() })),
    }),
  ),
];
const names = (text: string, flags = {}) =>
  parseConfig(text, flags, known).jobs.map(({ collector: { name } }) => name);

test('without a file the default collectors run', async () => {
  const config = await readConfig(undefined, {}, known);
  expect(config.jobs.map((job) => job.collector.name)).toEqual(['apt', 'reboot']);
  expect(config.listenAddresses).toEqual(['127.0.0.1:10847']);
});

test('a file that names collectors runs exactly those; flags add and take away', () => {
  expect(names('collectors: {reboot: }')).toEqual(['reboot']);
  expect(names('collectors: {reboot: }', { collectors: { apt: true, reboot: false } })).toEqual(['apt']);
  expect(names('web: {}', { disableDefaults: true })).toEqual([]);
  expect(names('')).toEqual(['apt', 'reboot']);
});

test('interval and timeout are durations, for every collector', () => {
  const [job] = parseConfig('collectors: {apt: {interval: 2h, timeout: 90s}}', {}, known).jobs;
  expect(job).toMatchObject({ interval: 7200, timeout: 90, settings: {} });
});

test('flags win over the file', () => {
  const config = parseConfig(
    'web: {listen_address: ":1", telemetry_path: /m}\nstate_directory: /a',
    { listenAddresses: [':2'], stateDirectory: '/b' },
    known,
  );
  expect(config).toMatchObject({ listenAddresses: [':2'], telemetryPath: '/m', stateDirectory: '/b' });
});

test.each([
  ['colectors: {}', 'colectors: unknown key; did you mean collectors?'],
  ['web: {listen_adress: ":1"}', 'web.listen_adress: unknown key; did you mean listen_address?'],
  ['collectors: {resitc: {}}', 'collectors.resitc: no such collector; did you mean restic?'],
  ['collectors: {apt: {intervall: 1h}}', 'collectors.apt.intervall: unknown key; did you mean interval?'],
  [
    'collectors: {apt: {interval: 10 minutes}}',
    'collectors.apt.interval: expected a duration like 90s, 15m, 26h or 31d, got 10 minutes',
  ],
  [
    'collectors: {restic: {repositories: [{backup_job: a, password_file: b, pasword: c}]}}',
    'collectors.restic.repositories.0.pasword: unknown key; did you mean password_file?',
  ],
  ['web: {telemetry_path: metrics}', 'web.telemetry_path: expected a path that starts with /'],
])('%s is refused with path, reason and hint', (text, message) => {
  expect(() => parseConfig(text, {}, known)).toThrow(new Error(message));
});

test('names of smartctl_exporter are served where file or flag asks for them', () => {
  const asked = (text: string, flags = {}) => parseConfig(text, flags, known).compat.smartctl_exporter;
  expect(asked('')).toBe(false);
  expect(asked('', { compatSmartctlExporter: true })).toBe(true);
  expect(asked('compat: {smartctl_exporter: true}')).toBe(true);
  expect(() => asked('compat: {smartctl: true}')).toThrow(
    'compat.smartctl: unknown key; did you mean smartctl_exporter?',
  );
});

test('a file that is not there, or not YAML, is named', async () => {
  await expect(readConfig('/no/such.yaml', {}, known)).rejects.toThrow(
    /^configuration \/no\/such\.yaml: ENOENT/,
  );
  expect(() => parseConfig('a: [', {}, known)).toThrow();
});
