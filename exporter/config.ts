import { readFile } from 'node:fs/promises';
import { closest } from 'fastest-levenshtein';
import { loadAll } from 'js-yaml';
import { z } from 'zod';
import type { Collector } from './collector.ts';
import { durationSchema } from './duration.ts';
import { logFormats, logLevels } from './log.ts';
import type { Job } from './run.ts';

export const defaults = {
  listenAddresses: ['127.0.0.1:10847'],
  telemetryPath: '/metrics',
  stateDirectory: process.env['STATE_DIRECTORY'] ?? '/var/lib/maintenance-exporter',
  logLevel: 'info',
  logFormat: 'logfmt',
} as const;

const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const schedule = { interval: durationSchema.optional(), timeout: durationSchema.optional() };

const fileSchema = z.strictObject({
  web: z
    .strictObject({
      listen_address: oneOrMore
        .transform((value) => (typeof value === 'string' ? [value] : value))
        .optional(),
      telemetry_path: z.string().startsWith('/', 'expected a path that starts with /').optional(),
      config_file: z.string().min(1).optional(),
    })
    .default({}),
  log: z
    .strictObject({ level: z.enum(logLevels).optional(), format: z.enum(logFormats).optional() })
    .default({}),
  state_directory: z.string().min(1).optional(),
  compat: z.strictObject({ smartctl_exporter: z.boolean().optional() }).default({}),
  collectors: z.record(z.string(), z.looseObject({}).nullable()).optional(),
});
type File = z.infer<typeof fileSchema>;

/** What the command line says; it wins over the file. */
export interface Flags {
  readonly listenAddresses?: readonly string[];
  readonly telemetryPath?: string;
  readonly webConfigFile?: string;
  readonly stateDirectory?: string;
  readonly logLevel?: (typeof logLevels)[number];
  readonly logFormat?: (typeof logFormats)[number];
  /** `--compat.smartctl-exporter`. */
  readonly compatSmartctlExporter?: boolean;
  /** `--collector.disable-defaults`: only what the file or a flag names. */
  readonly disableDefaults?: boolean;
  /** `--collector.NAME` is true, `--no-collector.NAME` is false. */
  readonly collectors?: Readonly<Record<string, boolean | undefined>>;
}

export interface Config {
  readonly listenAddresses: readonly string[];
  readonly telemetryPath: string;
  readonly webConfigFile: string | undefined;
  readonly stateDirectory: string;
  readonly logLevel: (typeof logLevels)[number];
  readonly logFormat: (typeof logFormats)[number];
  /** Other exporters whose names are served as well. */
  readonly compat: { readonly smartctl_exporter: boolean };
  readonly jobs: readonly Job[];
}

/**
 * Reads the configuration file, if there is one, and puts the flags over it.
 * @throws Error that names the file and every mistake in it, with path, reason and the nearest valid name.
 */
export async function readConfig(
  path: string | undefined,
  flags: Flags,
  known: readonly Collector[],
): Promise<Config> {
  if (path === undefined) return configure(undefined, flags, known);
  try {
    return parseConfig(await readFile(path, 'utf8'), flags, known);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`configuration ${path}: ${reason}`, { cause: error });
  }
}

/** The configuration in a YAML text. @throws Error that lists every mistake. */
export function parseConfig(text: string, flags: Flags, known: readonly Collector[]): Config {
  // js-yaml 5 refuses an empty text in load(); a file of comments only is a valid configuration.
  const [document] = loadAll(text);
  return configure(check(fileSchema, document ?? {}, ''), flags, known);
}

function configure(file: File | undefined, flags: Flags, known: readonly Collector[]): Config {
  return {
    listenAddresses: flags.listenAddresses ?? file?.web.listen_address ?? defaults.listenAddresses,
    telemetryPath: flags.telemetryPath ?? file?.web.telemetry_path ?? defaults.telemetryPath,
    webConfigFile: flags.webConfigFile ?? file?.web.config_file,
    stateDirectory: flags.stateDirectory ?? file?.state_directory ?? defaults.stateDirectory,
    logLevel: flags.logLevel ?? file?.log.level ?? defaults.logLevel,
    logFormat: flags.logFormat ?? file?.log.format ?? defaults.logFormat,
    compat: {
      smartctl_exporter: flags.compatSmartctlExporter ?? file?.compat.smartctl_exporter ?? false,
    },
    jobs: jobsOf(file?.collectors, flags, known),
  };
}

/** Enabled are the collectors the file names, or the default ones where it names none; flags add and take away. */
function jobsOf(named: File['collectors'], flags: Flags, known: readonly Collector[]): readonly Job[] {
  const names = known.map((collector) => collector.name);
  const unknown = Object.keys(named ?? {}).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(
      unknown
        .map((name) => `collectors.${name}: no such collector; did you mean ${closest(name, names)}?`)
        .join('\n'),
    );
  return known
    .filter(({ name, byDefault }) => {
      const asked = flags.collectors?.[name];
      if (asked !== undefined) return asked;
      if (named !== undefined) return Object.hasOwn(named, name);
      return byDefault && flags.disableDefaults !== true;
    })
    .map((collector) => jobOf(collector, named?.[collector.name] ?? {}));
}

function jobOf(collector: Collector, given: Readonly<Record<string, unknown>>): Job {
  const path = `collectors.${collector.name}`;
  const { interval, timeout } = check(collector.settings.extend(schedule).strict(), given, path);
  return {
    collector,
    settings: Object.fromEntries(Object.entries(given).filter(([key]) => !(key in schedule))),
    interval: secondsOr(interval, collector.interval),
    timeout: secondsOr(timeout, collector.timeout),
  };
}

function secondsOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function check<S extends z.ZodType>(schema: S, value: unknown, under: string): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(
    result.error.issues.map((issue) => explain(issue, under, keysOf(schema, issue.path))).join('\n'),
    {
      cause: result.error,
    },
  );
}

function explain(issue: z.core.$ZodIssue, under: string, valid: readonly string[]): string {
  const at = [under, ...issue.path.map(String)].filter((part) => part !== '').join('.');
  if (issue.code !== 'unrecognized_keys') return `${at}: ${issue.message}`;
  return issue.keys
    .map((key) => {
      const hint = valid.length === 0 ? '' : `; did you mean ${closest(key, [...valid])}?`;
      return `${at === '' ? key : `${at}.${key}`}: unknown key${hint}`;
    })
    .join('\n');
}

/** The keys a strict object at this place understands, for the hint. */
function keysOf(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray && inner.element instanceof z.ZodType)
    return keysOf(inner.element, path.slice(1));
  if (!(inner instanceof z.ZodObject)) return [];
  const [head, ...rest] = path;
  if (head === undefined) return Object.keys(inner.shape);
  const next: unknown = inner.shape[String(head)];
  return next instanceof z.ZodType ? keysOf(next, rest) : [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    const inner: unknown = schema.unwrap();
    return inner instanceof z.ZodType ? unwrap(inner) : schema;
  }
  return schema;
}
