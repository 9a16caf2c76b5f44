import { CollectorError } from '../../collector.ts';
import type { Finding, Severity } from '../vulnerability/finding.ts';

/**
 * Urgencies of the Debian security tracker that debsecan passes on, in its words. There is nothing above high, and one that is
 * not assigned yet is left out.
 */
const severities: Readonly<Record<string, Severity>> = {
  'high urgency': 'important',
  'medium urgency': 'moderate',
  'low urgency': 'low',
};

/** What debsecan can tell; it never says critical. */
export const debsecanSeverities: readonly Severity[] = ['important', 'moderate', 'low', 'unknown'];

/**
 * Findings in what `debsecan --suite SUITE --format detail` prints: per vulnerability and binary package a block that ends with
 * an empty line (DetailFormatter in /usr/bin/debsecan).
 * @throws CollectorError unexpected_output when a block is not understood, or the last one is cut off.
 */
export function parseDetail(text: string): readonly Finding[] {
  if (text === '') return [];
  if (!text.endsWith('\n\n'))
    throw new CollectorError('unexpected_output', 'what debsecan printed is cut off; run it by hand to see');
  return text.slice(0, -2).split('\n\n').map(parseBlock);
}

function parseBlock(block: string): Finding {
  const [head = '', , ...facts] = block.split('\n');
  const [, id, notes = ''] = /^([A-Z][A-Z0-9-]*-\S+)(?: \((.*)\))?$/.exec(head) ?? [];
  const [, name, installed] =
    facts.map((line) => /^ {2}installed: (\S+) (\S+)$/.exec(line)).find((found) => found !== null) ?? [];
  if (id === undefined || name === undefined)
    throw new CollectorError(
      'unexpected_output',
      `debsecan printed something that is not a vulnerability: ${JSON.stringify(head.slice(0, 100))}; run it by hand to see`,
    );
  const words = notes.split(', ');
  return {
    id,
    package: name,
    installed,
    severity: words.map((word) => severities[word]).find((severity) => severity !== undefined) ?? 'unknown',
    fixable: words.includes('fixed') ? 'true' : 'false',
  };
}
