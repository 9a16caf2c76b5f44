import type { Snapshot } from '../snapshot.ts';

/** October 2026 of a customer of whom nothing is known: what tests do not say is missing. */
export const october: Snapshot = {
  version: 1,
  provider: 'Faro Managed IT',
  customer: { id: 'acme', name: 'Acme Manufacturing', zone: 'Europe/Madrid', language: 'en' },
  month: '2026-10',
  period: { start: 1_790_805_600, end: 1_793_487_600, offset: 60, zoneName: 'CET' },
  prometheus: { version: '2.42.0' },
  policySha256: 'a'.repeat(64),
  evaluation: [],
  indicators: [],
  controls: [],
  hosts: [],
  facts: {},
};
