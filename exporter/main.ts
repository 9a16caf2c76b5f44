#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { userInfo } from 'node:os';
import { setTimeout as later } from 'node:timers/promises';
import { type BackupRun, runBackup } from './backup-run.ts';
import { collectors } from './collectors/index.ts';
import { type Config, type Flags, readConfig } from './config.ts';
import { formatDisks } from './disks/list.ts';
import { readDisks } from './disks/memory.ts';
import { type Retire, retireDisk } from './disks/retire.ts';
import { errorCode } from './error-code.ts';
import { type Confirm, confirmTask } from './tasks/confirm.ts';
import { formatTasks } from './tasks/list.ts';
import { readTasks } from './tasks/record.ts';
import { readEvidence } from './evidence.ts';
import {
  type EvidenceFilter,
  type evidenceFormats,
  formatEvidence,
  selectEvidence,
} from './evidence-print.ts';
import { createExporter } from './exporter.ts';
import { commandLine } from './flags.ts';
import { localHost } from './host.ts';
import { createApp } from './http/app.ts';
import { findJob } from './restore/find-job.ts';
import { restoreTest } from './restore/restore-test.ts';
import { restorers } from './restore/restorers.ts';
import { listen } from './http/serve.ts';
import { detect, writeConfig } from './init.ts';
import { createLog } from './log.ts';
import { stateIn, writeAtomically } from './state.ts';

const version = readVersion();

async function serve(configFile: string | undefined, flags: Flags): Promise<void> {
  const config = await readConfig(configFile, flags, collectors);
  const log = createLog(config.logLevel, config.logFormat);
  const exporter = createExporter(config, version, log);

  const reload = async () => {
    try {
      exporter.apply(await readConfig(configFile, flags, collectors));
      exporter.noteRead('configuration', true);
      log.info('configuration read again', { file: configFile });
    } catch (error) {
      exporter.noteRead('configuration', false);
      log.error('configuration kept as it was', { reason: messageOf(error) });
      throw error;
    }
    await server.reload();
  };
  const app = createApp({ exporter, telemetryPath: config.telemetryPath, version, reload, log });
  const server = await listen(app, {
    addresses: config.listenAddresses,
    ...(config.webConfigFile === undefined ? {} : { webConfigFile: config.webConfigFile }),
    log,
    onReload: (successful) => exporter.noteRead('web configuration', successful),
  });
  server.urls.forEach((url) => log.info('listening', { url, telemetry_path: config.telemetryPath }));
  announce(config, configFile, log.info);
  exporter.start();

  process.on('SIGHUP', () => void reload().catch(() => undefined));
  const stop = (signal: NodeJS.Signals) => {
    log.info('stopping', { signal });
    exporter.stop();
    void server.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** Answers 0 when it could run, whatever the collectors said: what they could not tell is in the metrics. */
async function once(
  configFile: string | undefined,
  flags: Flags,
  textfile: string | undefined,
): Promise<void> {
  const config = await readConfig(configFile, flags, collectors);
  const exporter = createExporter(config, version, createLog(config.logLevel, config.logFormat));
  await exporter.runAll();
  const text = await exporter.text();
  if (textfile === undefined) process.stdout.write(text);
  else await writeAtomically(textfile, text, 0o644);
  exporter.stop();
}

async function init(output: string, force: boolean): Promise<void> {
  const { yaml, lines } = await detect(collectors, localHost({ stateDirectory: '/nonexistent' }));
  await writeConfig(output, yaml, force);
  process.stdout.write(
    `${lines.join('\n')}\n\nWrote ${output}. Next: maintenance-exporter --config.file ${output}\n`,
  );
}

/** Ends with the exit code of the command. Without a readable configuration the backup runs all the same. */
async function run(
  configFile: string | undefined,
  flags: Flags,
  asked: Pick<BackupRun, 'job' | 'argv' | 'retries' | 'retryDelay'>,
): Promise<void> {
  const stateDirectory = await readConfig(configFile, flags, collectors)
    .catch((error: unknown) => {
      warnOfRun(`${messageOf(error)}; the backup runs, and is recorded in the default state directory`);
      return readConfig(undefined, flags, collectors);
    })
    .then((config) => config.stateDirectory);
  process.exitCode = await runBackup({
    ...asked,
    stateDirectory,
    now: () => Date.now() / 1000,
    wait: (seconds) => later(seconds * 1000),
    warn: warnOfRun,
  });
}

/** Says the verdict; ends with 1 when it is a failure. */
async function testRestore(
  configFile: string | undefined,
  flags: Flags,
  name: string,
  tool: string | undefined,
): Promise<void> {
  const config = await readConfig(configFile, flags, collectors);
  const declared = findJob(config, name, tool);
  const restorer = restorers.find(({ collector }) => collector === declared.tool);
  if (restorer === undefined && declared.test.command === undefined)
    throw new Error(
      `how to restore from ${declared.tool} is not built in; set restore_test.command of backup job ${name}`,
    );
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  const verdict = await restoreTest({
    ...declared,
    name,
    restorer,
    stateDirectory: config.stateDirectory,
    now: () => Date.now() / 1000,
    signal: stop.signal,
  });
  if (verdict.success) {
    const { bytes, files, digest } = verdict.verified;
    process.stdout.write(
      `restore test of ${name} passed: ${files} files, ${bytes} bytes in ${verdict.duration.toFixed(1)} s; ${digest === undefined ? 'nothing was compared (declare a canary or a manifest)' : 'contents compared'}\n`,
    );
    return;
  }
  process.stderr.write(`RESTORE TEST OF ${name} FAILED: ${verdict.reason}: ${verdict.message}\n`);
  process.exitCode = 1;
}

function warnOfRun(message: string): void {
  process.stderr.write(`maintenance-exporter run: ${message}\n`);
}

/** Prints also what is left of damaged evidence; says on stderr what is wrong with it, and ends with 1. */
async function evidence(
  configFile: string | undefined,
  flags: Flags,
  format: (typeof evidenceFormats)[number],
  filter: EvidenceFilter,
): Promise<void> {
  const { stateDirectory } = await readConfig(configFile, flags, collectors);
  const { records, damage } = await readEvidence(stateDirectory);
  process.stdout.write(formatEvidence(selectEvidence(records, filter), format));
  if (records.length === 0 && damage.length === 0)
    process.stderr.write(`nothing is on record in ${stateDirectory}; --state.directory names another one\n`);
  damage.forEach((line) => process.stderr.write(`evidence: ${line}\n`));
  if (damage.length > 0) process.exitCode = 1;
}

async function disks(configFile: string | undefined, flags: Flags): Promise<void> {
  const { stateDirectory } = await readConfig(configFile, flags, collectors);
  const { known, retired, warnings } = await readDisks(stateDirectory);
  process.stdout.write(formatDisks(known, retired));
  if (known.size === 0)
    process.stderr.write(
      `no disk is known in ${stateDirectory}; the collector smartctl learns them when it runs, and --state.directory names another one\n`,
    );
  warnings.forEach((line) => process.stderr.write(`disks: ${line}\n`));
}

async function retire(
  configFile: string | undefined,
  flags: Flags,
  { by, ...asked }: Pick<Retire, 'name' | 'why' | 'althoughPresent'> & { readonly by: string | undefined },
): Promise<void> {
  const { stateDirectory } = await readConfig(configFile, flags, collectors);
  const { done, warnings } = await retireDisk({
    ...asked,
    by: by ?? currentUser(),
    stateDirectory,
    now: Date.now() / 1000,
  });
  process.stdout.write(`${done}\n`);
  warnings.forEach((line) => process.stderr.write(`disks: ${line}\n`));
}

async function confirm(
  configFile: string | undefined,
  flags: Flags,
  { by, ...asked }: Pick<Confirm, 'task' | 'note' | 'outcome' | 'at'> & { readonly by: string | undefined },
): Promise<void> {
  const { stateDirectory } = await readConfig(configFile, flags, collectors);
  const { done, warnings } = await confirmTask({
    ...asked,
    by: by ?? currentUser(),
    stateDirectory,
    now: Date.now() / 1000,
  });
  process.stdout.write(done);
  warnings.forEach((line) => process.stderr.write(`confirm: ${line}\n`));
}

async function confirmed(configFile: string | undefined, flags: Flags): Promise<void> {
  const { stateDirectory } = await readConfig(configFile, flags, collectors);
  const { tasks, problems } = await readTasks(stateIn(stateDirectory));
  process.stdout.write(formatTasks(tasks ?? new Map()));
  if (tasks?.size === 0)
    process.stderr.write(
      `no task was confirmed in ${stateDirectory}; \`maintenance-exporter confirm TASK\` confirms one, and --state.directory names another one\n`,
    );
  problems.forEach(({ message }) => process.stderr.write(`confirm: ${message}\n`));
  if (tasks === undefined) process.exitCode = 1;
}

function currentUser(): string {
  return process.env['SUDO_USER'] ?? userInfo().username;
}

function announce(config: Config, configFile: string | undefined, say: (message: string) => void): void {
  const names = config.jobs.map(({ collector }) => collector.name).join(', ');
  say(`collectors: ${names === '' ? 'none' : names}`);
  if (config.compat.smartctl_exporter && !config.jobs.some(({ collector }) => collector.name === 'smartctl'))
    say('--compat.smartctl-exporter serves nothing: the collector smartctl is off');
  if (configFile === undefined)
    say(
      'no configuration file: only the default collectors run; `maintenance-exporter init` writes one for this host',
    );
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const found =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
  return typeof found === 'string' ? found : 'unknown';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error) => {
  if (errorCode(error) === 'EPIPE') process.exit();
  throw error;
});

try {
  await commandLine(version, collectors, {
    serve,
    once,
    init,
    run,
    restoreTest: testRestore,
    evidence,
    disks,
    retireDisk: retire,
    confirm,
    confirmed,
  })
    .exitOverride()
    .parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode);
  process.stderr.write(`maintenance-exporter: ${messageOf(error)}\n`);
  process.exit(1);
}
