import { z } from 'zod';
import { CollectorError, type Host, type ToolOutput } from '../../collector.ts';

/** What fwupdmgr says when there is nothing to do: FWUPD_ERROR_NOTHING_TO_DO, with an exit code of 2 (src/fu-util.c). */
const nothingToDo = { exitCode: 2, code: 9 };
const nothingInWords =
  /no updatable devices|no updates available|no upgrades for|no available firmware updates|no history/i;

const errorSchema = z.object({ Error: z.object({ Code: z.number().optional(), Message: z.string() }) });

/**
 * Reads one JSON answer of fwupdmgr (1.5 to 2.0). Lines before it are warnings, which some versions print to standard output.
 * @returns undefined when fwupdmgr says that there is nothing to do.
 * @throws CollectorError not_running, permission_denied, tool_failed, unexpected_output.
 */
export function parseAnswer<T>(
  { exitCode, stdout, stderr }: ToolOutput,
  schema: z.ZodType<T>,
  what: string,
): T | undefined {
  const start = /^\{/m.exec(stdout)?.index;
  const json = start === undefined ? undefined : parseJson(stdout.slice(start));
  const error = errorSchema.safeParse(json).data?.Error;
  const said = (error?.Message ?? `${stderr}\n${stdout}`).trim();
  if (exitCode === nothingToDo.exitCode && (error?.Code === nothingToDo.code || nothingInWords.test(said)))
    return undefined;
  if (error !== undefined || exitCode !== 0) throw failure(what, exitCode, said);
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new CollectorError(
    'unexpected_output',
    `fwupdmgr ${what} printed ${JSON.stringify(stdout.slice(0, 100))}, which is not what it documents; run it by hand`,
    { cause: parsed.error },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failure(what: string, exitCode: number, said: string): CollectorError {
  const quoted = `fwupdmgr ${what} ended with ${exitCode}: ${said.slice(0, 300)}`;
  if (/failed to connect to daemon|could not connect|not provided by any \.service/i.test(said))
    return new CollectorError('not_running', `${quoted}; start fwupd.service`);
  return new CollectorError(
    /permission denied|not authori[sz]ed/i.test(said) ? 'permission_denied' : 'tool_failed',
    quoted,
  );
}

/** Asks fwupdmgr without letting it fetch or ask anything. @throws CollectorError as Host.run and `parseAnswer`. */
export async function askFwupd<T>(host: Host, what: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const args = [what, '--json', '--no-unreported-check', '--no-metadata-check'];
  return parseAnswer(await host.run('fwupdmgr', args, { timeout: 60_000 }), schema, what);
}
