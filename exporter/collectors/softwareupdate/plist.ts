import sax from 'sax';
import { z } from 'zod';
import { CollectorError, type Host } from '../../collector.ts';

/** What a property list can hold; dates are unix seconds within an object, so that they are no numbers; see plist(5). */
export type Plist =
  | string
  | number
  | boolean
  | PlistDate
  | readonly Plist[]
  | { readonly [key: string]: Plist };
export interface PlistDate {
  readonly seconds: number;
}

/** A date of a property list, in unix seconds. */
export const plistDate = z.object({ seconds: z.number() }).transform(({ seconds }) => seconds);

/** What is under way while the text is read. */
interface Open {
  readonly element: string;
  readonly children: Plist[];
  readonly keys: string[];
  text: string;
}

/**
 * A property list in its XML form.
 * @param about the file, for messages.
 * @throws CollectorError unexpected_output when it is cut off, damaged, binary or something else.
 */
export function parsePlist(text: string, about: string): Plist {
  const broken = (why: string, cause?: unknown) =>
    new CollectorError('unexpected_output', `${about} is no property list: ${why}`, { cause });
  const parser = sax.parser(true, { position: false });
  const stack: Open[] = [{ element: '', children: [], keys: [], text: '' }];
  const innermost = () => stack.at(-1) ?? { element: '', children: [], keys: [], text: '' };
  const addText = (piece: string) => {
    innermost().text += piece;
  };
  /* oxlint-disable unicorn/prefer-add-event-listener -- sax has no other way without Node.js streams */
  parser.onerror = (error) => {
    throw broken(error.message.replaceAll('\n', ', '), error);
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  /* oxlint-enable unicorn/prefer-add-event-listener */
  parser.onopentag = ({ name }) => {
    if (stack.length === 1 && name !== 'plist') throw broken(`it begins with <${name}>`);
    stack.push({ element: name, children: [], keys: [], text: '' });
  };
  parser.onclosetag = () => {
    const closed = stack.pop();
    if (closed === undefined) return;
    const parent = innermost();
    if (closed.element === 'key') {
      parent.keys.push(closed.text);
      return;
    }
    const value = valueOf(closed);
    if (value === undefined) throw broken(`its <${closed.element}> has no value`);
    parent.children.push(value);
  };
  parser.write(text.replace(/^\uFEFF/, '')).close();
  const [root, more] = innermost().children;
  if (root === undefined || more !== undefined) throw broken('it is empty');
  return root;
}

function valueOf({ element, text, children, keys }: Open): Plist | undefined {
  switch (element) {
    case 'dict':
      if (keys.length !== children.length) return undefined;
      return Object.fromEntries(keys.map((key, at) => [key, children[at] ?? '']));
    case 'array':
      return children;
    case 'plist':
      return children.length === 1 ? children[0] : undefined;
    case 'string':
    case 'data':
      return text;
    case 'integer':
    case 'real': {
      const number = Number(text);
      return text.trim() === '' || Number.isNaN(number) ? undefined : number;
    }
    case 'true':
      return true;
    case 'false':
      return false;
    case 'date': {
      const seconds = Date.parse(text.trim()) / 1000;
      return Number.isNaN(seconds) ? undefined : { seconds };
    }
    default:
      return undefined;
  }
}

/**
 * A property list from a file. macOS writes most of them in a binary form, which plutil(1) turns into XML.
 * @returns undefined when the file does not exist.
 * @throws CollectorError as Host.run, tool_failed, unexpected_output.
 */
export async function readPlist(host: Host, path: string): Promise<Plist | undefined> {
  const beginning = await host.head(path, 8);
  if (beginning === undefined) return undefined;
  if (!beginning.startsWith('bplist')) {
    const text = await host.read(path);
    return text === undefined ? undefined : parsePlist(text, path);
  }
  const { exitCode, stdout, stderr } = await host.run('plutil', ['-convert', 'xml1', '-o', '-', path]);
  if (exitCode !== 0)
    throw new CollectorError(
      'tool_failed',
      `plutil ended with ${exitCode} on ${path}: ${(stderr.trim() || stdout.trim()).slice(0, 200)}`,
    );
  return parsePlist(stdout, path);
}
