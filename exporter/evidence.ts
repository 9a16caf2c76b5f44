import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { CollectorError } from './collector.ts';
import { errorCode } from './error-code.ts';
import { locked } from './lock.ts';

const evidenceSchema = z.object({
  /** What kind of thing happened. */
  kind: z.enum([
    'patch_deployment',
    'vulnerability',
    'backup_run',
    'backup_check',
    'restore_test',
    'disk_retired',
    'disk_returned',
    'task_confirmed',
  ]),
  /** The same for the same event, so that it is recorded once. */
  id: z.string(),
  /** When it happened: ISO 8601, UTC. */
  at: z.string(),
  outcome: z.string(),
  /** Who did it, where that is known. */
  actor: z.string().exactOptional(),
  /** Package manager, scanner or tool that tells it. */
  tool: z.string(),
  /** The file or command it was read from. */
  source: z.string(),
  /** What exactly: packages with versions from and to, a CVE with its package, a command line. */
  details: z.record(z.string(), z.unknown()),
});

/** Something that happened on this host, as it will be shown to an auditor. */
export type Evidence = z.infer<typeof evidenceSchema>;

const recordSchema = evidenceSchema.extend({
  /** When the exporter wrote it down: ISO 8601, UTC. */
  recorded_at: z.string(),
  device: z.string(),
  /** Hash of the record before; empty in the first one. */
  previous: z.string(),
  /** SHA-256 of this line without this field. */
  hash: z.string(),
});

/** A line of the evidence file. */
export type EvidenceRecord = z.infer<typeof recordSchema>;

const fileName = /^evidence-\d{4}-\d{2}\.jsonl$/;

/**
 * Adds records at the end of this month's file, `evidence-YYYY-MM.jsonl` in the state directory. Each carries the hash of
 * the one before, so that a record that was changed or taken out is noticed.
 * @throws CollectorError permission_denied or state_unwritable.
 */
export async function appendEvidence(
  directory: string,
  events: readonly Evidence[],
  now: number,
): Promise<void> {
  if (events.length === 0) return;
  try {
    await mkdir(directory, { recursive: true, mode: 0o750 });
    await locked(join(directory, 'evidence.lock'), async () => {
      const recorded = new Date(now * 1000).toISOString();
      let previous = await lastHash(directory);
      const lines = events.map((event) => {
        const record = { ...event, recorded_at: recorded, device: hostname(), previous };
        previous = hashOf(record);
        return `${JSON.stringify({ ...record, hash: previous })}\n`;
      });
      await append(join(directory, `evidence-${recorded.slice(0, 7)}.jsonl`), lines.join(''));
    });
  } catch (error) {
    if (error instanceof CollectorError) throw error;
    throw new CollectorError(
      errorCode(error) === 'EACCES' ? 'permission_denied' : 'state_unwritable',
      `could not add to the evidence in ${directory}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** What is recorded, oldest first, and what is wrong with it, one sentence each. */
export async function readEvidence(
  directory: string,
): Promise<{ readonly records: readonly EvidenceRecord[]; readonly damage: readonly string[] }> {
  const records: EvidenceRecord[] = [];
  const damage: string[] = [];
  let previous: string | undefined;
  for (const file of await evidenceFiles(directory)) {
    // oxlint-disable-next-line no-await-in-loop -- in order, and one month in memory at a time is enough
    const text = await readFile(join(directory, file), 'utf8');
    for (const [index, line] of text.split('\n').entries()) {
      if (line === '') continue;
      const place = `${file}, line ${index + 1}`;
      const record = parseRecord(line);
      if (record === undefined) {
        damage.push(`${place}: not a record; it was cut off or damaged`);
        continue;
      }
      if (record.hash !== hashOf(record)) damage.push(`${place}: changed after it was written`);
      if (previous !== undefined && record.previous !== previous)
        damage.push(`${place}: the record before it is not the one it was written after`);
      previous = record.hash;
      records.push(record);
    }
  }
  return { records, damage };
}

function parseRecord(line: string): EvidenceRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function hashOf(record: Omit<EvidenceRecord, 'hash'>): string {
  const { kind, id, at, outcome, actor, tool, source, details, recorded_at, device, previous } = record;
  const fields = [kind, id, at, outcome, actor ?? '', tool, source, details, recorded_at, device, previous];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

async function evidenceFiles(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((name) => fileName.test(name)).toSorted();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The hash the next record continues from: that of the last whole line. */
async function lastHash(directory: string): Promise<string> {
  for (const file of (await evidenceFiles(directory)).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- nearly always the first one has it
    const lines = (await readFile(join(directory, file), 'utf8')).split('\n');
    const last = lines.toReversed().flatMap((line) => parseRecord(line)?.hash ?? [])[0];
    if (last !== undefined) return last;
  }
  return '';
}

/** A line that a power cut left unfinished is ended first, so that it does not take the next one with it. */
async function append(path: string, text: string): Promise<void> {
  const file = await open(path, 'a+', 0o640);
  const { size } = await file.stat();
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const unfinished = size > 0 && buffer[0] !== 10;
    await file.appendFile(unfinished ? `\n${text}` : text);
    await file.sync();
  } catch (error) {
    // All or nothing: the events are tried again at the next run.
    await file.truncate(size);
    throw error;
  } finally {
    await file.close();
  }
}
