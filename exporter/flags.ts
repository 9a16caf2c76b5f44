import { Command, InvalidArgumentError, Option } from 'commander';
import type { Collector } from './collector.ts';
import { defaults, type Flags } from './config.ts';
import { parseDuration } from './duration.ts';
import { type EvidenceFilter, evidenceFormats } from './evidence-print.ts';
import { logFormats, logLevels } from './log.ts';
import { type TaskOutcome, taskOutcomes } from './tasks/record.ts';

/** What to do, as the command line says. */
export interface Actions {
  readonly serve: (configFile: string | undefined, flags: Flags) => Promise<void>;
  readonly once: (
    configFile: string | undefined,
    flags: Flags,
    textfile: string | undefined,
  ) => Promise<void>;
  readonly init: (output: string, force: boolean) => Promise<void>;
  readonly run: (
    configFile: string | undefined,
    flags: Flags,
    run: {
      readonly job: string;
      readonly argv: readonly string[];
      readonly retries: number;
      readonly retryDelay: number;
    },
  ) => Promise<void>;
  readonly restoreTest: (
    configFile: string | undefined,
    flags: Flags,
    job: string,
    tool: string | undefined,
  ) => Promise<void>;
  readonly evidence: (
    configFile: string | undefined,
    flags: Flags,
    format: (typeof evidenceFormats)[number],
    filter: EvidenceFilter,
  ) => Promise<void>;
  readonly disks: (configFile: string | undefined, flags: Flags) => Promise<void>;
  readonly retireDisk: (
    configFile: string | undefined,
    flags: Flags,
    disk: {
      readonly name: string;
      readonly by: string | undefined;
      readonly why: string | undefined;
      readonly althoughPresent: boolean;
    },
  ) => Promise<void>;
  readonly confirm: (
    configFile: string | undefined,
    flags: Flags,
    confirmation: {
      readonly task: string;
      readonly by: string | undefined;
      readonly note: string | undefined;
      readonly outcome: TaskOutcome;
      readonly at: string | undefined;
    },
  ) => Promise<void>;
  readonly confirmed: (configFile: string | undefined, flags: Flags) => Promise<void>;
}

/** The command line of `maintenance-exporter`; the names of shared flags are those of the Prometheus exporters. */
export function commandLine(version: string, collectors: readonly Collector[], actions: Actions): Command {
  const program = new Command('maintenance-exporter')
    .description(
      'States facts about the maintenance of this host to Prometheus: patches, reboots, backups, antivirus, disks.',
    )
    .version(version)
    .option('--config.file <file>', 'configuration (YAML); `init` writes one for this host')
    .option(
      '--web.listen-address <address>',
      `address to listen on; may be repeated (default: ${defaults.listenAddresses.join(', ')})`,
      append,
    )
    .option('--web.telemetry-path <path>', `where the metrics are (default: ${defaults.telemetryPath})`)
    .option('--web.config.file <file>', 'TLS and passwords, in the format of the Prometheus exporter-toolkit')
    .option(
      '--state.directory <directory>',
      `what is remembered between runs (default: ${defaults.stateDirectory})`,
    )
    .option('--once', 'run every collector once, print the metrics and exit')
    .option(
      '--textfile <file>',
      'with --once: write the metrics to this file atomically, for node_exporter',
      textfileName,
    )
    .option(
      '--compat.smartctl-exporter',
      'serve the metrics of smartctl_exporter as well, for its dashboards and rules; needs the collector smartctl',
    )
    .option('--collector.disable-defaults', 'run only the collectors named in the configuration or by a flag')
    .addOption(new Option('--log.level <level>', `(default: ${defaults.logLevel})`).choices(logLevels))
    .addOption(new Option('--log.format <format>', `(default: ${defaults.logFormat})`).choices(logFormats));
  for (const { name, summary } of collectors)
    program
      .option(`--collector.${name}`, summary)
      .addOption(new Option(`--no-collector.${name}`, `do not run ${name}`).hideHelp());

  program.action(async (options: Readonly<Record<string, unknown>>) => {
    const flags = flagsOf(options, collectors);
    const configFile = textOf(options['config.file']);
    const textfile = textOf(options['textfile']);
    if (options['once'] === true) return actions.once(configFile, flags, textfile);
    if (textfile !== undefined) program.error('error: --textfile needs --once');
    return actions.serve(configFile, flags);
  });
  program
    .command('init')
    .description('look which tools this host has, once, and write a configuration that expects exactly those')
    .option('--output <file>', 'where to write', '/etc/maintenance-exporter/config.yaml')
    .option('--force', 'replace a file that is there', false)
    .action((options: { readonly output: string; readonly force: boolean }) =>
      actions.init(options.output, options.force),
    );
  program
    .command('run')
    .description(
      'run a backup command and put on record how it ended: maintenance-exporter run --job nightly -- restic backup /srv. Input, output, signals and exit code are those of the command.',
    )
    .requiredOption('--job <name>', 'name of the backup job, as in the configuration')
    .option('--retries <count>', 'start it again when it fails, so many times', wholeNumber, 0)
    .option('--retry-delay <duration>', 'how long to wait before that, such as 5m', durationOption, 300)
    .argument('<command...>', 'the command and its arguments, after --')
    .action((argv: readonly string[], _: unknown, command: Command) => {
      const options: Readonly<Record<string, unknown>> = command.optsWithGlobals();
      return actions.run(textOf(options['config.file']), flagsOf(options, collectors), {
        job: textOf(options['job']) ?? '',
        argv,
        retries: Number(options['retries']),
        retryDelay: Number(options['retryDelay']),
      });
    });
  program
    .command('restore-test')
    .description(
      'restore a backup job for real into a scratch directory, compare what comes back, remove it, and put the verdict on record. Exits with 1 when the restore did not bring back what it should.',
    )
    .requiredOption('--job <name>', 'name of the backup job, as in the configuration')
    .option('--tool <collector>', 'the collector that declares it, where two have a job of this name')
    .action((_: unknown, command: Command) => {
      const options: Readonly<Record<string, unknown>> = command.optsWithGlobals();
      return actions.restoreTest(
        textOf(options['config.file']),
        flagsOf(options, collectors),
        textOf(options['job']) ?? '',
        textOf(options['tool']),
      );
    });
  program
    .command('evidence')
    .description(
      'print what is on record about this host: every deployment of updates, every vulnerability that was opened or closed. Exits with 1 when a record was changed, removed or damaged.',
    )
    .addOption(new Option('--format <format>', 'how to print').choices(evidenceFormats).default('json'))
    .option(
      '--since <date>',
      'from this month (2026-10), day (2026-10-31) or time (2026-10-31T08:00Z) on, UTC',
    )
    .option('--until <date>', 'to the end of this month, day or time')
    .option(
      '--kind <kind>',
      'patch_deployment, vulnerability, backup_run, backup_check, restore_test, disk_retired, disk_returned or task_confirmed',
    )
    .option('--outcome <outcome>', 'success, partial, failure, pending_reboot; opened, closed; interrupted')
    .option('--tool <tool>', 'package manager or scanner')
    .option('--actor <actor>', 'who did it')
    .option('--package <name>', 'only records about this package')
    .action((_: unknown, command: Command) => {
      const options: Readonly<Record<string, unknown>> = command.optsWithGlobals();
      return actions.evidence(
        textOf(options['config.file']),
        flagsOf(options, collectors),
        evidenceFormats.find((format) => format === options['format']) ?? 'json',
        {
          since: textOf(options['since']),
          until: textOf(options['until']),
          kind: textOf(options['kind']),
          outcome: textOf(options['outcome']),
          tool: textOf(options['tool']),
          actor: textOf(options['actor']),
          packageName: textOf(options['package']),
        },
      );
    });
  const disks = program
    .command('disks')
    .description('list the disks this host is known to have, with their state when the exporter ran last')
    .action((_: unknown, command: Command) => {
      const options: Readonly<Record<string, unknown>> = command.optsWithGlobals();
      return actions.disks(textOf(options['config.file']), flagsOf(options, collectors));
    });
  disks
    .command('retire')
    .description(
      'put on record that a disk was taken out of service, so that it is no longer missed. Run it as the user of the exporter. A disk that comes back is in service again.',
    )
    .argument('<disk>', 'serial number or id, as `disks` lists them')
    .option('--by <who>', 'who took it out (default: the user who runs this)', someText)
    .option('--why <text>', 'why, for the evidence', someText)
    .option('--although-present', 'also a disk that is still there', false)
    .action((name: string, _: unknown, command: Command) => {
      const options: Readonly<Record<string, unknown>> = command.optsWithGlobals();
      return actions.retireDisk(textOf(options['config.file']), flagsOf(options, collectors), {
        name,
        by: textOf(options['by']),
        why: textOf(options['why']),
        althoughPresent: options['althoughPresent'] === true,
      });
    });
  program
    .command('confirm')
    .description(
      'put on record that a task of the policy was done, or could not be done. Without a task: list what was confirmed on this host. Run it as the user of the exporter, on one host of the customer that stays.',
    )
    .argument('[task]', 'its name under `tasks` in the policy')
    .option('--by <who>', 'who did it (default: the user who runs this)', someText)
    .option('--note <text>', 'what was found, for the evidence', someText)
    .addOption(
      new Option('--outcome <outcome>', 'failure: not done, or something was wrong')
        .choices(taskOutcomes)
        .default('success'),
    )
    .option('--at <date>', 'when it was done, UTC: 2026-10-31 or 2026-10-31T08:00Z (default: now)')
    .action((task: string | undefined, _: unknown, command: Command) => {
      const options: Readonly<Record<string, unknown>> = command.optsWithGlobals();
      const configFile = textOf(options['config.file']);
      const flags = flagsOf(options, collectors);
      if (task === undefined) return actions.confirmed(configFile, flags);
      return actions.confirm(configFile, flags, {
        task,
        by: textOf(options['by']),
        note: textOf(options['note']),
        outcome: taskOutcomes.find((outcome) => outcome === options['outcome']) ?? 'failure',
        at: textOf(options['at']),
      });
    });
  return program;
}

function flagsOf(options: Readonly<Record<string, unknown>>, collectors: readonly Collector[]): Flags {
  const listen = options['web.listenAddress'];
  const given: { [K in keyof Flags]: Flags[K] | undefined } = {
    listenAddresses: Array.isArray(listen) ? listen.map(String) : undefined,
    telemetryPath: textOf(options['web.telemetryPath']),
    webConfigFile: textOf(options['web.config.file']),
    stateDirectory: textOf(options['state.directory']),
    logLevel: logLevels.find((level) => level === options['log.level']),
    logFormat: logFormats.find((format) => format === options['log.format']),
    compatSmartctlExporter: options['compat.smartctlExporter'] === true ? true : undefined,
    disableDefaults: options['collector.disableDefaults'] === true,
    collectors: Object.fromEntries(
      collectors.map(({ name }) => {
        const asked = options[`collector.${name}`];
        return [name, typeof asked === 'boolean' ? asked : undefined];
      }),
    ),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function append(address: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), address];
}

function wholeNumber(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number.');
}

function durationOption(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== undefined) return seconds;
  throw new InvalidArgumentError('expected a duration like 90s, 15m or 2h.');
}

function someText(text: string): string {
  const said = text.trim();
  if (said !== '') return said;
  throw new InvalidArgumentError('expected some text.');
}

function textfileName(file: string): string {
  if (file.endsWith('.prom')) return file;
  throw new InvalidArgumentError('node_exporter reads only files whose name ends in .prom.');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
