import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawReport } from './draw.ts';
import { snapshotSchema } from './snapshot.ts';

/* The samples people look at before they install anything; `npm run samples` writes them. */

describe.each(['en', 'es'])('docs/samples/%s', (language) => {
  const folder = join('docs', 'samples', language);
  const pdf = join(folder, 'report.pdf');

  test('is what its snapshot is drawn as today', { timeout: 60_000 }, async () => {
    const snapshot = snapshotSchema.parse(JSON.parse(readFileSync(join(folder, 'snapshot.json'), 'utf8')));
    const drawn = await drawReport(snapshot);
    expect(drawn.pdf.equals(readFileSync(pdf))).toBe(true);
    expect(drawn.html).toBe(readFileSync(join(folder, 'report.html'), 'utf8'));
  });

  test('cuts no text off', () => {
    const text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' });
    expect(text.split('\n').filter((line) => line.includes('…'))).toEqual([]);
  });
});
