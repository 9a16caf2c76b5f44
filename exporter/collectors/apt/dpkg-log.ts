/** A package that dpkg brought to an end, at a local time without a zone: `2026-11-21 17:57:45`. */
export interface DpkgEvent {
  readonly at: string;
  readonly name: string;
  readonly architecture: string;
  /** Undefined when it was removed. */
  readonly version: string | undefined;
}

export interface DpkgLog {
  /** Local time of the first line; undefined when there is none. */
  readonly first: string | undefined;
  readonly events: readonly DpkgEvent[];
  /** Local times at which dpkg did anything at all. */
  readonly active: readonly string[];
}

const line =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:startup (\S+)|status (installed|config-files|not-installed) ([^\s:]+)(?::(\S+))? (\S+))/gm;

/** Parses dpkg.log, or several one after another, oldest first; see dpkg(1), --log. It is never translated. */
export function parseDpkgLog(text: string): DpkgLog {
  const events: DpkgEvent[] = [];
  const active = new Set<string>();
  for (const [, at = '', startup, status, name = '', architecture = '', version] of text.matchAll(line)) {
    active.add(at);
    if (startup === undefined)
      events.push({ at, name, architecture, version: status === 'installed' ? version : undefined });
  }
  return {
    first: /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) /m.exec(text)?.[1],
    events,
    active: [...active],
  };
}
