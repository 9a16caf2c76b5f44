import type { Offer, PatchClass, Severity } from '../patch/offers.ts';
import type { Update } from './answer.ts';

/** Classifications: "WSUS Classification GUIDs" of Microsoft's documentation; drivers: "Manage device drivers" (Windows Update for Business). */
const classifications = {
  definitions: 'e0789628-ce08-4437-be74-2495b842f43b',
  drivers: 'ebfc1fc5-71a4-4f7b-9aca-3b9a503104a0',
  security: '0fa1201d-4330-4fa8-8ae9-b877473b6441',
} as const;

/** Definitions of Defender, Forefront and Security Essentials: every day a new one under the same number. */
const definitionArticles: readonly string[] = ['KB2267602', 'KB915597', 'KB2461484', 'KB2310138'];

/** "Cumulative" in languages the history of a host may be in. */
const cumulative =
  /[ck]umulat|acumulat|кумулятив|накопит|累積|累积|누적|monthly (?:quality )?rollup|\brollup\b|removal tool/i;
const windows = /windows|server operating system/i;
/** What is cumulative too, and has a train of its own. */
const ofOthers =
  /\.NET|Internet Explorer|Exchange|SQL Server|SharePoint|Office|Visual Studio|Servicing Stack|removal tool|Silverlight/i;
/** Titles of Windows itself since October 2025: "2025-12 Security Update (KB5072033) (26200.7462)". */
const short = /^(?:(?:Security|Cumulative|Quality|Out-of-band) )?Update$/i;

/** Month or version at the end of a title: "- March 2020", "- v5.121". */
const endOfTitle =
  /\s[–—-]\s(?:(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}|v?\d+(?:\.\d+)+)\s*$/;

/** The train that updates Windows itself. */
const windowsTrain = 'Windows cumulative update';

/**
 * What an update updates, the same from month to month: its title without month, KB number, build and "Preview". Everything that
 * updates Windows itself is one train: its title has changed with the release and over the years.
 */
export function trainOf(title: string): string {
  const bare = title
    .replace(/^\d{4}-\d{2}\b[\s–—-]*/, '')
    .replaceAll(/[\s–—-]*\(?\bKB\d{6,}\b\)?/gi, '')
    .replaceAll(/\((?:[A-Za-z]+ )?\d+(?:\.\d+)+\)/g, '')
    .replaceAll(/\bPreview(?: of)?\b/gi, '')
    .replace(endOfTitle, '')
    .replaceAll(/\bVersion [\d.]+(?= Update\b)/gi, '')
    .replaceAll(/\b(\d+\.\d+)(?:\.\d+)+/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const ofWindows = cumulative.test(bare) && windows.test(bare) && !ofOthers.test(bare);
  return ofWindows || short.test(bare) ? windowsTrain : bare;
}

/** What tells one update of a train from another. */
export interface Edition {
  /** Year and month. */
  readonly month?: string | undefined;
  /** As `KB5035853`. */
  readonly article?: string | undefined;
  /** Of Windows, that it brings: 26100.6584. */
  readonly build?: string | undefined;
  readonly id?: string | undefined;
}

export function editionOf({ Title, UpdateID, KBArticleIDs = [] }: EditionSource): Edition {
  const [number] = KBArticleIDs;
  const article = number === undefined ? /\bKB\d{6,}\b/i.exec(Title)?.[0] : `KB${number.replace(/^KB/i, '')}`;
  return {
    month: /^\d{4}-\d{2}\b/.exec(Title)?.[0],
    article: article?.toUpperCase(),
    build: /\((\d{5}\.\d+)\)/.exec(Title)?.[1],
    id: UpdateID?.toLowerCase(),
  };
}
type EditionSource = Pick<Update, 'Title' | 'UpdateID'> & { readonly KBArticleIDs?: readonly string[] };

/** An edition as a version. A KB number alone is not unique: the removal tool of every month has the same. */
export function versionOf(edition: Edition, title: string): string {
  const words = [edition.month, edition.article, edition.build, edition.id].filter(
    (word) => word !== undefined,
  );
  return words.length === 0 ? title : words.join(' ');
}

export function parseVersion(version: string): Edition {
  const words = version.split(' ');
  const find = (form: RegExp) => words.find((word) => form.test(word));
  return {
    month: find(/^\d{4}-\d{2}$/),
    article: find(/^KB\d+$/),
    build: find(/^\d{5}\.\d+$/),
    id: find(/^[\da-f]{8}-[\da-f-]+$/),
  };
}

/** Whether it brings definitions of an antivirus, not a patch. */
export function isDefinition(update: EditionSource & Pick<Update, 'CategoryIDs'>): boolean {
  const { article = '' } = editionOf(update);
  return has(update.CategoryIDs, classifications.definitions) || definitionArticles.includes(article);
}

/**
 * Security where Microsoft says so: by its classification, a severity of the MSRC, a bulletin or a CVE. The title counts too, so
 * that a list without classifications hides nothing.
 */
export function classOf(update: Update): PatchClass {
  const { CategoryIDs, CveIDs, SecurityBulletinIDs, Title } = update;
  const rated = severityOf(update) !== 'unknown' || CveIDs.length > 0 || SecurityBulletinIDs.length > 0;
  if (
    rated ||
    has(CategoryIDs, classifications.security) ||
    /\bSecurity (?:Update|Only|Monthly)\b/i.test(Title)
  )
    return 'security';
  return has(CategoryIDs, classifications.drivers) ? 'firmware' : 'standard';
}

/** The severity of the Microsoft Security Response Center; most cumulative updates have none. */
export function severityOf({ MsrcSeverity }: Pick<Update, 'MsrcSeverity'>): Severity {
  const word = MsrcSeverity?.toLowerCase();
  return (
    (['critical', 'important', 'moderate', 'low'] as const).find((severity) => severity === word) ?? 'unknown'
  );
}

/** An offer of the agent. */
export interface AgentOffer extends Offer {
  /** Hidden by somebody, or optional: not installed before somebody picks it. */
  readonly leftAlone: boolean;
}

/** What the agent offers, definitions left out. */
export function offersOf(updates: readonly Update[]): readonly AgentOffer[] {
  const patches = updates.filter((update) => !isDefinition(update));
  return [...Map.groupBy(patches, ({ Title }) => trainOf(Title))].flatMap(([train, group]) =>
    group.map((update) => ({
      name: group.length > 1 ? nameAmongMany(train, update) : train,
      version: versionOf(editionOf(update), update.Title),
      class: classOf(update),
      severity: severityOf(update),
      released: update.LastDeploymentChangeTime,
      leftAlone: update.IsHidden === true || update.BrowseOnly === true,
    })),
  );
}

/** Updates with one title that are offered beside each other are different ones, unless they are cumulative. */
function nameAmongMany(train: string, update: Update): string {
  const { article } = editionOf(update);
  return article === undefined || cumulative.test(train) ? train : `${train} (${article})`;
}

/** The train behind a name of `offersOf`. */
export function trainOfName(name: string): string {
  return name.replace(/ \(KB\d+\)$/, '');
}

function has(categories: readonly string[], id: string): boolean {
  return categories.some((category) => category.toLowerCase() === id);
}
