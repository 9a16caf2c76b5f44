const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text inside an element or in double quotes. What no browser may be given (control characters) is left out. */
export function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- those are meant
  return text
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '')
    .replaceAll(/[&<>"]/g, (one) => named[one] ?? '');
}

/** With its `**strong**` runs. */
export function marked(text: string): string {
  return text
    .split(/\*\*(.+?)\*\*/)
    .map((part, index) => (index % 2 === 1 ? `<strong>${escaped(part)}</strong>` : escaped(part)))
    .join('');
}
