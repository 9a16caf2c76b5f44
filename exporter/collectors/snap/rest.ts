import { z } from 'zod';
import { CollectorError, type Host } from '../../collector.ts';

/** Where snapd listens; everybody may connect and read (docs/rest.md of snapd). */
export const socket = '/run/snapd.socket';

const answerSchema = z.object({ type: z.literal('sync'), result: z.unknown() });
const errorSchema = z.object({ type: z.literal('error'), result: z.object({ message: z.string() }) });

/** A request in HTTP/1.0: snapd then answers in one piece and closes. */
export function request(path: string): string {
  return `GET ${path} HTTP/1.0\r\nHost: localhost\r\n\r\n`;
}

/** Reads the `result` of an answer of snapd. @throws CollectorError permission_denied, tool_failed, unexpected_output. */
export function parseAnswer<T>(text: string, schema: z.ZodType<T>, path: string): T {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const body = parseJson(rest.join('\r\n\r\n'));
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  const error = errorSchema.safeParse(body).data?.result.message;
  if (status !== undefined && (error !== undefined || !status.startsWith('2')))
    throw new CollectorError(
      status === '401' || status === '403' ? 'permission_denied' : 'tool_failed',
      `snapd answered ${path} with ${status}: ${(error ?? 'no reason').slice(0, 300)}`,
    );
  const parsed = schema.safeParse(answerSchema.safeParse(body).data?.result);
  if (status !== undefined && parsed.success) return parsed.data;
  throw new CollectorError(
    'unexpected_output',
    `snapd answered ${path} with ${JSON.stringify(text.slice(0, 100))}, which is not what it documents`,
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

/** @throws CollectorError as Host.ask and `parseAnswer`. */
export async function askSnapd<T>(host: Host, path: string, schema: z.ZodType<T>): Promise<T> {
  return parseAnswer(await host.ask(socket, request(path), 60_000), schema, path);
}
