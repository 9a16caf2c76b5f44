import { CollectorError, type Host } from '../../collector.ts';

/**
 * Looks at a file that holds a secret before a tool is asked: tools prompt on an empty one, and do not tell a missing file from
 * other failures by their exit code.
 * @param setting key of the configuration that names the file, for the message.
 * @throws CollectorError password_unreadable.
 */
export async function checkSecret(host: Host, setting: string, path: string): Promise<void> {
  const unreadable = (why: string, cause?: unknown) =>
    new CollectorError('password_unreadable', `${setting} ${path} ${why}`, { cause });
  let start: string | undefined;
  try {
    if ((await host.stat(path))?.directory === true) throw unreadable('is a directory');
    start = await host.head(path, 1);
  } catch (error) {
    if (!(error instanceof CollectorError) || error.reason === 'password_unreadable') throw error;
    throw unreadable(`may not be read by the user of the exporter (${error.message})`, error);
  }
  if (start === undefined) throw unreadable('does not exist');
  if (start === '') throw unreadable('is empty');
}
