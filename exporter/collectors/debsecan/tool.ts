import { CollectorError, type Host, type ToolOutput } from '../../collector.ts';

export interface Question {
  readonly suite: string;
  readonly source: string | undefined;
  readonly status: string;
}

/** What debsecan prints on one vulnerability per block, and what it complained of on the way. */
export interface Answer {
  readonly text: string;
  /** Why packages are missing in it. */
  readonly complaints: readonly string[];
}

/**
 * Asks debsecan, which downloads its data at every run.
 * @throws CollectorError metadata_missing when it cannot, unsupported when the tracker does not know the suite, and others.
 */
export async function askDebsecan(host: Host, { suite, source, status }: Question): Promise<Answer> {
  const args = ['--suite', suite, '--format', 'detail', '--status', status];
  const timeout = Math.max(host.timeLimit - 10, host.timeLimit * 0.8) * 1000;
  const output = await host.run('debsecan', source === undefined ? args : [...args, '--source', source], {
    timeout,
  });
  if (output.exitCode !== 0) throw failure(output, suite);
  // Python warns on stderr, too; what matters begins so.
  const complaints = output.stderr
    .split('\n')
    .filter((line) => /^error: invalid (?:source )?version/.test(line));
  return { text: output.stdout, complaints };
}

/** debsecan exits with 1 for everything, and leaves most failures to Python. */
function failure({ exitCode, stdout, stderr }: ToolOutput, suite: string): CollectorError {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const last = (lines.at(-1) ?? '').slice(0, 300);
  if (stderr.includes('HTTP Error 404'))
    return new CollectorError(
      'unsupported',
      `the security tracker has no data for the suite ${suite}; set collectors.debsecan.suite to the code name of the Debian release, or turn the collector off on another system`,
    );
  if (stderr.includes('while downloading'))
    return new CollectorError(
      'metadata_missing',
      `debsecan could not download its data (${lines.slice(0, 3).join(' ').slice(0, 300)}); allow it to reach the server, or set collectors.debsecan.source to a mirror`,
    );
  if (/zlib\.error|unknown format|UnicodeDecodeError|ValueError|IndexError|KeyError/.test(stderr))
    return new CollectorError(
      'unexpected_output',
      `debsecan could not read the data it downloaded (${last}); see whether collectors.debsecan.source is a mirror of the tracker's debsecan data`,
    );
  const [, file, why] = /^error: could not open '(.*)': (.*)$/m.exec(stdout) ?? [];
  if (file !== undefined)
    return new CollectorError(
      why === 'Permission denied' ? 'permission_denied' : 'source_missing',
      `debsecan could not open ${file}: ${why}`,
    );
  return new CollectorError(
    'tool_failed',
    `debsecan exited with ${exitCode}${last === '' ? '' : `: ${last}`}; run it by hand to see`,
  );
}
