import { z } from 'zod';
import { CollectorError, type Host, type Problem, reasons } from '../../collector.ts';

/** Seconds from the first failure to the next question, doubled with every further failure up to the longest. */
const firstWait = 15 * 60;
const longestWait = 6 * 3600;

export const processSchema = z.object({
  id: z.number(),
  /** Start of the process in clock ticks since boot, so that another one with the same id is told apart. */
  started: z.string(),
});
/** A smartctl that was told to end. */
export type LeftBehind = z.infer<typeof processSchema>;

export const sickSchema = z.object({
  reason: z.enum(reasons),
  message: z.string(),
  failures: z.number(),
  /** Unix seconds of the last failure. */
  failed: z.number(),
  /** Unix seconds before which it is not asked again. */
  next: z.number(),
  /** What changes when the device's name goes to another disk. */
  attachment: z.string(),
  process: processSchema.exactOptional(),
});
/** A device that cost a question its time: its smartctl hung, or flooded. */
export type Sick = z.infer<typeof sickSchema>;

/** Failures worth a back-off. A device that says quickly why it cannot answer costs nothing and is asked every time. */
export function isCostly({ reason }: Problem): boolean {
  return reason === 'timeout' || reason === 'output_too_large';
}

/** @param leftBehind id of the process that asked and may hang on. */
export async function fallSick(
  host: Host,
  device: string,
  before: Sick | undefined,
  { reason, message }: Problem,
  leftBehind: number | undefined,
): Promise<Sick> {
  const failures = (before?.failures ?? 0) + 1;
  const failed = Math.floor(host.now());
  const process = leftBehind === undefined ? undefined : await identify(host, leftBehind);
  return {
    reason,
    message,
    failures,
    failed,
    next: failed + Math.min(firstWait * 2 ** (failures - 1), longestWait),
    attachment: await attachmentOf(host, device),
    ...(process === undefined ? {} : { process }),
  };
}

/** A device that is not sick but whose smartctl may still hang: it is asked as soon as that has ended. */
export async function watchProcess(
  host: Host,
  device: string,
  problem: Problem | undefined,
  leftBehind: number | undefined,
): Promise<Sick | undefined> {
  if (problem === undefined || leftBehind === undefined) return undefined;
  const sick = await fallSick(host, device, undefined, problem, leftBehind);
  return sick.process === undefined ? undefined : { ...sick, failures: 0, next: sick.failed };
}

/**
 * Why the device is not asked this time; undefined when it is. A back-off ends early when the machine was started anew
 * or the name went to another disk, and where the clock was set back.
 */
export async function whyNotAsked(host: Host, device: string, sick: Sick): Promise<string | undefined> {
  const now = host.now();
  const waiting = now < sick.next && now >= sick.failed - 60;
  if (waiting && (await attachmentOf(host, device)) === sick.attachment)
    return `${sick.message}; ${whenNext(sick)}`;
  if (sick.process === undefined || !(await isStillThere(host, sick.process))) return undefined;
  return `${sick.message}; that smartctl (process ${sick.process.id}) cannot be ended, so no second one is started: check the disk and its cable, then reboot`;
}

/** For the end of a message: when a sick disk is asked next. */
export function whenNext({ next, failures }: Sick): string {
  const times = failures === 1 ? '' : ` (${failures} times in a row)`;
  return `left alone${times} until ${new Date(next * 1000).toISOString().slice(0, 16)}Z: check the disk and its cable`;
}

/** Undefined where it has ended, and on systems without /proc. */
export async function identify(host: Host, id: number): Promise<LeftBehind | undefined> {
  const started = await startOf(host, id);
  return started === undefined ? undefined : { id, started };
}

export async function isStillThere(host: Host, { id, started }: LeftBehind): Promise<boolean> {
  return (await startOf(host, id)) === started;
}

/** Field 22 of /proc/PID/stat (proc(5)); the name before it may hold blanks and brackets. A zombie has ended. */
async function startOf(host: Host, id: number): Promise<string | undefined> {
  const text = (await readQuietly(host, `/proc/${id}/stat`)) ?? '';
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

/** The boot, and the number the kernel gives a block device each time one is attached (`diskseq`, Linux 5.15; none for RAID members). */
async function attachmentOf(host: Host, device: string): Promise<string> {
  const name = device.slice(device.lastIndexOf('/') + 1);
  const found = await Promise.all([
    readQuietly(host, '/proc/sys/kernel/random/boot_id'),
    readQuietly(host, `/sys/class/block/${name}/diskseq`),
    // An NVMe controller has no block device of its own name.
    readQuietly(host, `/sys/class/block/${name}n1/diskseq`),
  ]);
  return found.map((text) => text?.trim().slice(0, 64) ?? '').join(' ');
}

async function readQuietly(host: Host, path: string): Promise<string | undefined> {
  try {
    return await host.read(path);
  } catch (error) {
    if (error instanceof CollectorError) return undefined;
    throw error;
  }
}
