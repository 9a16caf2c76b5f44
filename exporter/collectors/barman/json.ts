import { z } from 'zod';
import { CollectorError } from '../../collector.ts';

const answerSchema = z.record(z.string(), z.unknown());

/**
 * What barman answers with `-f json`: an object with the name of each server, beside messages in `_ERROR`, `_WARNING` and
 * `_INFO` (barman/output.py, JsonOutputWriter).
 * @param command for messages.
 * @throws CollectorError unexpected_output when it is not that, or nothing is said of the server.
 */
export function answerOf<T>(command: string, text: string, server: string, schema: z.ZodType<T>): T {
  const answer = answerSchema.safeParse(parseJson(command, text));
  if (!answer.success || !Object.hasOwn(answer.data, server))
    throw unexpected(command, `it says nothing of server ${server}`);
  const parsed = schema.safeParse(answer.data[server]);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unexpected(command, `server ${server} has no usable ${issue?.path.join('.') || 'content'}`);
}

function parseJson(command: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unexpected(command, 'what it printed is not JSON', error);
  }
}

export function unexpected(command: string, what: string, cause?: unknown): CollectorError {
  return new CollectorError('unexpected_output', `barman -f json ${command}: ${what}`, { cause });
}

/** Unix seconds, which barman writes as text. */
export const seconds = z
  .union([z.string().regex(/^\d+(?:\.\d+)?$/), z.number()])
  .transform(Number)
  .pipe(z.number().positive());
