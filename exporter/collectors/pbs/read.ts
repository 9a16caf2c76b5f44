import { z } from 'zod';
import { CollectorError, type Host, type Problem, problemOf } from '../../collector.ts';
import type { FoundJob } from '../backup/at-server.ts';
import { eachOf, readJson, refusal, type Rest } from '../backup/rest.ts';
import type { RememberedJob } from '../backup/server-memory.ts';
import { type Chore, type ChoreKind, choreKinds, parseChores } from './chores.ts';
import { parseSnapshots } from './snapshots.ts';

const atOnce = 4;
const api = '/api2/json';
const dataSchema = z.object({ data: z.array(z.unknown()) });
const storeSchema = z.object({ store: z.string().min(1) });
const namespaceSchema = z.object({ ns: z.string() });

/** What one server told. */
export interface Read {
  /** Groups and chores by their name. */
  readonly found: ReadonlyMap<string, FoundJob>;
  /** `datastore[/namespace]` that was asked for: whether its list of snapshots is whole. */
  readonly scopes: ReadonlyMap<string, boolean>;
  readonly problems: readonly Problem[];
}

/**
 * Reads a Proxmox Backup Server: every namespace of every datastore, and what became of its own jobs.
 * @param token `user@realm!name:secret`.
 * @throws CollectorError when nothing could be read.
 */
export async function readPbs(
  host: Host,
  rest: Rest,
  token: string,
  remembered: Readonly<Record<string, RememberedJob>>,
): Promise<Read> {
  const headers = { authorization: `PBSAPIToken=${token}`, accept: 'application/json' };
  const ask = (path: string) => rest.ask(`${api}${path}`, { headers });
  const list = async (path: string) => dataOf(readJson(await ask(path), path), path);

  const stores = listed(storeSchema, await list('/admin/datastore'), 'datastores').map(({ store }) => store);
  if (stores.length === 0)
    throw new CollectorError(
      'permission_denied',
      'no datastore is visible to this token, which is no proof that there is none; give it (and its user) the role DatastoreAudit on /datastore',
    );
  const parts = await eachOf(stores, atOnce, (store) => readStore(store, list, host.now()));
  const chores = await eachOf(choreKinds, atOnce, (kind) => readChores(kind, ask));
  const described = chores
    .flatMap(({ chores: all }) => all)
    .map((chore) => [chore.name, choreJob(chore, remembered[chore.name])] as const);
  return {
    found: new Map([...parts.flatMap(({ found }) => found), ...described]),
    scopes: new Map(parts.flatMap(({ scopes }) => scopes)),
    problems: [...parts, ...chores].flatMap(({ problems }) => problems),
  };
}

function dataOf(document: unknown, path: string): readonly unknown[] {
  const read = dataSchema.safeParse(document);
  if (read.success) return read.data.data;
  throw new CollectorError(
    'unexpected_output',
    `${path} was answered without a list of data; check that the address is the one of a Proxmox Backup Server`,
  );
}

/** @throws CollectorError when any entry is not as documented: a list with a hole proves nothing. */
function listed<T>(schema: z.ZodType<T>, list: readonly unknown[], what: string): readonly T[] {
  const read = z.array(schema).safeParse(list);
  if (read.success) return read.data;
  throw new CollectorError('unexpected_output', `the list of ${what} is not as documented`, {
    cause: read.error,
  });
}

interface Part {
  readonly found: readonly (readonly [string, FoundJob])[];
  readonly scopes: readonly (readonly [string, boolean])[];
  readonly problems: readonly Problem[];
}

async function readStore(
  store: string,
  list: (path: string) => Promise<readonly unknown[]>,
  now: number,
): Promise<Part> {
  const base = `/admin/datastore/${encodeURIComponent(store)}`;
  let namespaces: readonly string[];
  try {
    namespaces = listed(namespaceSchema, await list(`${base}/namespace`), `namespaces of ${store}`).map(
      ({ ns }) => ns,
    );
  } catch (error) {
    // Before 2.2 there were none.
    if (!(error instanceof CollectorError) || error.reason !== 'unsupported')
      return { found: [], scopes: [[store, false]], problems: [problemOf(error, `datastore ${store}`)] };
    namespaces = [''];
  }
  const parts = await eachOf(namespaces, atOnce, async (ns): Promise<Part> => {
    const scope = ns === '' ? store : `${store}/${ns}`;
    try {
      const query = ns === '' ? '' : `?ns=${encodeURIComponent(ns)}`;
      const { groups, whole, problems } = parseSnapshots(await list(`${base}/snapshots${query}`), scope, now);
      return {
        found: [...groups].map(([group, facts]) => [
          `${scope}/${group}`,
          { facts: facts ?? {}, backup: true },
        ]),
        scopes: [[scope, whole]],
        problems,
      };
    } catch (error) {
      return { found: [], scopes: [[scope, false]], problems: [problemOf(error, `datastore ${scope}`)] };
    }
  });
  return {
    found: parts.flatMap(({ found }) => found),
    scopes: parts.flatMap(({ scopes }) => scopes),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

async function readChores(
  kind: ChoreKind,
  ask: (path: string) => ReturnType<Rest['ask']>,
): Promise<{ readonly chores: readonly Chore[]; readonly problems: readonly Problem[] }> {
  const path = `/admin/${kind}`;
  try {
    const answer = await ask(path);
    // Garbage collection has its list since 3.2.
    if (answer.status === 404) return { chores: [], problems: [] };
    const pulled = parseChores(kind, dataOf(readJson(answer, path), path));
    if (kind !== 'sync') return pulled;
    // Since 3.3 a server can push too, and lists that apart; before, it refuses the question.
    const push = await ask(`${path}?sync-direction=push`);
    if (push.status === 400 || refusal(push, path)?.reason === 'unsupported') return pulled;
    const pushed = parseChores(kind, dataOf(readJson(push, path), path));
    return {
      chores: [...pulled.chores, ...pushed.chores],
      problems: [...pulled.problems, ...pushed.problems],
    };
  } catch (error) {
    return { chores: [], problems: [problemOf(error, `${kind} jobs`)] };
  }
}

/** The server knows the last run alone: when it fails, the success before it is only remembered. */
function choreJob({ lastRun, runningSince, off }: Chore, before: RememberedJob | undefined): FoundJob {
  const lastSuccess = lastRun?.outcome === 'success' ? lastRun.ended : before?.success?.time;
  return { facts: { lastRun, runningSince, lastSuccess }, backup: false, off };
}
