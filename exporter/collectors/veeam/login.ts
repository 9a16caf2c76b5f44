import type { HttpAnswer } from '../../collector.ts';
import type { Rest } from '../backup/rest.ts';

export type Headers = Readonly<Record<string, string>>;

/** Puts questions with the headers that a login gave. */
export interface LoggedIn {
  readonly ask: (path: string) => Promise<HttpAnswer>;
  /** The headers in use; undefined when nobody logged in. */
  readonly headers: () => Promise<Headers | undefined>;
}

/**
 * Logs in before the first question, and once more when a session or token has expired meanwhile. Never more often: a password
 * that is refused again and again locks the account.
 * @param renew after the first login expired.
 */
export function loggedIn(
  rest: Rest,
  login: () => Promise<Headers>,
  renew: (expired: Headers) => Promise<Headers>,
): LoggedIn {
  let current: Promise<Headers> | undefined;
  let renewed = false;
  return {
    ask: async (path) => {
      current ??= login();
      const used = current;
      const headers = await used;
      const answer = await rest.ask(path, { headers });
      if (answer.status !== 401) return answer;
      // Another question, asked at the same time, may have renewed it already.
      if (current === used) {
        if (renewed) return answer;
        renewed = true;
        current = renew(headers);
      }
      return rest.ask(path, { headers: await current });
    },
    headers: async () => current?.catch(() => undefined),
  };
}
