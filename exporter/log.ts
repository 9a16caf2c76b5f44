export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];
export const logFormats = ['logfmt', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured log: one line per event, a fixed message and named fields. */
export type Log = { readonly [L in LogLevel]: (message: string, fields?: Fields) => void };

/**
 * Makes a log that writes to stderr (stdout belongs to the exposition of `--once`).
 * @param write receives one line with its line feed.
 */
export function createLog(
  level: LogLevel,
  format: LogFormat,
  write: (line: string) => void = (line) => void process.stderr.write(line),
  now: () => Date = () => new Date(),
): Log {
  const from = logLevels.indexOf(level);
  const line =
    (at: LogLevel) =>
    (message: string, fields: Fields = {}) => {
      if (logLevels.indexOf(at) < from) return;
      const entry = { time: now().toISOString(), level: at, message, ...fields };
      write(`${format === 'json' ? JSON.stringify(entry) : logfmt(entry)}\n`);
    };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

function logfmt(entry: Fields): string {
  return Object.entries(entry)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${quote(String(value))}`)
    .join(' ');
}

function quote(text: string): string {
  return /^[\w.:/+@-]+$/.test(text) ? text : JSON.stringify(text);
}
