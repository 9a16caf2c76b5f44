import { sample, type Sample } from '../../metrics.ts';
import { type Attribute, attributeCount } from './attributes.ts';
import { failureRates, type FailureRates } from './failure-rates.ts';
import type { Identity } from './identity.ts';

/**
 * One sample per attribute with known failure rates, for ATA hard disks only: the rates are those of hard disks, and an SSD
 * or a disk of unknown kind has none. An attribute without a readable value, or whose name does not confirm the id, has none.
 */
export function riskSamples(
  disk: string,
  { protocol, kind, model }: Identity,
  attributes: readonly Attribute[],
): readonly Sample[] {
  if (protocol !== 'ATA' || kind !== 'hdd') return [];
  return failureRates.flatMap((rates) => {
    const value = valueOf(rates, attributes, model);
    if (value === undefined) return [];
    const labels = { disk, attribute_id: String(rates.id) };
    return [sample('maintenance_disk_observed_annual_failure_ratio', labels, observedRatio(rates, value))];
  });
}

/**
 * Failures per disk and year among disks with this value, or with a better one if that failed more often: the running maximum
 * from the best bucket to the worst, so that a worse value never clears an alarm. Scrutiny takes the bucket alone, and there 17
 * reallocation events look safer than 16. A value between two buckets belongs to the worse one, a value beyond either end
 * to the bucket at that end; Scrutiny knows no rate for those.
 */
export function observedRatio({ of, buckets }: FailureRates, value: number): number {
  const found = buckets.findIndex(([worst]) => (of === 'raw' ? value <= worst : value >= worst));
  const reached = found === -1 ? buckets : buckets.slice(0, found + 1);
  return Math.max(...reached.map(([, ratio]) => ratio));
}

function valueOf(
  { id, of, meaning }: FailureRates,
  attributes: readonly Attribute[],
  model: string,
): number | undefined {
  if (of === 'raw')
    return id === commandTimeout
      ? commandTimeouts(attributes, meaning, model)
      : attributeCount(attributes, id, meaning);
  return attributes.find((attribute) => attribute.id === id && meaning.test(attribute.name))?.value;
}

const commandTimeout = 188;

/**
 * Seagate packs three counts of 16 bits into attribute 188: commands that timed out, those over 5 seconds and those over
 * 7.5 seconds. smartctl prints them apart only for the models its database knows so. The largest is the count.
 */
function commandTimeouts(
  attributes: readonly Attribute[],
  meaning: RegExp,
  model: string,
): number | undefined {
  const count = attributeCount(attributes, commandTimeout, meaning);
  const { rawText = '' } = attributes.find(({ id }) => id === commandTimeout) ?? {};
  const packed = /^\d+ \d+ \d+$/.test(rawText) || /^(?:seagate\b|st\d)/i.test(model);
  if (count === undefined || !packed) return count;
  const word = 2 ** 16;
  return Math.max(count % word, Math.floor(count / word) % word, Math.floor(count / word ** 2) % word);
}
