import { CollectorError, type Host } from '../../collector.ts';
import { parseScriptOutput, runScript } from '../system/powershell.ts';
import { type Answer, parseAnswer } from './answer.ts';
import { windowsUpdateScript } from './script.ts';

const about = 'Windows Update';
/** Bytes of a file of the scheduled task; the longest history has some 600 kB. */
const largest = 32 * 1024 * 1024;

/**
 * What the script says: run now, or from the file a scheduled task wrote.
 * @throws CollectorError when there is no answer at all.
 */
export async function readAnswer(host: Host, online: boolean, file: string | undefined): Promise<Answer> {
  if (file === undefined) {
    const patience = Math.max(10, host.timeLimit - 5) * 1000;
    return parseAnswer(await runScript(host, windowsUpdateScript(online), about, patience));
  }
  const [text, stat] = [await readText(host, file), await host.stat(file)];
  if (text === undefined || stat === undefined)
    throw new CollectorError(
      'source_missing',
      `${file} does not exist; is the scheduled task there, did it run, and is collectors.windows_update.script_output right?`,
    );
  const answer = parseAnswer(parseScriptOutput(text, `${about} in ${file}`));
  // A copy of an old file is young, and a task can go on writing an old answer.
  return { ...answer, generated: Math.min(answer.generated, stat.modified) };
}

/** Text of a file. The `>` of Windows PowerShell writes UTF-16, of which every second byte of JSON is 0. */
async function readText(host: Host, file: string): Promise<string | undefined> {
  const text = await host.read(file);
  if (text === undefined || !text.slice(0, 200).includes('\0')) return text;
  const bytes = (await host.head(file, largest)) ?? '';
  const order = bytes.startsWith('\u00FE\u00FF') ? 'utf-16be' : 'utf-16le';
  return new TextDecoder(order).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}
