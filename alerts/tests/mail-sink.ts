import { createServer, type Socket } from 'node:net';

/** A mail as it arrived. */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailSink {
  /** host:port */
  readonly address: string;
  readonly received: () => readonly Mail[];
  readonly close: () => void;
}

/** A mail server that takes everything and sends nothing on: the commands Alertmanager uses (RFC 5321), without TLS. */
export async function startMailSink(): Promise<MailSink> {
  const received: Mail[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    converse(socket, (to, data) => received.push(mailOf(to, data)));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  return {
    address: `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    received: () => received,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function converse(socket: Socket, take: (to: readonly string[], data: string) => void): void {
  let buffer = '';
  let to: string[] = [];
  let data: string[] | undefined;
  const say = (line: string): boolean => socket.write(`${line}\r\n`);
  say('220 sink');
  socket.on('data', (chunk) => {
    buffer += chunk.toString('utf8');
    const lines = buffer.split('\r\n');
    buffer = lines.pop() ?? '';
    for (const line of lines) {
      if (data !== undefined) {
        if (line === '.') {
          take(to, data.join('\r\n'));
          [to, data] = [[], undefined];
          say('250 taken');
        } else data.push(line.startsWith('.') ? line.slice(1) : line);
        continue;
      }
      const recipient = /^RCPT TO:<(.+)>/i.exec(line)?.[1];
      if (recipient !== undefined) to.push(recipient);
      if (/^DATA/i.test(line)) {
        data = [];
        say('354 go on');
      } else if (/^QUIT/i.test(line)) {
        say('221 bye');
        socket.end();
      } else say('250 fine');
    }
  });
}

function mailOf(to: readonly string[], data: string): Mail {
  const boundary = /boundary=(?:"([^"]+)"|([^\s;]+))/.exec(data);
  const parts = data.split(`--${boundary?.[1] ?? boundary?.[2] ?? ''}`);
  const subject = /^Subject: (.*)$/m.exec(data)?.[1]?.trim() ?? '';
  return {
    to,
    subject: wordsDecoded(subject),
    text: bodyOf(parts, 'text/plain'),
    html: bodyOf(parts, 'text/html'),
  };
}

function bodyOf(parts: readonly string[], type: string): string {
  const part = parts.find((one) => one.includes(`Content-Type: ${type}`)) ?? '';
  return quotedDecoded(part.slice(part.indexOf('\r\n\r\n') + 4)).replaceAll('\r\n', '\n');
}

/** Quoted-printable (RFC 2045). */
function quotedDecoded(text: string): string {
  const joined = text.replaceAll('=\r\n', '');
  return Buffer.from(
    joined.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
}

/** Encoded words of a header (RFC 2047), quoted-printable only. */
function wordsDecoded(text: string): string {
  return text.replaceAll(/=\?utf-8\?q\?([^?]*)\?=/gi, (_, word: string) =>
    quotedDecoded(word.replaceAll('_', ' ')),
  );
}
