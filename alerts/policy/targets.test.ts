import { describe, expect, test } from 'vitest';
import { type Edit, mistakesWith } from '../tests/edited-policy.ts';

const wrong: readonly (readonly [name: string, edit: Edit, said: readonly string[]])[] = [
  [
    'a customer with a typo',
    ['targets:\n  acme:', 'targets:\n  acne:'],
    ['[acne:] targets.acne: there is no customer acne. Did you mean acme?'],
  ],
  [
    'a baseline of nobody',
    ['baseline:\n  acme:', 'baseline:\n  acne:'],
    [
      '[acne: { from: 2026-09-01, to: 2026-09-30 }] baseline.acne: there is no customer acne. Did you mean acme?',
      '[acme:] targets.acme: there is no baseline to improve on. Add baseline.acme.',
    ],
  ],
  [
    'no baseline',
    ['baseline:\n  acme: { from: 2026-09-01, to: 2026-09-30 }\n', ''],
    ['[acme:] targets.acme: there is no baseline to improve on. Add baseline.acme.'],
  ],
  [
    'a baseline that ends before it begins',
    ['to: 2026-09-30', 'to: 2026-08-30'],
    ['[acme: { from: 2026-09-01, to: 2026-08-30 }] baseline.acme.to: is before from, 2026-09-01.'],
  ],
  [
    'a baseline of two days',
    ['to: 2026-09-30', 'to: 2026-09-02'],
    [
      '[acme: { from: 2026-09-01, to: 2026-09-02 }] baseline.acme.to: a baseline of 2 days tells nothing. Take a week or more.',
    ],
  ],
  [
    'a start within the baseline',
    ['start: 2026-10-01', 'start: 2026-09-15'],
    ['[start: 2026-09-15] targets.acme.start: is not after the baseline, which ends on 2026-09-30.'],
  ],
  [
    'a target that falls',
    ['day_60: { patch_security: 85%', 'day_60: { patch_security: 60%'],
    [
      '[day_60: { patch_security: 60%, backup: 95%, av_definitions: 95% }] targets.acme.day_60.patch_security: 60% is less than 70% of day_30. Targets rise or stay.',
    ],
  ],
  [
    'a target over that of the control',
    ['day_90: { patch_security: 95%', 'day_90: { patch_security: 99%'],
    [
      '[day_90: { patch_security: 99%, backup: 99%, av_definitions: 98% }] targets.acme.day_90.patch_security: 99% is more than the target of patch_security, 95%.',
    ],
  ],
  [
    'a target that is a ratio',
    ['day_30: { patch_security: 70%', 'day_30: { patch_security: 0.7'],
    [
      '[day_30: { patch_security: 0.7, backup: 90% }] targets.acme.day_30.patch_security: expected a share like 95%, got 0.7.',
    ],
  ],
  [
    'a control with a typo',
    ['day_30: { patch_security: 70%', 'day_30: { patch_securty: 70%'],
    [
      '[day_30: { patch_securty: 70%, backup: 90% }] targets.acme.day_30.patch_securty: unknown key. Did you mean patch_security?',
    ],
  ],
  [
    'a stage nobody knows',
    ['day_30: {', 'day_45: {'],
    ['[day_45: { patch_security: 70%, backup: 90% }] targets.acme.day_45: unknown key. Did you mean day_30?'],
  ],
  [
    'no start',
    ['    start: 2026-10-01\n', ''],
    ['[acme:] targets.acme.start: missing; expected a date like 2026-12-25.'],
  ],
  [
    'a start in words',
    ['start: 2026-10-01', 'start: October'],
    ['[start: October] targets.acme.start: expected a date like 2026-12-25, got "October".'],
  ],
];

describe('baseline and targets: what is wrong is told with its line, its path, the reason and what may have been meant', () => {
  test.each(wrong)('%s', (_, edit, said) => {
    expect(mistakesWith(edit)).toEqual(said);
  });
});
