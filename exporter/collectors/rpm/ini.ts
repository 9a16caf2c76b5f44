/** Sections of an ini file by name, each with its options; `#` and `;` begin a comment, an indented line continues a value. */
export function parseIni(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let option: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue;
    const name = /^\[(.+)\]\s*$/.exec(line)?.[1];
    const [, key, value] = /^([^\s=:[][^=:]*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      option = undefined;
    } else if (key !== undefined && value !== undefined) {
      option = key;
      section.set(key, value.trim());
    } else if (option !== undefined && /^\s/.test(line))
      section.set(option, `${section.get(option) ?? ''}\n${line.trim()}`);
  }
  return sections;
}

/** A boolean as dnf reads it: undefined for anything else. */
export function parseBoolean(text: string | undefined): boolean | undefined {
  if (/^(?:1|yes|true|on)$/i.test(text ?? '')) return true;
  return /^(?:0|no|false|off)$/i.test(text ?? '') ? false : undefined;
}
