import { appendFile, readFile } from 'node:fs/promises';
import { unreadable } from '../file-error.ts';
import { type AcknowledgementSource, keyOf, readAcknowledgements } from './acknowledgement.ts';
import { acknowledgementsText, parseAcknowledgements } from './file.ts';

/**
 * Adds to a file what a source knows and the file does not; what is there, comments of people included, stays as it is.
 * A file that is not there is made.
 * @returns how many were added.
 * @throws Error as the source does, and when the file is no list of acknowledgements: then it is not touched.
 */
export async function collect(source: AcknowledgementSource, path: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw unreadable(error, path);
  });
  const known = new Set(parseAcknowledgements(text, path).map(keyOf));
  const added = (await readAcknowledgements([source])).filter((one) => !known.has(keyOf(one)));
  if (added.length === 0) return 0;
  const addition = `${text === '' || text.endsWith('\n') ? '' : '\n'}${acknowledgementsText(added)}`;
  const expected = known.size + added.length;
  if (new Set(parseAcknowledgements(text + addition, path).map(keyOf)).size !== expected)
    throw new Error(`${path} cannot be added to. Write it as a YAML list, an entry per "- at:".`);
  await appendFile(path, addition);
  return added.length;
}
