/** One version of a package that apt knows. */
export interface KnownVersion {
  readonly version: string;
  /** Descriptions of the lists it is in, as `http://deb.debian.org/debian bookworm/main amd64 Packages`. */
  readonly sources: readonly string[];
}

export interface PackagePolicy {
  /** Undefined when not installed. */
  readonly installed: string | undefined;
  /** Undefined when there is none. */
  readonly candidate: string | undefined;
  readonly versions: readonly KnownVersion[];
}

/** Parses what `apt-cache policy NAME...` prints in the C locale, by package name. Packages apt does not know are left out. */
export function parsePolicy(text: string): Map<string, PackagePolicy> {
  return new Map(
    text
      .split(/^(?=\S+:$)/m)
      .map((block) => [/^(\S+):$/m.exec(block)?.[1], block] as const)
      .flatMap(([name, block]) => (name === undefined ? [] : [[name, parsePackage(block)] as const])),
  );
}

function parsePackage(block: string): PackagePolicy {
  const versions: { version: string; sources: string[] }[] = [];
  for (const line of block.split(/\r?\n/)) {
    // A version stands in column 6, after five spaces or ` *** `; its sources stand further right, behind their priority.
    const version = /^(?: {5}| \*\*\* )(\S+)(?: |$)/.exec(line)?.[1];
    if (version !== undefined) versions.push({ version, sources: [] });
    const source = /^ {6,}-?\d+ (.+)$/.exec(line)?.[1];
    if (source !== undefined) versions.at(-1)?.sources.push(source);
  }
  return { installed: field(block, 'Installed'), candidate: field(block, 'Candidate'), versions };
}

function field(block: string, name: string): string | undefined {
  const value = new RegExp(String.raw`^ {2}${name}: (\S+)`, 'm').exec(block)?.[1];
  return value === '(none)' ? undefined : value;
}

/**
 * Whether an origin as apt-get prints it (`Debian-Security:12/oldstable-security`, `Ubuntu:24.04/noble-security`,
 * `UbuntuESMApps:24.04/noble-apps-security`) is a security pocket.
 */
export function isSecurityOrigin(origin: string): boolean {
  return /-security(?::|$)/i.test(origin);
}
