import { z } from 'zod';
import { type Matcher, parseMatcher, textOfMatcher } from '../../alerts/matchers.ts';
import type { Acknowledgement, AcknowledgementSource } from './acknowledgement.ts';

const instant = z.string().transform((text) => Date.parse(text) / 1000);

/** What `/api/v2/silences` gives; more keys are no matter. */
const silencesSchema = z.array(
  z.object({
    comment: z.string(),
    createdBy: z.string(),
    startsAt: instant,
    matchers: z.array(
      z.object({
        name: z.string(),
        value: z.string(),
        isRegex: z.boolean(),
        /** Absent before Alertmanager 0.22. */
        isEqual: z.boolean().default(true),
      }),
    ),
  }),
);

/** What the comment of a silence begins with that is an acknowledgement, as karma and kthxbye write it. */
const sign = 'ACK';
const patience = 30_000;

/**
 * The silences of an Alertmanager whose comment begins with ACK. It keeps those that are over for `--data.retention`, 120
 * hours unless told: collect them once a day at least. The silence begins when somebody made it: Alertmanager moves a
 * beginning in the past to now. Its `createdBy` is free text.
 * @param address like `http://name:password@127.0.0.1:9093/prefix`.
 * @throws Error when it is no address.
 */
export function alertmanagerSilences(address: string): AcknowledgementSource {
  const { origin, base, headers } = parseAddress(address);
  return {
    read: async () => parseSilences(await request(`${base}/api/v2/silences`, headers), origin),
  };
}

/** No message repeats a password. */
function parseAddress(address: string) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new Error(
      `${JSON.stringify(address.replace(/^.*@/, '…@'))} is no address of an Alertmanager. Write it like http://127.0.0.1:9093.`,
    );
  const { origin, username, password } = url;
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return {
    origin,
    base: `${origin}${url.pathname.replace(/\/+$/, '')}`,
    headers: username === '' ? {} : { authorization: `Basic ${credentials.toString('base64')}` },
  };
}

/** @param origin of the server, for messages. @throws Error when it is no answer of an Alertmanager. */
export function parseSilences(text: string, origin: string): readonly Acknowledgement[] {
  const parsed = silencesSchema.safeParse(parseJson(text));
  if (!parsed.success)
    throw new Error(`${origin} does not answer like Alertmanager. Check the address.`, {
      cause: parsed.error,
    });
  return parsed.data.flatMap(({ comment, createdBy, startsAt, matchers }) => {
    if (!comment.trimStart().startsWith(sign)) return [];
    const read = matchers.map(matcherOf);
    // An expression that cannot be read here acknowledges nothing: a silence is left out rather than made wider.
    if (read.length === 0 || read.includes(undefined)) return [];
    return [
      {
        matchers: read.filter((matcher) => matcher !== undefined),
        at: startsAt,
        by: createdBy,
        source: 'alertmanager',
      },
    ];
  });
}

function matcherOf({
  name,
  value,
  isRegex,
  isEqual,
}: z.infer<typeof silencesSchema>[number]['matchers'][number]): Matcher | undefined {
  const operator = isEqual ? (isRegex ? '=~' : '=') : isRegex ? '!~' : '!=';
  return parseMatcher(textOfMatcher({ name, operator, value }));
}

async function request(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const { origin } = new URL(url);
  let answer: Response;
  try {
    answer = await fetch(url, { headers, signal: AbortSignal.timeout(patience) });
  } catch (error) {
    throw new Error(`Alertmanager at ${origin} cannot be reached. Check the address and that it runs.`, {
      cause: error,
    });
  }
  if (!answer.ok)
    throw new Error(`Alertmanager at ${origin} answered HTTP ${answer.status}. Check the address.`);
  return answer.text();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
