import { CollectorError } from '../../collector.ts';
import { xmlReader, type XmlEvents } from '../rpm/xml.ts';

/** Something zypper says beside its answer. */
export interface Message {
  /** `info`, `warning`, `error`, or whatever comes. */
  readonly type: string;
  readonly text: string;
}

/** What every answer of `zypper --xmlout` can have; see /usr/share/zypper/xml/xmlout.rnc. */
export interface Stream {
  readonly messages: readonly Message[];
  /** Of `<appletinfo>`: `no-update-repositories` where no repository has patches. */
  readonly applet: string | undefined;
}

type Handlers = Pick<XmlEvents, 'texts' | 'open' | 'close'>;

/**
 * Reads an answer of `zypper --xmlout`. Text between its elements is noise that plugins and rpm print (xmlout.rnc allows it).
 * @param command for messages.
 * @throws CollectorError unexpected_output when it is not XML, is cut off, or is something else.
 */
export function readStream(text: string, command: string, handlers?: Handlers): Stream {
  const messages: Message[] = [];
  let type = '';
  let applet: string | undefined;
  const reader = xmlReader({
    root: 'stream',
    about: `the answer of ${command}`,
    texts: new Set(['message', ...(handlers?.texts ?? [])]),
    open: (name, attributes, path) => {
      if (name === 'message') type = attributes['type'] ?? '';
      if (name === 'appletinfo') applet = attributes['status'];
      handlers?.open(name, attributes, path);
    },
    close: (name, content, path) => {
      if (name === 'message') messages.push({ type, text: content });
      handlers?.close(name, content, path);
    },
  });
  reader.write(text);
  reader.end();
  return { messages, applet };
}

/** As `readStream`, for an answer that must have this element: without it zypper has not answered. */
export function readAnswer(text: string, command: string, element: string, handlers: Handlers): Stream {
  let found = false;
  const stream = readStream(text, command, {
    ...handlers,
    open: (name, attributes, path) => {
      if (name === element) found = true;
      handlers.open(name, attributes, path);
    },
  });
  if (!found) throw new CollectorError('unexpected_output', `the answer of ${command} has no <${element}>`);
  return stream;
}
