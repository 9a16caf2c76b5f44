import { CollectorError } from '../../collector.ts';

/** An array as /proc/mdstat shows it. */
export interface Listed {
  /** Of the kernel: `md0`. */
  readonly name: string;
  readonly active: boolean;
  /** `raid1`; undefined while inactive. */
  readonly level: string | undefined;
  readonly devices: readonly {
    readonly name: string;
    /** Faulty, spare, journal, replacement or write-mostly: the letters in brackets behind it. */
    readonly flags: string;
  }[];
  /** 1 KiB each. */
  readonly blocks: number | undefined;
  /** `1.2`, or `external:imsm` for a container and `external:/md127/0` for an array in one. */
  readonly metadata: string | undefined;
  /** `[2/1]`: members it is meant to have, and those that work. */
  readonly expected: number | undefined;
  readonly working: number | undefined;
  readonly action: Action | undefined;
}

/** What md is doing to an array. */
export interface Action {
  readonly kind: string;
  /** 0 to 1; 0 while it waits. */
  readonly done: number;
}

/**
 * Arrays in /proc/mdstat (kernel, drivers/md/md.c, md_seq_show). `whole` is false when its last line is not there: the list may be
 * cut off.
 * @throws CollectorError unexpected_output for anything that is not that file.
 */
export function parseMdstat(text: string): { readonly arrays: readonly Listed[]; readonly whole: boolean } {
  if (!/^Personalities ?:/.test(text))
    throw new CollectorError(
      'unexpected_output',
      `/proc/mdstat does not begin with Personalities: ${text.slice(0, 60)}`,
    );
  // An array begins at the margin, what belongs to it is indented.
  const records = text.split(/\n(?=\S)/).slice(1);
  return {
    arrays: records.filter((record) => !record.startsWith('unused devices:')).map(parseArray),
    whole: records.at(-1)?.startsWith('unused devices:') === true,
  };
}

function parseArray(record: string): Listed {
  const [head = '', ...rest] = record.split('\n');
  const [, name, state, , words] =
    /^(\S+) : (active|inactive|broken) ?((?:\([^)]*\) ?)*)(.*)$/.exec(head) ?? [];
  if (name === undefined || words === undefined)
    throw new CollectorError('unexpected_output', `no array in /proc/mdstat: ${head.slice(0, 100)}`);
  const body = rest.join('\n');
  const all = words.split(' ').filter((word) => word !== '');
  const level = all[0]?.includes('[') === false ? all[0] : undefined;
  const [, expected, working] = /\[(\d+)\/(\d+)\]/.exec(body) ?? [];
  return {
    name,
    active: state !== 'inactive',
    level,
    devices: all.flatMap((word) => {
      const [, device, flags] = /^(.+)\[\d+\]((?:\([A-Z]\))*)$/.exec(word) ?? [];
      return device === undefined ? [] : [{ name: device, flags: (flags ?? '').replaceAll(/[()]/g, '') }];
    }),
    blocks: numberIn(/^ +(\d+) blocks/m, body),
    metadata: / blocks super (\S+)/.exec(body)?.[1] ?? (/ blocks /.test(`${body} `) ? '0.90' : undefined),
    expected: expected === undefined ? undefined : Number(expected),
    working: working === undefined ? undefined : Number(working),
    action: actionIn(body),
  };
}

function actionIn(body: string): Action | undefined {
  const [, running, percent] = /(\w+) *= *([\d.]+)%/.exec(body) ?? [];
  if (running !== undefined) return { kind: running, done: Math.min(1, Number(percent) / 100) };
  const waiting = /(\w+) *= *(?:PENDING|DELAYED|REMOTE)/.exec(body)?.[1];
  return waiting === undefined ? undefined : { kind: waiting, done: 0 };
}

function numberIn(pattern: RegExp, text: string): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
