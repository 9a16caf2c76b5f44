import { z } from 'zod';
import { CollectorError, type HttpAnswer } from '../../collector.ts';
import { refusal, type Rest } from '../backup/rest.ts';
import { decode } from './decode.ts';
import type { Headers } from './login.ts';

/** Revisions of the REST API of Backup & Replication that this reader speaks, newest first: 13.0, 12.3, 12.2, 12.1, 12.0. */
export const apiVersions = [
  '1.3-rev1',
  '1.3-rev0',
  '1.2-rev1',
  '1.2-rev0',
  '1.1-rev2',
  '1.1-rev1',
  '1.1-rev0',
] as const;

/**
 * The newest revision both sides speak, from what a server says when it does not speak one: `Unsupported RESTAPI version. The
 * following versions are supported: v1.0-rev1.` (VeeamHub/grafana issue 27). Undefined when it names none of ours.
 */
export function agreedVersion(body: string): string | undefined {
  const named = new Set([...body.matchAll(/\b[vV]?(\d+\.\d+-rev\d+)\b/g)].map(([, version]) => version));
  return apiVersions.find((version) => named.has(version));
}

const tokenSchema = z.object({ access_token: z.string().min(1), refresh_token: z.string().nullish() });

/** OAuth 2: with the password first, with the refresh token where a token expired. */
export function tokens(
  rest: Rest,
  { user, password }: { readonly user: string; readonly password: string },
  apiVersion: string | undefined,
): { readonly first: () => Promise<Headers>; readonly again: () => Promise<Headers> } {
  let refresh: string | undefined;
  let version = apiVersion ?? apiVersions[0];
  const ask = (grant: Readonly<Record<string, string>>): Promise<HttpAnswer> =>
    rest.ask('/api/oauth2/token', {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'x-api-version': version,
      },
      body: new URLSearchParams(grant).toString(),
    });
  const accept = (answer: HttpAnswer): Headers => {
    const token = decode(answer, 'the login', tokenSchema);
    refresh = token.refresh_token ?? undefined;
    return {
      accept: 'application/json',
      'x-api-version': version,
      authorization: `Bearer ${token.access_token}`,
    };
  };
  const withPassword = async (): Promise<Headers> => {
    const grant = { grant_type: 'password', username: user, password };
    const answer = await ask(grant);
    if (answer.status !== 400) return accept(answer);
    // A server that does not speak this revision says so before it looks at the password.
    const agreed = apiVersion === undefined ? agreedVersion(answer.body) : undefined;
    if (agreed === undefined || agreed === version) throw badRequest(answer);
    version = agreed;
    return accept(await ask(grant));
  };
  return {
    first: withPassword,
    again: async () => {
      const answer =
        refresh === undefined
          ? undefined
          : await ask({ grant_type: 'refresh_token', refresh_token: refresh });
      return answer?.status === 200 ? accept(answer) : withPassword();
    },
  };
}

/** OAuth 2 answers a wrong password with 400 invalid_grant (RFC 6749, 5.2). */
function badRequest(answer: HttpAnswer): CollectorError {
  const refused = refusal(answer, 'the login');
  return new CollectorError(
    /invalid_grant|credential|password/i.test(answer.body) ? 'authentication_failed' : 'unsupported',
    `${refused?.message ?? ''}; check user and password_file, and api_version if it is set`,
  );
}
