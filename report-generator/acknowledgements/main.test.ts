import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'acknowledgements-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'taken.yaml');
const nobody = 'http://127.0.0.1:1';

function run(program: string, ...args: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  return { status, stderr };
}

test('without an Alertmanager nothing is collected, and the exit code says so', () => {
  expect(
    run('report-generator/acknowledgements/main.ts', 'collect', '--alertmanager', nobody, '--file', file),
  ).toEqual({
    status: 3,
    stderr: `Not collected: Alertmanager at ${nobody} cannot be reached. Check the address and that it runs.\n`,
  });
});

test('help tells how often to run it', () => {
  const help = execFileSync(
    process.execPath,
    ['report-generator/acknowledgements/main.ts', 'collect', '--help'],
    {
      encoding: 'utf8',
    },
  );
  expect(help).toContain('120 hours after its end');
});

test('a report is not made from a file of acknowledgements that is wrong', () => {
  writeFileSync(file, '- at: 2026-10-14T09:20:00Z\n  who: Ada\n  matchers: [instance="db-1"]\n');
  const { status, stderr } = run(
    'report-generator/main.ts',
    '--customer',
    'acme',
    '--acknowledgements',
    file,
  );
  expect(status).toBe(3);
  expect(stderr).toContain(`${file} is no list of acknowledgements:\n- line 1, [0].by: missing`);
  expect(stderr).toContain('- line 2, [0].who: unknown key. Allowed: at, by, matchers, source, comment.');
});
