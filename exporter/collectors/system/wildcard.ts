/**
 * Whether a name fits a pattern as a shell understands it: `*`, `?` and `[...]`. A name that begins with a dot only fits a pattern
 * that does.
 */
export function nameTest(pattern: string): (name: string) => boolean {
  const source = pattern.replaceAll(/\*+|\?|\[[!^]?\]?[^\]]*\]|[.+^${}()|[\]\\]/g, (token) => {
    if (token.startsWith('*')) return '.*';
    if (token === '?') return '.';
    if (token.startsWith('[') && token.length > 1)
      return `[${token.startsWith('[!') || token.startsWith('[^') ? '^' : ''}${token
        .slice(/^\[[!^]/.test(token) ? 2 : 1, -1)
        .replaceAll(/[\\[\]^]/g, String.raw`\$&`)}]`;
    return `\\${token}`;
  });
  const expression = new RegExp(`^${source}$`, 'su');
  return (name) => expression.test(name) && (pattern.startsWith('.') || !name.startsWith('.'));
}
