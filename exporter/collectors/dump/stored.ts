import { cutOff, type Ends } from './content.ts';

/** What a look at both ends of a file tells of it. */
export type Look =
  | { readonly missing: string }
  | {
      readonly missing: undefined;
      /** Whether the end that its format demands was seen; many have none. */
      readonly endSeen: boolean;
      /** Whether it carries a checksum that reading it through compares. */
      readonly testable: boolean;
    };

interface Format {
  readonly name: string;
  readonly extension: RegExp;
  readonly magic: string;
  /** Undefined where the format has no mark at its end. */
  readonly ends?: (ends: Ends) => boolean;
  /** Whether it carries a checksum that reading it through compares, here (exporter/read-through.ts). */
  readonly test: boolean;
}

const formats: readonly Format[] = [
  // RFC 1952: the last bytes are a checksum and a length; nothing about them is fixed.
  { name: 'gzip', extension: /\.(?:gz|tgz)$/i, magic: '\x1f\x8b', test: true },
  // RFC 8878: the last block has a flag, but where it stands only reading tells.
  { name: 'zstd', extension: /\.(?:zst|tzst)$/i, magic: '\x28\xb5\x2f\xfd', test: true },
  {
    // https://tukaani.org/xz/xz-file-format.txt 2.1.2.4: the footer ends in YZ; zeros may follow, in fours.
    name: 'xz',
    extension: /\.(?:xz|txz)$/i,
    magic: '\xfd7zXZ\0',
    ends: ({ tail, bytes }) => bytes % 4 === 0 && /YZ(?:\0{4})*$/.test(tail),
    test: true,
  },
  {
    name: 'bzip2',
    extension: /\.(?:bz2|tbz2?)$/i,
    magic: 'BZh',
    ends: ({ tail }) => hasBzip2End(tail),
    test: true,
  },
  {
    // lz4_Frame_format.md: the end mark, and a checksum after it where bit 2 of the flags says so.
    name: 'lz4',
    extension: /\.(?:lz4|tlz4)$/i,
    magic: '\x04\x22\x4d\x18',
    ends: ({ head, tail }) =>
      ((head.charCodeAt(4) & 4) === 4 ? tail.slice(-8, -4) : tail.slice(-4)) === '\0\0\0\0',
    test: false,
  },
  { name: 'zip', extension: /\.zip$/i, magic: 'PK', test: false },
];

/**
 * Looks at both ends of a file as it is stored.
 * @param name of the file: one called .gz that is no gzip (an error page, an empty pipe) is not a dump.
 */
export function lookAt(name: string, ends: Ends): Look {
  const named = formats.find(({ extension }) => extension.test(name));
  const format = formats.find(({ magic }) => ends.head.startsWith(magic));
  if (named !== undefined && named !== format) return { missing: `is called ${named.name} and is none` };
  if (ends.head.startsWith('PK\x05\x06')) return { missing: 'is a zip of nothing' };
  if (format?.name === 'gzip' && /^\0{8}$/.test(ends.tail.slice(-8)) && !ends.tail.endsWith(bgzfEnd))
    return { missing: ends.bytes < 512 ? 'is a gzip of nothing' : 'is a gzip that ends in zeros' };
  if (format?.ends?.(ends) === false) return { missing: `is a ${format.name} without its end` };
  const inside = cutOff(ends);
  if (inside !== undefined) return { missing: `is ${inside}` };
  return { missing: undefined, endSeen: format?.ends !== undefined, testable: format?.test ?? false };
}

/** SAMv1.pdf 4.1.2: a blocked gzip ends with this empty block. */
const bgzfEnd = '\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0\x1b\0\x03\0\0\0\0\0\0\0\0\0';

/** The mark 0x177245385090, a checksum of 32 bits and up to seven bits to fill the byte (bzip2's compress.c). */
function hasBzip2End(tail: string): boolean {
  const last = Array.from(tail.slice(-11), (byte) => BigInt(byte.charCodeAt(0))).reduce(
    (bits, byte) => bits * 256n + byte,
    0n,
  );
  return [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].some(
    (fill) => ((last >> (fill + 32n)) & 0xffff_ffff_ffffn) === 0x1772_4538_5090n,
  );
}
