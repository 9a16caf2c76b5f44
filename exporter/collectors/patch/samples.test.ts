import { expect, test } from 'vitest';
import type { DatedOffer } from './offers.ts';
import { patchSamples, type Scope } from './samples.ts';

const offer = (name: string, more: Partial<DatedOffer> = {}): DatedOffer => ({
  name,
  version: '1',
  class: 'security',
  severity: 'unknown',
  since: 100,
  basis: 'first_seen',
  ...more,
});

/** `name{label values} value` without the common prefix. */
function lines(outstanding: readonly DatedOffer[], scope: Partial<Scope> = {}): readonly string[] {
  return patchSamples(
    { outstanding, inactive: [], problems: [] },
    { manager: 'm', classes: ['security', 'standard'], ...scope },
  ).map(({ name, labels, value }) => `${name.slice(12)}{${Object.values(labels).join(',')}} ${value}`);
}

test('nothing waits: an explicit 0 for everything the manager can tell, and no age', () => {
  expect(lines([], { severities: ['critical', 'unknown'] })).toEqual([
    'patches_pending{m,security,critical} 0',
    'patches_pending{m,security,unknown} 0',
    'patches_held{m,security} 0',
    'patches_pending{m,standard,unknown} 0',
    'patches_held{m,standard} 0',
  ]);
});

test('two advisories of one package: once per severity, each with its own age', () => {
  expect(
    lines(
      [
        offer('openssl', { version: '2', severity: 'low', since: 100, basis: 'released' }),
        offer('openssl', { version: '3', severity: 'critical', since: 900, basis: 'released' }),
        offer('openssl', { version: '4', severity: 'critical', since: 950, basis: 'released' }),
      ],
      { classes: ['security'] },
    ),
  ).toEqual([
    'patches_pending{m,security,unknown} 0',
    'patches_pending{m,security,low} 1',
    'patch_oldest_pending_timestamp_seconds{m,security,low,released} 100',
    'patches_pending{m,security,critical} 1',
    'patch_oldest_pending_timestamp_seconds{m,security,critical,released} 900',
    'patches_held{m,security} 0',
  ]);
});

test('a package with a security fix is no standard update as well', () => {
  expect(
    lines([
      offer('vim', { class: 'standard', since: 5 }),
      offer('vim', { version: '2' }),
      offer('nano', { class: 'standard' }),
    ]),
  ).toEqual([
    'patches_pending{m,security,unknown} 1',
    'patch_oldest_pending_timestamp_seconds{m,security,unknown,first_seen} 100',
    'patches_held{m,security} 0',
    'patches_pending{m,standard,unknown} 1',
    'patch_oldest_pending_timestamp_seconds{m,standard,unknown,first_seen} 100',
    'patches_held{m,standard} 0',
  ]);
});

test('one of unknown age may be the oldest: then there is no age', () => {
  expect(lines([offer('a'), offer('b', { since: undefined })], { classes: ['security'] })).toEqual([
    'patches_pending{m,security,unknown} 2',
    'patches_held{m,security} 0',
  ]);
});

test('the oldest of each basis, so that an estimate never hides a known date', () => {
  expect(
    lines([offer('a', { since: 50 }), offer('b', { since: 70, basis: 'released' })], {
      classes: ['security'],
    }),
  ).toEqual([
    'patches_pending{m,security,unknown} 2',
    'patch_oldest_pending_timestamp_seconds{m,security,unknown,released} 70',
    'patch_oldest_pending_timestamp_seconds{m,security,unknown,first_seen} 50',
    'patches_held{m,security} 0',
  ]);
});

test('what is held is not pending, and keeps its age', () => {
  expect(
    lines([offer('a'), offer('b', { since: 7 })], { classes: ['security'], held: new Set(['b']) }),
  ).toEqual([
    'patches_pending{m,security,unknown} 1',
    'patch_oldest_pending_timestamp_seconds{m,security,unknown,first_seen} 100',
    'patches_held{m,security} 1',
    'patch_oldest_held_timestamp_seconds{m,security,first_seen} 7',
  ]);
});

test('a manager that cannot tell security updates claims none', () => {
  expect(lines([offer('a', { class: 'standard' })], { classes: ['standard'] }).join()).not.toContain(
    'security',
  );
});
