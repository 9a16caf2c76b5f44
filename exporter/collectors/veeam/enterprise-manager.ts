import { z } from 'zod';
import { CollectorError, type Problem, problemOf } from '../../collector.ts';
import { refusal, type Rest } from '../backup/rest.ts';
import { decode } from './decode.ts';
import type { Volume } from './history.ts';
import { type Headers, type LoggedIn, loggedIn } from './login.ts';
import { type ManagerRead, parseSessions, parseTasks } from './manager-sessions.ts';

const json: Headers = { accept: 'application/json' };
const pageSize = 100;
const pagesAtMost = 1000;

const pagingSchema = z.object({ pagescount: z.number() }).nullish();

/**
 * Reads the sessions of backup jobs from Veeam Backup Enterprise Manager, version 12 or 13.
 * @param since unix seconds: only sessions that began then or later.
 * @param sizesSince the same for the machines in them, of which there are many more.
 */
export async function readEnterpriseManager(
  rest: Rest,
  credentials: { readonly user: string; readonly password: string },
  since: number,
  sizesSince: number,
): Promise<ManagerRead> {
  await probe(rest);
  const server = loggedIn(
    rest,
    () => logIn(rest, credentials),
    () => logIn(rest, credentials),
  );
  try {
    const sessions = await query(server, 'BackupJobSession', since);
    const { volumes, problems } = await readVolumes(server, sizesSince);
    const read = parseSessions(sessions, volumes);
    return { ...read, problems: [...read.problems, ...problems] };
  } finally {
    await logOut(rest, await server.headers());
  }
}

const versionsSchema = z.object({
  supportedversions: z.object({ supportedversions: z.array(z.object({ name: z.string() })) }),
});

/** Whether this is Enterprise Manager at all: its root tells its versions without a login. Something else gets no password. */
async function probe(rest: Rest): Promise<void> {
  const answer = await rest.ask('/api/', { headers: json });
  // Behind a proxy the root may be closed while the rest is open.
  if ([401, 403, 404].includes(answer.status)) return;
  decode(answer, 'the root of Enterprise Manager (/api/, port 9398)', versionsSchema);
}

async function logIn(
  rest: Rest,
  { user, password }: { readonly user: string; readonly password: string },
): Promise<Headers> {
  const path = '/api/sessionMngr/?v=latest';
  const answer = await rest.ask(path, {
    method: 'POST',
    headers: { ...json, authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
    body: '',
  });
  const refused = refusal(answer, 'the login');
  if (refused !== undefined) throw refused;
  const id = answer.headers['x-restsvcsessionid'];
  if (id === undefined)
    throw new CollectorError(
      'unexpected_output',
      `the login was answered with ${answer.status} and no X-RestSvcSessionId; check that a proxy before the server passes this header on`,
    );
  return { ...json, 'x-restsvcsessionid': id };
}

/** Sessions that nobody ends stay for a quarter of an hour and count. Whether it works does not matter. */
async function logOut(rest: Rest, headers: Headers | undefined): Promise<void> {
  const id = headers?.['x-restsvcsessionid'];
  if (headers === undefined || id === undefined) return;
  const plain = Buffer.from(id, 'base64').toString('latin1');
  const session = /^[0-9a-f-]{36}$/i.test(plain) ? plain : id;
  await rest
    .ask(`/api/logonSessions/${encodeURIComponent(session)}`, { method: 'DELETE', headers })
    .catch(() => undefined);
}

/** All entities of a type that began since a moment, page by page. */
async function query(server: LoggedIn, type: string, since: number): Promise<readonly unknown[]> {
  const list = `${type}s`.toLowerCase();
  const entities = z.object({ [list]: z.array(z.unknown()).nullish() }).nullish();
  const schema = z.object({ entities: z.object({ [list]: entities }), paginginfo: pagingSchema });
  const filter = encodeURIComponent(`CreationTime>="${new Date(since * 1000).toISOString().slice(0, 19)}Z"`);
  const found: unknown[] = [];
  for (let page = 1; page <= pagesAtMost; page += 1) {
    const path = `/api/query?type=${type}&format=Entities&filter=${filter}&pageSize=${pageSize}&page=${page}`;
    // oxlint-disable-next-line no-await-in-loop -- the first page tells how many there are
    const answer = decode(await server.ask(path), `the query for ${type} (page ${page})`, schema);
    const read =
      z.object({ entities }).safeParse({ entities: answer.entities[list] }).data?.entities?.[list] ?? [];
    found.push(...read);
    if (page >= (answer.paginginfo?.pagescount ?? 1)) return found;
  }
  throw new CollectorError(
    'output_too_large',
    `the query for ${type} has more than ${pagesAtMost} pages; what they say together is unknown`,
  );
}

async function readVolumes(
  server: LoggedIn,
  since: number,
): Promise<{ readonly volumes: ReadonlyMap<string, Volume>; readonly problems: readonly Problem[] }> {
  try {
    return { volumes: parseTasks(await query(server, 'BackupTaskSession', since)), problems: [] };
  } catch (error) {
    const problem = problemOf(error, 'sizes are unknown');
    return { volumes: new Map(), problems: [problem] };
  }
}
