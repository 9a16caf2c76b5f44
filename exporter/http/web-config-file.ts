import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import { errorCode } from '../error-code.ts';
import type { Log } from '../log.ts';
import { asksForCertificate } from './client-certificate.ts';
import { look, lookAgain } from './file-change.ts';
import { pemFiles, secureContextOptions } from './tls.ts';
import { parseWebConfig, type WebConfig } from './web-config.ts';

/** A web configuration that was checked and can be served. */
export interface LoadedWebConfig extends WebConfig {
  /** Defined where `tls` is. */
  readonly secureContext: SecureContextOptions | undefined;
}

export interface WebConfigFile {
  /** The configuration to use now: looks whether a file changed and reads it again if so. The last good one stays when it is broken. */
  readonly current: () => LoadedWebConfig;
  /** Reads the files now. @throws Error that lists every mistake; the last good configuration stays. */
  readonly reload: () => void;
}

/** Without a file: plain HTTP for everybody. */
export const noWebConfigFile: WebConfigFile = {
  current: () => nothing,
  reload: () => undefined,
};
const nothing: LoadedWebConfig = {
  tls: undefined,
  secureContext: undefined,
  headers: new Map(),
  users: new Map(),
  rateLimit: undefined,
};

export interface WebConfigFileOptions {
  readonly log: Log;
  readonly onReload: (successful: boolean) => void;
  /** Milliseconds since 1970, to compare with the times of files. */
  readonly now: () => number;
}

/** @throws Error that names the file and lists every mistake in it. */
export function openWebConfigFile(path: string, { log, onReload, now }: WebConfigFileOptions): WebConfigFile {
  let files: readonly string[] = [path];
  let seen = look(files, now());

  const readOnce = (): LoadedWebConfig => {
    files = [path];
    const config = parseWebConfig(readFileSync(path, 'utf8'), dirname(path));
    if (config.tls === undefined) return { ...config, secureContext: undefined };
    files = [path, ...pemFiles(config.tls)];
    return {
      ...config,
      secureContext: secureContextOptions(config.tls, (file) => readFileSync(file, 'utf8')),
    };
  };

  /** Reads after looking at the same files, so that a change in between is seen the next time. */
  const read = (check: (next: LoadedWebConfig) => void): LoadedWebConfig => {
    for (let round = 1; ; round += 1) {
      seen = look(files, now());
      try {
        const next = readOnce();
        check(next);
        if (round === 3 || sameFiles(seen.files, files)) return next;
      } catch (error) {
        if (round === 3 || sameFiles(seen.files, files))
          throw new Error(`web configuration ${path}: ${explain(error)}`, { cause: error });
      }
    }
  };

  let loaded = read(() => undefined);
  onReload(true);

  const reload = (): void => {
    try {
      loaded = read((next) => checkChange(loaded, next));
    } catch (error) {
      onReload(false);
      log.error('web configuration not usable; the last good one stays in use', { error: messageOf(error) });
      throw error;
    }
    onReload(true);
    log.info('web configuration read again', { file: path });
  };

  return {
    reload,
    current: () => {
      const again = lookAgain(seen, now());
      const changed = again.contents !== seen.contents;
      seen = again;
      if (!changed) return loaded;
      try {
        reload();
      } catch {
        // Logged and told to onReload; whoever asks is served by the last good configuration.
      }
      return loaded;
    },
  };
}

/** @throws Error when the next configuration would open what is closed, or differs in what a running server cannot change. */
function checkChange(last: WebConfig, next: WebConfig): void {
  if (last.users.size > 0 && next.users.size === 0)
    throw new Error(
      'basic_auth_users: gone; users stay required until a restart, restart to serve without them',
    );
  if ((last.tls === undefined) !== (next.tls === undefined))
    throw new Error(
      `tls_server_config: TLS is ${last.tls === undefined ? 'off' : 'on'} until a restart, restart to change it`,
    );
  if (
    last.tls !== undefined &&
    next.tls !== undefined &&
    asksForCertificate(last.tls) !== asksForCertificate(next.tls)
  )
    throw new Error(
      `tls_server_config.client_auth_type: clients are ${asksForCertificate(last.tls) ? '' : 'not '}asked for a certificate until a restart, restart to change it`,
    );
}

function sameFiles(one: readonly string[], other: readonly string[]): boolean {
  return one.join('\0') === other.join('\0');
}

function explain(error: unknown): string {
  const code = errorCode(error);
  if (code === 'ENOENT') return 'no such file; check the path given to --web.config.file';
  if (code === 'EACCES') return 'not permitted to read it; let the service user read it';
  return messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
