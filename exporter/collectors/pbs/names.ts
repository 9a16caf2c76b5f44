import type { Problem, Reason } from '../../collector.ts';
import { type Answer, type FoundJob, stillExpected } from '../backup/at-server.ts';
import type { RememberedServer } from '../backup/server-memory.ts';
import { choreKinds } from './chores.ts';
import type { Read } from './read.ts';

const kinds: readonly string[] = choreKinds;
/** Datastore and namespace of `datastore[/namespace]/type/id`; neither a type nor an id holds a slash. */
const scopeOf = (name: string): string => name.split('/').slice(0, -2).join('/');
const isChore = (name: string): boolean =>
  name.endsWith('/gc') || kinds.includes(name.split('/').at(-2) ?? '');

/** Groups that were there lately and cannot be seen now, because their list could not be read: still expected, never silent. */
export function expectedStill(
  before: RememberedServer,
  scopes: Read['scopes'],
  now: number,
): ReadonlyMap<string, FoundJob> {
  return new Map(
    Object.entries(before.jobs)
      .filter(
        ([name, { seen }]) =>
          !isChore(name) && seen > now - stillExpected && scopes.get(scopeOf(name)) !== true,
      )
      .map(([name]) => [name, { facts: { readable: false }, backup: true }]),
  );
}

/** What was found out of the declared job that has this name at the server. */
export function answerFor(name: string, { found, scopes }: Read, url: string): Answer {
  const job = found.get(name);
  if (job !== undefined) return { facts: job.facts, problems: [] };
  if (isChore(name))
    return {
      facts: {},
      problems: because(
        'source_missing',
        `${url} shows no job ${name}; check its name, and that the token may see it`,
      ),
    };
  const scope = scopeOf(name);
  if (scope === '')
    return {
      facts: {},
      problems: because(
        'source_missing',
        `${name} is no name at ${url}; expected datastore[/namespace]/type/id, such as main/vm/100`,
      ),
    };
  const whole = scopes.get(scope);
  // The list was read, and the group is not in it.
  if (whole === true) return { facts: { restorePoints: [], readable: true }, problems: [] };
  const said = whole === false || scopes.get(scope.split('/')[0] ?? '') === false;
  return {
    facts: { readable: false },
    problems: said
      ? []
      : because(
          'permission_denied',
          `${url} shows this token no datastore or namespace ${scope}: it is gone, or the token lacks DatastoreAudit on it`,
        ),
  };
}

function because(reason: Reason, message: string): readonly Problem[] {
  return [{ reason, message }];
}
