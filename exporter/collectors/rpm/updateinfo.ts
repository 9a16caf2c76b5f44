import { evrOf } from '../versions/rpm.ts';
import { xmlReader } from './xml.ts';

/** A package version that an advisory brings. */
export interface AdvisoryPackage {
  readonly name: string;
  /** `[epoch:]version-release`, without an epoch of 0. */
  readonly evr: string;
  readonly arch: string;
  /** The module stream it belongs to; undefined for an ordinary package. */
  readonly module?: { readonly name: string; readonly stream: string } | undefined;
}

/** One `<update>` of updateinfo.xml. */
export interface Advisory {
  readonly id: string;
  /** As written: `security`, `bugfix`, `enhancement`, `newpackage`, `recommended`, or anything else. */
  readonly type: string;
  /** As written: `Important`, `medium`, `None`; empty where there is none. */
  readonly severity: string;
  /** When it was released, unix seconds; undefined where it does not say, or not in a form that is known. */
  readonly issued: number | undefined;
  /** When it was last changed, unix seconds. */
  readonly updated: number | undefined;
  readonly packages: readonly AdvisoryPackage[];
  /** As CVE-2024-1086, sorted. */
  readonly cves: readonly string[];
  /** Whether it takes effect only with a reboot. */
  readonly rebootSuggested: boolean;
  /** Whether its publisher took it back (SUSE): its packages are not to be installed. */
  readonly retracted?: true | undefined;
}

export interface UpdateInfo {
  readonly advisories: readonly Advisory[];
  /** Advisories and packages in them that could not be used because something needed is missing. */
  readonly unusable: number;
}

/** Characters given to the parser between two looks at other work. */
const slice = 1024 * 1024;

/**
 * Parses updateinfo.xml without ever holding its tree: that of a large distribution has 60 MiB. The format has no
 * specification; this follows what createrepo_c writes and libsolv reads (ext/repo_updateinfoxml.c). libsolv, and with it dnf
 * and zypper, takes the later of `<issued>` and `<updated>` for the date of an advisory: here both are kept apart.
 * @param wanted which packages to keep, by name; all of them unless told.
 * @throws CollectorError unexpected_output when it is not XML, is cut off, or is something else.
 */
export async function parseUpdateInfo(
  text: string,
  wanted: (packageName: string) => boolean = () => true,
): Promise<UpdateInfo> {
  const reader = newReader(wanted);
  for (let at = 0; at < text.length; at += slice) {
    reader.write(text.slice(at, at + slice));
    if (text.length > slice) await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  return reader.end();
}

type Attributes = Readonly<Record<string, string | undefined>>;

/** An advisory while it is read. */
interface Draft {
  readonly type: string;
  readonly retracted?: true | undefined;
  id: string;
  severity: string;
  issued: number | undefined;
  updated: number | undefined;
  rebootSuggested: boolean;
  readonly packages: AdvisoryPackage[];
  readonly cves: Set<string>;
}

/** Descriptions, the bulk of the file, are not among them. */
const texts: ReadonlySet<string> = new Set(['id', 'severity', 'reboot_suggested']);

function newReader(wanted: (packageName: string) => boolean) {
  const advisories: Advisory[] = [];
  let unusable = 0;
  let draft: Draft | undefined;
  let module: AdvisoryPackage['module'];

  const usePackage = ({ name, epoch, version, release, arch }: Attributes) => {
    if (name === undefined || version === undefined || release === undefined || arch === undefined)
      unusable += 1;
    else if (wanted(name))
      draft?.packages.push({
        name,
        evr: evrOf(epoch, version, release),
        arch,
        ...(module === undefined ? {} : { module }),
      });
  };
  const finish = ({ cves, id, ...rest }: Draft) => {
    if (id === '') unusable += 1;
    else advisories.push({ ...rest, id, cves: [...cves].toSorted() });
  };

  const reader = xmlReader({
    root: 'updates',
    about: 'the list of advisories (updateinfo)',
    texts,
    open: (name, attributes, path) => {
      if (name === 'update' && path.length === 2) draft = newDraft(attributes);
      if (draft === undefined) return;
      if (name === 'issued') draft.issued = parseDate(attributes['date'] ?? '');
      if (name === 'updated') draft.updated = parseDate(attributes['date'] ?? '');
      if (name === 'reference') for (const cve of cvesOf(attributes)) draft.cves.add(cve);
      if (name === 'collection') module = undefined;
      if (name === 'module' && attributes['name'] !== undefined)
        module = { name: attributes['name'], stream: attributes['stream'] ?? '' };
      if (name === 'package') usePackage(attributes);
    },
    close: (name, text, path) => {
      if (draft === undefined) return;
      if (name === 'id' && path.length === 3) draft.id = text;
      if (name === 'severity' && path.length === 3) draft.severity = text;
      // As libsolv: T, t or 1 begin a yes.
      if (name === 'reboot_suggested' && /^[Tt1]/.test(text)) draft.rebootSuggested = true;
      if (path.length > 2) return;
      finish(draft);
      draft = undefined;
    },
  });
  return {
    write: reader.write,
    end: (): UpdateInfo => {
      reader.end();
      return { advisories, unusable };
    },
  };
}

function newDraft({ type = '', status }: Attributes): Draft {
  return {
    type,
    ...(status === 'retracted' ? { retracted: true } : {}),
    id: '',
    severity: '',
    issued: undefined,
    updated: undefined,
    rebootSuggested: false,
    packages: [],
    cves: new Set(),
  };
}

/** Fedora names the CVE only in the title of a Bugzilla entry; some vendors leave out its prefix in the id. */
function cvesOf({ type, id = '', title = '' }: Attributes): readonly string[] {
  const named = `${id} ${title}`.match(/\bCVE-\d{4}-\d{4,}\b/g);
  if (named !== null) return named;
  return type === 'cve' && /^\d{4}-\d{4,}$/.test(id) ? [`CVE-${id}`] : [];
}

/**
 * A date as advisories write it, unix seconds: `2024-04-30 09:11:30`, `2024-04-30 09:11`, `2024-04-30`, `1714435200`,
 * `2024-04-30T09:11:30Z`, `2024-04-30T09:11:30+02:00`. Without a zone it is UTC, as libsolv has it. Undefined for anything else.
 */
export function parseDate(text: string): number | undefined {
  const date = text.trim();
  if (/^\d{5,}$/.test(date)) return Number(date);
  const [, day, time = '00:00', seconds = ':00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ]\s*(\d\d:\d\d)(:\d\d)?(?:\.\d+)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?$/.exec(date) ??
    [];
  if (day === undefined) return undefined;
  const offset = /^[+-]/.test(zone) ? zone.replace(/^(...):?/, '$1:') : 'Z';
  const moment = Date.parse(`${day}T${time}${seconds}${offset}`) / 1000;
  const written = new Date(Date.parse(`${day}T00:00:00Z`));
  // Date.parse takes 30 February for 1 March.
  const exists = !Number.isNaN(written.getTime()) && written.toISOString().startsWith(day);
  return exists && Number.isFinite(moment) && moment > 0 ? moment : undefined;
}
