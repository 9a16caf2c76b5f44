import { CollectorError } from '../../collector.ts';
import type { Listed } from './offers.ts';

const label = /^\s*\* (?:Label: )?(\S.*?)\s*$/;
/** macOS 10.15 and later. */
const titled = /^\s+Title: (.*?), Version: (.*?), Size: \d+(?:K|KiB)?, Recommended: (YES|NO),/;
/** macOS 10.14 and before. */
const sized = /^\s+(\S.*?) \(([^()]*)\), \d+K(.*)$/;
const none = /^No new software available\.?\s*$/m;
const noServer =
  /can.t connect to the apple software update server|internet connection appears to be offline|catalog could not be loaded/i;

/**
 * What `softwareupdate --list` prints, in the form of 10.14 and in that since 10.15. It is not translated.
 * @throws CollectorError metadata_missing when the update server did not answer, unexpected_output when anything else is said:
 * a list that is not understood as a whole is none.
 */
export function parseList(text: string): readonly Listed[] {
  if (noServer.test(text))
    throw new CollectorError(
      'metadata_missing',
      'softwareupdate could not reach the update server; look at the network, the proxy and the CatalogURL',
    );
  const lines = text.split(/\r?\n/);
  const labels = lines.filter((line) => label.test(line)).length;
  const listed = lines.flatMap((line, at) => {
    const id = label.exec(line)?.[1];
    return id === undefined ? [] : [describe(id, lines[at + 1] ?? '')];
  });
  const updates = listed.filter((update) => update !== undefined);
  if (updates.length === labels && labels > 0 !== none.test(text)) return updates;
  throw new CollectorError(
    'unexpected_output',
    `softwareupdate --list printed ${labels} labels, of which ${updates.length} were understood; it ends with ${JSON.stringify(text.trim().slice(-80))}`,
  );
}

function describe(id: string, line: string): Listed | undefined {
  const [, title, version, recommended] = titled.exec(line) ?? [];
  if (title !== undefined && version !== undefined)
    return { title, version, id, recommended: recommended === 'YES' };
  const [, name, edition, marks = ''] = sized.exec(line) ?? [];
  if (name === undefined || edition === undefined) return undefined;
  return { title: name, version: edition, id, recommended: marks.includes('[recommended]') };
}
