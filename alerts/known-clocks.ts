/** The years whose changes of clocks are known, unix seconds. Fixed, so that the same policy makes the same files on any day. */
export const knownClocks = {
  from: Date.parse('2026-01-01T00:00Z') / 1000,
  to: Date.parse('2036-01-01T00:00Z') / 1000,
} as const;
