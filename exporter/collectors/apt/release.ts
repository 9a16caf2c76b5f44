/** What a repository says of itself in its InRelease or Release file; see wiki.debian.org/DebianRepository/Format. */
export interface Release {
  readonly label: string | undefined;
  readonly suite: string | undefined;
  readonly codename: string | undefined;
  /** When the repository published it, unix seconds. Undefined when the field is missing or not a date. */
  readonly date: number | undefined;
  /** Until when it may be used, unix seconds. Undefined when the repository sets no limit, NaN when the limit is not a date. */
  readonly validUntil: number | undefined;
  /** Undefined when the repository does not say. */
  readonly architectures: readonly string[] | undefined;
  readonly components: readonly string[] | undefined;
  /** Sizes in bytes of the files it lists, by path. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** Parses a Release file, also when it is inside a signed message (InRelease). Fields it does not have are undefined. */
export function parseRelease(text: string): Release {
  const body = text
    .replace(/^-----BEGIN PGP SIGNED MESSAGE-----[^]*?\r?\n\r?\n/, '')
    .replace(/^-----BEGIN PGP SIGNATURE-----[^]*/m, '');
  const field = (name: string) =>
    new RegExp(String.raw`^${name}:[ \t]*(.*?)[ \t\r]*$`, 'im').exec(body)?.[1] || undefined;
  const validUntil = field('Valid-Until');
  return {
    label: field('Label'),
    suite: field('Suite'),
    codename: field('Codename'),
    date: parseReleaseDate(field('Date') ?? ''),
    validUntil: validUntil === undefined ? undefined : (parseReleaseDate(validUntil) ?? NaN),
    architectures: field('Architectures')?.split(/\s+/),
    components: field('Components')?.split(/\s+/),
    sizes: new Map(
      [...body.matchAll(/^ [0-9a-f]{32,} +(\d+) (\S+)/gm)].map(([, size, path]) => [
        path ?? '',
        Number(size),
      ]),
    ),
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Fri, 20 Nov 2026 00:12:41 UTC` as unix seconds; an absent zone is UTC, as the format demands. Undefined when it is not a date. */
export function parseReleaseDate(text: string): number | undefined {
  const [, day, month = '', year, hour, minute, second = '0', zone = 'UTC'] =
    /^(?:[A-Za-z]{3}, *)?(\d{1,2}) +([A-Za-z]{3}) +(\d{4}) +(\d{1,2}):(\d{2})(?::(\d{2}))? *(UTC|GMT|Z|[+-]\d{4})?$/.exec(
      text,
    ) ?? [];
  const at = months.indexOf(month);
  if (at === -1) return undefined;
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2})(\d{2})$/.exec(zone) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60 : 60);
  const time = Date.UTC(Number(year), at, Number(day), Number(hour), Number(minute), Number(second));
  return time / 1000 - offset;
}
