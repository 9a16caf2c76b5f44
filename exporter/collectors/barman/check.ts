import { z } from 'zod';
import type { ToolOutput } from '../../collector.ts';
import { parseFailure } from './failure.ts';
import { answerOf, unexpected } from './json.ts';

/**
 * Checks that judge the age, number or size of backups by the limits of barman. These are facts of their own here, judged by
 * the policy; everything else `barman check` looks at decides whether backups and WAL still arrive (barman/server.py).
 */
const judgedElsewhere: ReadonlySet<string> = new Set([
  'backup_maximum_age',
  'backup_minimum_size',
  'failed_backups',
  'minimum_redundancy_requirements',
]);

const checkSchema = z.record(
  z.string(),
  z.object({ status: z.enum(['OK', 'FAILED']), hint: z.string().nullish() }),
);

/**
 * Names of the checks that failed and concern us, from `barman -f json check`, which ends with 1 when any failed.
 * @throws CollectorError when barman did not check: as `parseFailure`, or unexpected_output.
 */
export function parseCheckJson(output: ToolOutput, server: string): readonly string[] {
  // A failure of barman itself prints no verdicts.
  if (output.exitCode !== 0 && !output.stdout.includes('"FAILED"')) throw parseFailure('check', output);
  const checks = answerOf('check', output.stdout, server, checkSchema);
  if (Object.keys(checks).length === 0) throw unexpected('check', `server ${server} was not checked`);
  return Object.keys(checks).filter((name) => checks[name]?.status === 'FAILED' && concerns(name));
}

/** The same of all servers that a run of `barman check` looked at, in text or JSON; undefined when it did not check. */
export function failedChecks(stdout: string): readonly string[] | undefined {
  const checks = checksInJson(stdout) ?? checksInText(stdout);
  if (checks.length === 0) return undefined;
  return checks.flatMap(([name, status]) => (status === 'FAILED' && concerns(name) ? [name] : []));
}

type Verdicts = readonly (readonly [name: string, status: string])[];

function checksInText(text: string): Verdicts {
  return [...text.matchAll(/^[ \t]+([^:\n]+): (OK|FAILED)\b/gm)].map(([, name = '', status = '']) => [
    name,
    status,
  ]);
}

function checksInJson(text: string): Verdicts | undefined {
  try {
    const servers = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    return Object.values(servers).flatMap((server) =>
      Object.entries(checkSchema.safeParse(server).data ?? {}).map(
        ([name, { status }]) => [name, status] as const,
      ),
    );
  } catch {
    return undefined;
  }
}

/** A name may be written as in text (`replication slot`) or as in JSON (`replication_slot`). */
function concerns(name: string): boolean {
  return !judgedElsewhere.has(name.toLowerCase().replaceAll(/[ -]/g, '_').replaceAll('.', ''));
}
