type Operator = '=' | '!=' | '=~' | '!~';

/** One condition on a label, as Alertmanager writes it: `instance=~"db-.+"`. */
export interface Matcher {
  readonly name: string;
  readonly operator: Operator;
  readonly value: string;
}

export type Labels = Readonly<Record<string, string>>;

/** Reads `name="value"`, also without quotes; undefined when it is none or its regular expression is wrong. */
export function parseMatcher(text: string): Matcher | undefined {
  const [, name, written, rest] = /^\s*([A-Za-z_]\w*)\s*(=~|!~|!=|=)\s*(.*?)\s*$/su.exec(text) ?? [];
  const operator = operators.find((each) => each === written);
  const value = rest === undefined ? undefined : unquoted(rest);
  if (name === undefined || operator === undefined || value === undefined) return undefined;
  const matcher = { name, operator, value };
  return isRegex(matcher) && wholeOf(value) === undefined ? undefined : matcher;
}

/** `instance=~"db-.+"` */
export function textOfMatcher({ name, operator, value }: Matcher): string {
  return `${name}${operator}${JSON.stringify(value)}`;
}

/** Whether all of them hold of the labels. A label that is not there counts as empty, as in Alertmanager. */
export function allMatch(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) => {
    const value = Object.hasOwn(labels, matcher.name) ? (labels[matcher.name] ?? '') : '';
    const matches = isRegex(matcher) ? wholeOf(matcher.value)?.test(value) === true : value === matcher.value;
    return matcher.operator.startsWith('!') ? !matches : matches;
  });
}

const operators = ['=', '!=', '=~', '!~'] as const;

function isRegex({ operator }: Pick<Matcher, 'operator'>): boolean {
  return operator.endsWith('~');
}

const compiled = new Map<string, RegExp | undefined>();

/** Alertmanager anchors every expression at both ends. Undefined where it cannot be read. */
function wholeOf(pattern: string): RegExp | undefined {
  if (!compiled.has(pattern)) compiled.set(pattern, tryCompile(pattern));
  return compiled.get(pattern);
}

function tryCompile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'su');
  } catch {
    return undefined;
  }
}

function unquoted(text: string): string | undefined {
  if (!text.startsWith('"')) return text.includes('"') ? undefined : text;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'string' ? parsed : undefined;
  } catch {
    return undefined;
  }
}
