import { z } from 'zod';
import { policySchema } from './policy.ts';

/**
 * The policy as JSON Schema (draft 7, which every editor knows): keys, names that are allowed, and how values are written. What
 * depends on other parts of the file is checked by `maintenance-rules check` only.
 */
export function policyJsonSchema(): object {
  return {
    ...z.toJSONSchema(policySchema, { io: 'input', target: 'draft-7' }),
    title: 'Policy of Maintenance Posture',
  };
}
