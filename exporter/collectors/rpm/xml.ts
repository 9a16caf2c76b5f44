import sax from 'sax';
import { CollectorError } from '../../collector.ts';

export interface XmlEvents {
  /** Its root element; anything else is refused. */
  readonly root: string;
  /** What is read, for messages. */
  readonly about: string;
  /** Elements whose text is kept for `close`; text within their own children is not part of it. */
  readonly texts: ReadonlySet<string>;
  /** @param path names of the elements around it and its own. */
  readonly open: (
    name: string,
    attributes: Readonly<Record<string, string | undefined>>,
    path: readonly string[],
  ) => void;
  /** @param text empty for an element whose text is not kept. */
  readonly close: (name: string, text: string, path: readonly string[]) => void;
}

/** Takes XML piece by piece. */
export interface XmlReader {
  /** @throws CollectorError unexpected_output when it is not well-formed or has another root. */
  readonly write: (text: string) => void;
  /** @throws CollectorError unexpected_output when it is cut off. */
  readonly end: () => void;
}

/** Reads XML element by element, so that even 60 MiB of it never stand in memory as a tree. Nothing external is resolved. */
export function xmlReader({ root, about, texts, open, close }: XmlEvents): XmlReader {
  const parser = sax.parser(true, { position: false });
  const path: string[] = [];
  let content: string | undefined;
  let roots = 0;
  const broken = (why: string, cause?: unknown) =>
    new CollectorError('unexpected_output', `${about} is damaged or something else: ${why}`, { cause });
  const addText = (text: string) => {
    if (content !== undefined) content += text;
  };
  /* oxlint-disable unicorn/prefer-add-event-listener -- sax has no other way without Node.js streams */
  parser.onerror = (error) => {
    throw broken(error.message.replaceAll('\n', ', '), error);
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  /* oxlint-enable unicorn/prefer-add-event-listener */
  parser.onopentag = ({ name, attributes }) => {
    if (path.length === 0 && name !== root) throw broken(`it begins with <${name}>, not <${root}>`);
    if (path.length === 0) roots += 1;
    if (roots > 1) throw broken('something follows where it should end');
    path.push(name);
    content = texts.has(name) ? '' : undefined;
    open(name, plain(attributes), path);
  };
  parser.onclosetag = (name) => {
    close(name, content?.trim() ?? '', path);
    content = undefined;
    path.pop();
  };
  return {
    write: (text) => void parser.write(text),
    end: () => {
      parser.close();
      // The parser takes no element at all for a document.
      if (roots === 0) throw broken('it is empty');
    },
  };
}

function plain(
  attributes: Readonly<Record<string, string | sax.QualifiedAttribute>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value.value,
    ]),
  );
}
