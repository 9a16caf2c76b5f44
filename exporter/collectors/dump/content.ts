/** How the content of a file begins and ends, as latin1 text; both are the whole of a short one. */
export interface Ends {
  readonly head: string;
  readonly tail: string;
  /** Bytes of content. */
  readonly bytes: number;
}

/** Bytes of each end that are looked at: the end record of a zip with the longest comment stands this far from its end. */
export const endsKept = 65_557;

/** Kinds of content that say themselves where they end. */
interface Kind {
  readonly name: string;
  readonly begins: (head: string) => boolean;
  /** Whether the end that a whole one has is there. */
  readonly ends: (ends: Ends) => boolean;
}

const kinds: readonly Kind[] = [
  {
    // pg_dumpall.c: the databases inside end with a line of their own, so only its own one counts.
    name: 'a pg_dumpall script without its last line',
    begins: (head) => /^-- PostgreSQL database cluster dump$/m.test(head),
    ends: ({ tail }) => tail.includes('-- PostgreSQL database cluster dump complete'),
  },
  {
    // pg_backup_archiver.c writes it when everything is done; `\unrestrict` may follow since 2025 (CVE-2025-8714).
    name: 'a pg_dump script without its last line',
    begins: (head) => /^-- PostgreSQL database dump$/m.test(head),
    ends: ({ tail }) => tail.includes('-- PostgreSQL database dump complete'),
  },
  {
    // client/mysqldump.c, write_footer: also with --skip-dump-date; neither line is there with --skip-comments or --compact.
    name: 'a mysqldump script without its last line',
    begins: (head) => /^-- (?:MySQL|MariaDB) dump \d/m.test(head),
    ends: ({ tail }) => /^-- Dump completed(?: on .*)?$/m.test(tail.slice(-200)),
  },
  {
    // shell.c of SQLite: ROLLBACK with a remark instead of COMMIT when it met an error.
    name: 'an SQLite script without COMMIT',
    begins: (head) => /^PRAGMA foreign_keys=OFF;\r?\nBEGIN TRANSACTION;/.test(head),
    ends: ({ tail }) => /COMMIT;\s*$/.test(tail),
  },
  {
    // https://www.sqlite.org/fileformat2.html#the_database_header: page size and number of pages.
    name: 'an SQLite database shorter than it says',
    begins: (head) => head.startsWith('SQLite format 3\0'),
    ends: ({ head, bytes }) => bytes >= sqliteBytes(head),
  },
  {
    // pax(1), "ustar Interchange Format": at least two blocks of zeros.
    name: 'a tar archive without its end',
    begins: (head) => head.slice(257, 262) === 'ustar',
    ends: ({ tail, bytes }) => bytes % 512 === 0 && /^\0{1024}$/.test(tail.slice(-1024)),
  },
  {
    // APPNOTE.TXT 4.3.16: the end record, with a comment of the length it says.
    name: 'a zip archive without its end',
    begins: (head) => head.startsWith('PK\x03\x04'),
    ends: ({ tail }) => hasZipEnd(tail),
  },
];

/** What says that content is cut off, for people; undefined when nothing does, and for kinds that do not tell where they end. */
export function cutOff(ends: Ends): string | undefined {
  const kind = kinds.find(({ begins }) => begins(ends.head.slice(0, 4096)));
  return kind === undefined || kind.ends(ends) ? undefined : kind.name;
}

function sqliteBytes(head: string): number {
  const size = head.charCodeAt(16) * 256 + head.charCodeAt(17);
  // The number of pages is right only when both counters are the same (older versions did not keep it).
  if (head.slice(24, 28) !== head.slice(92, 96)) return 0;
  const pages = [28, 29, 30, 31].reduce((sum, at) => sum * 256 + head.charCodeAt(at), 0);
  return (size === 1 ? 65_536 : size) * pages;
}

function hasZipEnd(tail: string): boolean {
  for (
    let at = tail.lastIndexOf('PK\x05\x06');
    at !== -1;
    at = at === 0 ? -1 : tail.lastIndexOf('PK\x05\x06', at - 1)
  ) {
    if (at + 22 + tail.charCodeAt(at + 20) + tail.charCodeAt(at + 21) * 256 === tail.length) return true;
  }
  return false;
}
