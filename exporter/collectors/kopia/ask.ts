import { problemOf, type Host, type Problem, type RunOptions } from '../../collector.ts';
import { checkSecret } from '../backup/secret.ts';
import { parseFailure } from './failure.ts';
import { parseMaintenance } from './maintenance.ts';
import { type Manifest, parseSnapshots } from './snapshots.ts';

/** How to open a repository. */
export interface Connection {
  readonly config_file?: string | undefined;
  readonly password_file?: string | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** Every snapshot in a repository. @throws CollectorError with the reason why it cannot be listed. */
export async function listAll(host: Host, job: Connection, timeout: number): Promise<readonly Manifest[]> {
  if (job.password_file !== undefined) await checkSecret(host, 'password_file', job.password_file);
  // All of them: how many it lists unless told has changed between versions.
  const args = ['snapshot', 'list', '--all', '--incomplete', '--max-results=1000000', '--json'];
  const output = await host.run('kopia', args, await runOptions(host, job, timeout));
  if (output.exitCode !== 0) throw parseFailure(output);
  return parseSnapshots(output.stdout);
}

/** What went wrong in the maintenance of the repository of a job, or why that is unknown. */
export async function readMaintenance(
  host: Host,
  job: Connection & { readonly backup_job: string },
  timeout: number,
): Promise<readonly Problem[]> {
  const about = `backup job ${job.backup_job}`;
  try {
    const options = await runOptions(host, job, timeout);
    const output = await host.run('kopia', ['maintenance', 'info', '--json'], options);
    if (output.exitCode !== 0) throw parseFailure(output);
    return parseMaintenance(output.stdout).map(({ task, error }) => ({
      reason: 'tool_failed',
      message: `${about}: the last maintenance (${task}) of its repository failed: ${error}; run kopia maintenance run`,
    }));
  } catch (error) {
    return [problemOf(error, `${about}: its maintenance`)];
  }
}

/** Milliseconds; the password goes where no other user sees it. */
export async function runOptions(host: Host, job: Connection, timeout: number): Promise<RunOptions> {
  const password = job.password_file === undefined ? undefined : await host.read(job.password_file);
  return {
    timeout,
    env: {
      KOPIA_CHECK_FOR_UPDATES: 'false',
      ...job.environment,
      ...(job.config_file === undefined ? {} : { KOPIA_CONFIG_PATH: job.config_file }),
      ...(password === undefined ? {} : { KOPIA_PASSWORD: password.replace(/\r?\n$/, '') }),
    },
  };
}

/** Jobs of one repository share one list: opening it takes seconds. */
export function onceEach<J extends Connection, R>(
  ask: (job: J, timeout: number) => Promise<R>,
): (job: J, timeout: number) => Promise<R> {
  const asked = new Map<string, Promise<R>>();
  return (job, timeout) => {
    const repository = JSON.stringify([job.config_file, job.password_file, job.environment]);
    const answer = asked.get(repository) ?? ask(job, timeout);
    asked.set(repository, answer);
    return answer;
  };
}
