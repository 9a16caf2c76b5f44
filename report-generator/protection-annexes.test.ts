import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { drawReport } from './draw.ts';
import {
  backupJob,
  backupsOf,
  disk,
  disksOf,
  end,
  hostUpdates,
  monthWith,
  silentUpdates,
} from './tests/protection-facts.ts';
import type { Snapshot } from './snapshot.ts';

const directory = mkdtempSync(join(tmpdir(), 'protection-annexes-'));
afterAll(() => rmSync(directory, { recursive: true }));

const day = 86_400;

/** The text of one annex, in the order it was drawn. */
async function annexOf(letter: string, facts: Snapshot['facts']): Promise<string> {
  const file = join(directory, 'report.pdf');
  writeFileSync(file, (await drawReport(monthWith(facts))).pdf);
  const text = execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' });
  const pages = text
    .split('\f')
    .filter((page) => page.split('\n').some((line) => line.endsWith(`Annex ${letter}`)));
  return pages.join(' ').replaceAll(/[ \u00a0\n]+/g, ' ');
}

test('annex A tells what waits on a host, since when, and why nothing is known of another', async () => {
  const text = await annexOf('A', {
    updates: {
      hosts: [
        hostUpdates('erp-1', 2, {
          supported: 'missed',
          supportEnd: end - 10 * day,
          reboot: { verdict: 'missed', age: 6 * day },
          deployment: { at: end - 40 * day, outcome: 'pending_reboot' },
        }),
        silentUpdates('pc-9'),
      ],
    },
  });
  expect(text).toMatch(
    /erp-1 Debian GNU\/Linux 12 \(bookworm\) ended 2026-10-22 4 · 5 d 12 · 9 d 6 d 2026-09-22 waits for restart/,
  );
  expect(text).toMatch(/pc-9 did not report – unknown unknown unknown unknown – –/);
});

test('annex B tells runs, checks and the proof of each job, and the restores of the month', async () => {
  const text = await annexOf('B', {
    backups: backupsOf(
      [
        backupJob('a', 200, {
          runs: { succeeded: 28, missed: 2, unknown: 1 },
          structure: { at: end - day, success: false },
        }),
        backupJob('b', null, { critical: true, lastSuccess: null, backup: 'missed' }),
        backupJob('c', null, {}, { tested: end - day, success: false }),
        backupJob('d', 12),
        backupJob(
          'e',
          null,
          { runs: null, gap: 'silent', backup: 'unknown', job: '', tool: '' },
          { verdict: 'unknown' },
        ),
      ],
      [
        {
          instance: 'd',
          job: 'nightly',
          tool: 'restic',
          at: end - 12 * day,
          success: true,
          duration: 840,
          bytes: 53_000_000_000,
        },
        {
          instance: 'c',
          job: 'nightly',
          tool: 'restic',
          at: end - day,
          success: false,
          duration: null,
          bytes: null,
        },
      ],
    ),
  });
  for (const row of [
    /a nightly restic – 28 \/ 31 10-31 01:46 10-31 10-26 2026-04-15 16 days late/,
    /b nightly restic critical 31 \/ 31 – .* – never verified/,
    /c nightly restic .* – test failed/,
    /d nightly restic .* 2026-10-20 172 days left/,
    /e did not report none shown – – – unknown .* – unknown/,
    /2026-10-20 00:00 d nightly restic 53\.0 14 min as backed up/,
    /2026-10-31 00:00 c nightly restic – – differs/,
  ])
    expect(text).toMatch(row);
});

test('annex C tells what a disk says of itself, what the month added, and what is gone', async () => {
  const text = await annexOf('C', {
    disks: disksOf(
      [
        disk('erp-1', { health: 'missed', passed: false, wear: 0.92, pending: { count: 24, grown: 8 } }),
        disk('nas-1', { health: 'missed', present: false }),
        disk('pc-9', {
          health: 'unknown',
          capacity: null,
          temperature: null,
          reallocated: null,
          pending: null,
          selfTest: { verdict: 'unknown', at: null, success: null },
          gap: 'silent',
        }),
      ],
      {
        retired: [{ instance: 'db-2', disk: '0x5000', model: 'SAMSUNG', serial: 'S64' }],
        volumes: [
          {
            instance: 'file-1',
            role: 'server',
            volume: 'md:md0',
            level: 'raid1',
            health: 'missed',
            members: 2,
            degraded: 1,
            scrubbed: end - 20 * day,
            gap: null,
          },
        ],
      },
    ),
  });
  for (const row of [
    /erp-1 HGST HUS726T4TALE6L4 V1AB12CD 4\.0 TB not in order 92% 34 0 24 \+8 2026-10-29 says it is failing, 8 more errors this month/,
    /nas-1 .* was there and is gone/,
    /pc-9 did not report .* – unknown – – – – unknown/,
    /file-1 md:md0 raid1 not in order 1 of 2 2026-10-12/,
    /db-2 SAMSUNG S64/,
  ])
    expect(text).toMatch(row);
});

test('annex D tells which agent runs with which definitions', async () => {
  const product = {
    role: 'server',
    product: 'clamav',
    version: '1.4.3',
    definitions: '27712',
    limit: 5 * day,
    gap: null,
  } as const;
  const text = await annexOf('D', {
    antivirus: {
      products: [
        {
          ...product,
          instance: 'a',
          running: 'missed',
          current: 'missed',
          age: 9 * day,
          built: end - 9 * day,
        },
        {
          ...product,
          instance: 'b',
          product: '',
          version: '',
          definitions: '',
          running: 'unknown',
          current: 'unknown',
          age: null,
          built: null,
          gap: 'untold',
        },
      ],
    },
  });
  expect(text).toMatch(/a clamav 1\.4\.3 27712 does not answer 9 d 5 d/);
  expect(text).toMatch(/b reported, could not tell none shown – – unknown unknown 5 d/);
});
