import { xmlReader } from './xml.ts';

/** A file of the repository that repomd.xml names. */
export interface RepoFile {
  /** `primary`, `updateinfo`, `modules`; `updateinfo_zck` beside `updateinfo` in Fedora. */
  readonly type: string;
  /** Inside the repository: `repodata/5f3c...-updateinfo.xml.gz`. */
  readonly href: string;
  /** When it was made, unix seconds. */
  readonly timestamp: number | undefined;
}

export interface RepoMetadata {
  /** As written; tells one state of the repository from another. */
  readonly revision: string;
  /** When the publisher made the metadata, unix seconds; undefined where it does not say. */
  readonly published: number | undefined;
  readonly files: readonly RepoFile[];
}

/**
 * Parses repomd.xml. Its revision is the time at which createrepo ran, unless the publisher gave another text (Fedora and
 * openSUSE give a time too, some vendors a number that only counts); the newest of its files is the second best.
 * @throws CollectorError unexpected_output when it is not XML, is cut off, or is something else.
 */
export function parseRepomd(text: string): RepoMetadata {
  const files: RepoFile[] = [];
  let revision = '';
  let file: { type: string; href?: string; timestamp: string } = { type: '', timestamp: '' };
  const reader = xmlReader({
    root: 'repomd',
    about: 'repomd.xml',
    texts: new Set(['revision', 'timestamp']),
    open: (name, attributes) => {
      if (name === 'data') file = { type: attributes['type'] ?? '', timestamp: '' };
      if (name === 'location' && attributes['href'] !== undefined) file.href = attributes['href'];
    },
    close: (name, content, path) => {
      if (name === 'revision' && path.length === 2) revision = content;
      if (name === 'timestamp' && path.length === 3) file.timestamp = content;
      if (name === 'data' && file.href !== undefined)
        files.push({ type: file.type, href: file.href, timestamp: secondsOf(file.timestamp) });
    },
  });
  reader.write(text);
  reader.end();
  const times = files.flatMap(({ timestamp }) => timestamp ?? []);
  const newest = times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b));
  return { revision, published: secondsOf(revision) ?? newest, files };
}

/** 2001 and later, in seconds: a revision may also be a version number or a date of eight or fourteen digits. */
function secondsOf(text: string): number | undefined {
  const seconds = /^(\d{10})(?:\.\d+)?$/.exec(text)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
