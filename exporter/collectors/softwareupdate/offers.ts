import type { Offer, PatchClass } from '../patch/offers.ts';

/** An update as macOS lists it. */
export interface Listed {
  /** As shown to people, and as installed entries are called: "macOS Ventura 13.6", "Safari". */
  readonly title: string;
  readonly version: string;
  /** Identifier or label. */
  readonly id: string;
  /** Since when macOS offers it here, unix seconds, where it tells. */
  readonly known?: number | undefined;
  /** False for what is not installed unless somebody picks it. */
  readonly recommended: boolean;
}

/** Definitions of XProtect, Gatekeeper and the like: no patches, and installed on their own way. */
const definitions = /XProtect|MRTConfigData|Gatekeeper|Config(?:uration )?Data/i;
/** Fixes of the macOS that is installed, whatever their version is called: "Security Update 2021-004 (Mojave)". */
const fixOfSystem = /Security (?:Update|Response|Improvement)|Supplemental Update/i;
const ofSystem = /^(?:macOS|OS X)\b/i;
/** Identifiers of macOS itself since 11. */
const systemIdentifier = /^MSU_UPDATE_/;

export function isDefinition(name: string): boolean {
  return definitions.test(name);
}

/** What is brought up to date, the same for every version of it. */
export function trainOf(
  { title, version, id }: Pick<Listed, 'title' | 'version' | 'id'>,
  installed: string | undefined,
): string {
  if (fixOfSystem.test(title)) return 'macOS';
  if (ofSystem.test(title) || systemIdentifier.test(id))
    return isUpgrade(version, id, installed) ? 'macOS upgrade' : 'macOS';
  if (/^Safari\b/i.test(title)) return 'Safari';
  return title
    .replaceAll(/\bbeta \d+\b/gi, 'beta')
    .replaceAll(/\(?\b\d+(?:\.\d+)*\)?/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/**
 * Apple marks no update as security. Point releases of macOS and Safari, security responses and improvements nearly always bring
 * security fixes (support.apple.com/100100), so all of them count: a false alarm is better than a missing one. An upgrade to
 * another macOS is `standard`: while the installed one is supported it has updates of its own.
 */
export function classOf(train: string, title: string): PatchClass {
  if (train === 'macOS' || train === 'Safari' || /\bsecurity\b/i.test(title)) return 'security';
  if (/\bfirmware\b/i.test(title)) return 'firmware';
  return /\bXcode\b/.test(title) ? 'application' : 'standard';
}

/** An offer of Software Update. */
export interface MacOffer extends Offer {
  readonly recommended: boolean;
}

/** @param installed version of the running macOS; undefined when unknown, and then the identifier decides. */
export function offersOf(listed: readonly Listed[], installed: string | undefined): readonly MacOffer[] {
  return listed
    .filter(({ title, id }) => !isDefinition(title) && !isDefinition(id))
    .map((update) => {
      const name = trainOf(update, installed);
      return {
        name,
        version: `${update.version} ${update.id}`,
        class: classOf(name, update.title),
        severity: 'unknown',
        known: update.known,
        recommended: update.recommended,
      };
    });
}

/** Whether it leads to another macOS: 12 to 13, or 10.14 to 10.15. */
function isUpgrade(version: string, id: string, installed: string | undefined): boolean {
  const [wanted, here] = [releaseOf(version), releaseOf(installed ?? '')];
  if (wanted === undefined || here === undefined) return id.endsWith('_major');
  return wanted !== here;
}

/** 13 of 13.6, 10.14 of 10.14.6. */
function releaseOf(version: string): string | undefined {
  return /^(?:10\.\d+|\d+)(?![\d])/.exec(version)?.[0];
}

/** Whether a version of macOS is later than another; what cannot be compared is. */
export function isLater(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  if (a === undefined || b === undefined) return true;
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [one, other] = [a[at] ?? 0, b[at] ?? 0];
    if (Number.isNaN(one) || Number.isNaN(other)) return true;
    if (one !== other) return one > other;
  }
  return false;
}
