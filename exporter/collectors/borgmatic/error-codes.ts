import { load } from 'js-yaml';
import { z } from 'zod';

const configSchema = z.object({
  borg_exit_codes: z
    .array(z.object({ code: z.number(), treat_as: z.string() }))
    .optional()
    .catch(undefined),
});

/**
 * Exit codes of borg that borgmatic treats as errors beside those borg calls so: `borg_exit_codes` in what
 * `borgmatic config validate --show` printed. Empty when that cannot be read.
 */
export function parseErrorCodes(stdout: string): readonly number[] {
  const [text = ''] = stdout.split(/^summary:/m);
  try {
    const codes = configSchema.safeParse(load(text)).data?.borg_exit_codes ?? [];
    return codes.filter(({ treat_as: as }) => as === 'error').map(({ code }) => code);
  } catch {
    return [];
  }
}
