import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshnessText, parseFreshness, writeFreshness } from './freshness.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maintenance-freshness-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const acme = { report: 'acme', writtenAt: 1_793_600_000.25, month: 1_790_805_600, gaps: 0 };
const birch = { report: 'birch', writtenAt: 1_793_600_001, month: 1_790_827_200, gaps: 3 };

test('promtool has nothing against it', () => {
  const text = freshnessText([birch, acme]);
  execFileSync('promtool', ['check', 'metrics'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] });
  expect(text).toMatch(
    /^maintenance_report_last_success_timestamp_seconds\{report="acme"\} 1793600000\.25$/m,
  );
  expect(text).toMatch(/^maintenance_report_gaps\{report="birch"\} 3$/m);
  expect(text.match(/^# TYPE/gm)).toHaveLength(3);
  expect(parseFreshness(text)).toEqual([acme, birch]);
});

test('who had no report this time keeps the last one; who left the policy is forgotten', async () => {
  const path = join(directory, 'report.prom');
  await writeFreshness(path, [acme, birch], ['acme', 'birch']);
  await writeFreshness(path, [{ ...acme, writtenAt: 1_796_300_000 }], ['acme', 'birch']);
  expect(parseFreshness(readFileSync(path, 'utf8'))).toEqual([{ ...acme, writtenAt: 1_796_300_000 }, birch]);
  await writeFreshness(path, [], ['acme']);
  expect(parseFreshness(readFileSync(path, 'utf8')).map(({ report }) => report)).toEqual(['acme']);
  expect(readdirSync(directory)).toEqual(['report.prom']);
});

test('half a file of before is not believed', async () => {
  const path = join(directory, 'report.prom');
  writeFileSync(path, freshnessText([acme]).slice(0, 300));
  await writeFreshness(path, [birch], ['acme', 'birch']);
  expect(parseFreshness(readFileSync(path, 'utf8'))).toEqual([birch]);
});

test('what cannot be written is named, and leaves no draft', async () => {
  mkdirSync(join(directory, 'report.prom'));
  await expect(writeFreshness(join(directory, 'report.prom'), [acme], ['acme'])).rejects.toThrow(
    `${join(directory, 'report.prom')} cannot be written`,
  );
  expect(readdirSync(directory)).toEqual(['report.prom']);
});
