import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Policy } from '../alerts/policy.ts';
import { reasonOf, unreadable } from './file-error.ts';
import { narrate } from './narrative.ts';
import type { Snapshot } from './snapshot.ts';
import { wordsOf } from './words/index.ts';

/** A mail with a report. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Path of the PDF. */
  readonly file: string;
  /** Its name in the mail. */
  readonly fileName: string;
}

/** A mail server and how it is told who sends. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else it must offer STARTTLS, unless `plain`. */
  readonly secure: boolean;
  readonly plain: boolean;
  readonly login?: { readonly user: string; readonly pass: string };
}

/** The finding and what the month came to, as page 1 has them, in the customer's language; the report is attached. */
export function mailOf(snapshot: Snapshot, { from, to, file }: Pick<Mail, 'from' | 'to' | 'file'>): Mail {
  const { customer, month, provider } = snapshot;
  const words = wordsOf(customer.language);
  const { headline, past, ahead } = narrate(snapshot, words);
  const paragraphs = [headline, past, ahead, closing[customer.language], provider];
  return {
    from,
    to,
    subject: `${customer.name}: ${words.running(month)}`,
    text: `${paragraphs.map((one) => one.replaceAll('**', '')).join('\n\n')}\n`,
    file,
    fileName: `${customer.id}-${month}.pdf`,
  };
}

const closing: Readonly<Record<Snapshot['customer']['language'], string>> = {
  en: 'The report is attached. The figures it was made from are inside the PDF, as snapshot.json.',
  es: 'Adjuntamos el informe. Las cifras de las que sale van dentro del PDF, en snapshot.json.',
};

/** What a dry run shows. */
export function mailText({ from, to, subject, text, file, fileName }: Mail): string {
  const lines = [
    `From: ${from}`,
    `To: ${to.join(', ')}`,
    `Subject: ${subject}`,
    `Attached: ${fileName} (${file})`,
  ];
  return `${lines.join('\n')}\n\n${text}`;
}

/**
 * The server of an address like `smtps://user:password@mail.example.org`, or that of the policy, which Alertmanager uses.
 * @throws Error that says what to write. No message holds the password.
 */
export async function mailServer(address: string | undefined, policy: Policy): Promise<MailServer> {
  if (address !== undefined) return parseServer(address);
  if (policy.mail === undefined)
    throw new Error('there is no mail server. Add --smtp smtps://mail.example.org, or mail to the policy.');
  const { server, user, password_file: file, tls } = policy.mail;
  const [host = '', port = ''] = server.split(':');
  const login =
    user === undefined || file === undefined ? undefined : { user, pass: await readPassword(file) };
  return {
    host,
    port: Number(port),
    secure: Number(port) === 465,
    plain: !tls,
    ...(login === undefined ? {} : { login }),
  };
}

function parseServer(address: string): MailServer {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['smtp:', 'smtps:', 'smtp+plain:'].includes(url.protocol) || url.hostname === '')
    throw new Error(
      'the address of the mail server is none. Write smtps://user:password@mail.example.org, smtp:// with STARTTLS, or smtp+plain:// for a server nearby without TLS.',
    );
  const secure = url.protocol === 'smtps:';
  const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  return {
    host: url.hostname,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    plain: url.protocol === 'smtp+plain:',
    ...(user === '' ? {} : { login: { user, pass } }),
  };
}

async function readPassword(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw unreadable(error, path);
  }
}

/** Milliseconds a server may take for each step. */
const patience = 60_000;

/** @throws Error that says what the server did not like. */
export async function send(mail: Mail, { host, port, secure, plain, login }: MailServer): Promise<void> {
  const transport = createTransport({
    host,
    port,
    secure,
    requireTLS: !secure && !plain,
    ignoreTLS: plain,
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    ...(login === undefined ? {} : { auth: login }),
  });
  try {
    const { from, to, subject, text, file, fileName } = mail;
    const attachments = [{ filename: basename(fileName), path: file, contentType: 'application/pdf' }];
    const { rejected } = await transport.sendMail({ from, to: [...to], subject, text, attachments });
    if (rejected.length > 0) throw new Error(`it does not take mail for ${rejected.map(String).join(', ')}`);
  } catch (error) {
    throw new Error(`${host}:${port} did not take the mail (${whyOf(error)}). Send it again with --send.`, {
      cause: error,
    });
  } finally {
    transport.close();
  }
}

/** What the server said is more use than nodemailer's name for it. */
function whyOf(error: unknown): string {
  if (error instanceof Error && 'response' in error && typeof error.response === 'string')
    return error.response;
  return error instanceof Error ? error.message : reasonOf(error);
}
