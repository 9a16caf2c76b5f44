import { startOfDay, type Support } from './support.ts';
import { windowsTable } from './table.ts';

/** Groups of editions with dates of their own. */
type Editions = 'server' | 'pro' | 'enterprise' | 'ltsc' | 'iot';

/**
 * Which editions a caption such as `Microsoft Windows 11 Pro Education` is one of.
 * @returns undefined when it does not say.
 */
export function editionsOf(caption: string): Editions | undefined {
  if (/\bServer\b/i.test(caption)) return 'server';
  if (/\bLTS[CB]\b/i.test(caption)) return /\bIoT\b/i.test(caption) ? 'iot' : 'ltsc';
  if (/\bPro\b|\bHome\b/i.test(caption)) return 'pro';
  return /\bEnterprise\b|\bEducation\b/i.test(caption) ? 'enterprise' : undefined;
}

/**
 * When support of a build of Windows ends.
 * @param caption name of the product, as Windows says it.
 * @param version `10.0.26100`; the third part is the build.
 * @returns undefined when the table does not know it.
 */
export function windowsSupport(caption: string, version: string): Support | undefined {
  const editions = editionsOf(caption);
  const build = /^\d+\.\d+\.(\d+)/.exec(version)?.[1];
  if (editions === undefined || build === undefined) return undefined;
  const builds: Readonly<Record<string, readonly [end: string, extended?: string]>> = windowsTable[editions];
  const found = builds[build];
  if (found === undefined) return undefined;
  const [end, extended] = found;
  return { end, ...(extended === undefined ? {} : { extended }), asOf: startOfDay(windowsTable.asOf) ?? 0 };
}
