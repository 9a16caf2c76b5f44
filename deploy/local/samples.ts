import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parsePolicy } from '../../alerts/policy.ts';
import { loadHistory } from './history.ts';
import { startServer } from './process.ts';
import { startHistory } from './stack.ts';

/*
 * Writes docs/samples: the report of October 2026 of a simulated customer in each language. The same code writes the same
 * bytes.
 */

const policyText = readFileSync('alerts/examples/three-customers.yaml', 'utf8');
const customer = 'acme';
const month = '2026-10';
/** After the month, and late enough for its last alerts to have settled. */
const end = '2026-11-02T06:00:00Z';
const samples = resolve('docs/samples');
const kept = ['report.pdf', 'report.html', 'snapshot.json'];

const directory = mkdtempSync(join(tmpdir(), 'maintenance-samples-'));
try {
  const history = await loadHistory(
    join(directory, 'data'),
    { end: new Date(end), policy: parsePolicy(policyText) },
    (line) => process.stdout.write(`${line}\n`),
  );
  const acknowledgements = join(directory, 'acknowledgements.yaml');
  writeFileSync(acknowledgements, history.acknowledgements);
  const server = await startHistory(directory, history.stepSeconds);
  try {
    for (const language of ['en', 'es']) await writeSample(language, server.url, acknowledgements);
  } finally {
    await server.stop();
  }
} finally {
  rmSync(directory, { recursive: true });
}

async function writeSample(language: string, prometheus: string, acknowledgements: string): Promise<void> {
  const policy = join(directory, `${language}.yaml`);
  writeFileSync(
    policy,
    policyText.replace(/(\n {2}acme:\n(?: {4}.*\n)*? {4}language: )\w+/, `$1${language}`),
  );
  const out = join(directory, language);
  const report = await startServer(
    'maintenance-report',
    [
      process.execPath,
      'report-generator/main.ts',
      '--policy',
      policy,
      '--customer',
      customer,
      '--month',
      month,
      '--at',
      end,
      '--prometheus',
      prometheus,
      '--acknowledgements',
      acknowledgements,
      '--notes',
      join(samples, 'notes', language),
      '--out',
      out,
    ],
    join(directory, `${language}.log`),
  );
  const how = await report.ended;
  // 2 is written with gaps, and the simulated months have some on purpose.
  if (how !== 'exit 0' && how !== 'exit 2')
    throw new Error(`the sample in ${language} failed (${how}):\n${readFileSync(report.logFile, 'utf8')}`);
  const target = join(samples, language);
  mkdirSync(target, { recursive: true });
  for (const name of kept) cpSync(join(out, customer, month, name), join(target, name));
  process.stdout.write(`${join(target, 'report.pdf')}\n`);
}
