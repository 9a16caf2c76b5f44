import { z } from 'zod';
import type { Host } from '../../collector.ts';
import { candidateSchema } from './candidates.ts';
import {
  fingerprintSchema,
  isSettled,
  sameFingerprint,
  takeFingerprint,
  type Fingerprint,
  type Watched,
} from './fingerprint.ts';
import { listFactsSchema } from './lists.ts';
import { broughtFixSchema } from './offers.ts';

/** What a run found out and the next one need not, while nothing of it changed on disk. What depends on the time is not here. */
const answerSchema = z.object({
  lists: listFactsSchema,
  /** Undefined where the lists could not be used. */
  candidates: z.array(candidateSchema).optional(),
  fixes: z.array(broughtFixSchema),
  /** Whether advisories were read, all of them. */
  advised: z.boolean(),
  /** Undefined where it cannot be told. */
  automated: z.boolean().optional(),
  /** Where the stamps of automatic runs are; left out where nothing runs by itself on this configuration. */
  periodic: z.string().optional(),
  history: z.string(),
  /** Whether apt keeps a log. */
  logged: z.boolean(),
  /** Packages that are neither installed nor removed. */
  unfinished: z.array(z.string()),
  /** Packages that asked for a reboot. */
  rebootNames: z.array(z.string()),
});
export type Answer = z.infer<typeof answerSchema>;

const documentSchema = z.object({
  format: z.literal(1),
  /** The settings it was found with. */
  settings: z.string(),
  /** Unix seconds. */
  at: z.number(),
  watched: z.object({ files: z.array(z.string()), directories: z.array(z.string()) }),
  fingerprint: fingerprintSchema,
  answer: answerSchema,
});

const name = 'apt-answer';
/** Once a day everything is looked at anew, whatever the disk says; seconds. */
const shelfLife = 86_400;

/** The last answer, while it still holds. Starts no process. */
export async function rememberedAnswer(host: Host, settings: string): Promise<Answer | undefined> {
  const remembered = await host.state.read(name).catch(() => undefined);
  const parsed = documentSchema.safeParse(remembered?.document);
  if (!parsed.success || parsed.data.settings !== settings) return undefined;
  const age = host.now() - parsed.data.at;
  if (age < 0 || age > shelfLife) return undefined;
  const fingerprint = await takeFingerprint(host, parsed.data.watched).catch(() => undefined);
  if (fingerprint === undefined || !sameFingerprint(fingerprint, parsed.data.fingerprint)) return undefined;
  return parsed.data.answer;
}

/**
 * Keeps an answer if nothing it was made of changed while it was found or just before.
 * @param before taken before anything was read; undefined where it could not be.
 */
export async function rememberAnswer(
  host: Host,
  settings: string,
  watched: Watched,
  before: Fingerprint | undefined,
  answer: Answer,
): Promise<void> {
  const now = host.now();
  const after = await takeFingerprint(host, watched).catch(() => undefined);
  if (before === undefined || after === undefined) return;
  if (!sameFingerprint(before, after) || !isSettled(after, now)) return;
  const document = { format: 1, settings, at: now, watched, fingerprint: after, answer };
  // Whoever cannot write says so where it matters: with the ages of the updates.
  await host.state.write(name, document).catch(() => undefined);
}
