import { CollectorError, type Host } from '../../collector.ts';

/** Runs flatpak and splits its answer, one line per row and a tab between columns where no terminal reads it. @throws CollectorError as Host.run, tool_failed, permission_denied, unexpected_output. */
export async function readRows(
  host: Host,
  args: readonly string[],
  columns: number,
): Promise<readonly (readonly string[])[]> {
  const { exitCode, stdout, stderr } = await host.run('flatpak', args, { timeout: 120_000 });
  const error = stderr.split('\n').find((line) => /^(?:error|warning): /i.test(line));
  if (exitCode !== 0 || error?.startsWith('error') === true)
    throw new CollectorError(
      /permission denied/i.test(stderr) ? 'permission_denied' : 'tool_failed',
      `flatpak ${args[0] ?? ''} ended with ${exitCode}: ${(error ?? stderr.trim()).slice(0, 300)}`,
    );
  return parseRows(stdout, columns);
}

/** @throws CollectorError unexpected_output when a row has another number of columns. */
export function parseRows(text: string, columns: number): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const row = line.split('\t').map((cell) => cell.trim());
      if (row.length === columns) return row;
      throw new CollectorError(
        'unexpected_output',
        `flatpak printed ${JSON.stringify(line.slice(0, 200))}, which has ${row.length} columns instead of ${columns}`,
      );
    });
}
