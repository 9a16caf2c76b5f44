import { spawnSync } from 'node:child_process';

const jars = [
  'preflight',
  'pdfbox2',
  'fontbox2',
  'xmpbox',
  'commons-logging',
  'jaxb-api',
  'javax.activation',
];

/**
 * What Apache PDFBox Preflight has against a file as PDF/A-1b, by its codes: `7.11.2: Error on MetaData, part must be 1`.
 * Debian has no validator of later parts. What they allow and 1b does not is the caller's to leave out.
 */
export function preflight(file: string): readonly string[] {
  const classPath = jars.map((jar) => `/usr/share/java/${jar}.jar`).join(':');
  const { stdout, stderr, error } = spawnSync(
    'java',
    ['-cp', classPath, 'org.apache.pdfbox.preflight.Validator_A1b', file],
    { encoding: 'utf8' },
  );
  if (error !== undefined) throw new Error(`java cannot be run: ${error.message}`, { cause: error });
  if (!/PDF\/A-1b/.test(stdout)) throw new Error(`Preflight says nothing of ${file}:\n${stdout}${stderr}`);
  return [...stdout.matchAll(/^([\d.]+) : (.*)$/gm)].map(([, code, text]) => `${code}: ${text}`);
}
