import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { controlNames, controls } from './controls.ts';
import { withFrameworks } from './framework-table.ts';
import { frameworks } from './frameworks.ts';
import { evidenceName, evidenceOf } from './frameworks/framework.ts';
import { personTasks, plannedControls } from './frameworks/planned.ts';

const all = frameworks.flatMap(({ requirements }) => requirements.flatMap(evidenceOf));

test.each(frameworks.map(({ name, requirements, total }) => [name, requirements.length, total] as const))(
  '%s: %i requirements of %i',
  (name, inScope, total) => {
    const counts: Readonly<Record<string, readonly [number, number]>> = {
      iso27001: [29, 93],
      nis2: [21, 49],
      cyber_essentials: [17, 35],
    };
    expect([inScope, total]).toEqual(counts[name]);
  },
);

describe.each(frameworks)('$name', ({ requirements, shares }) => {
  test('no requirement is there twice, and none rests on the same twice', () => {
    const ids = requirements.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const requirement of requirements) {
      const names = evidenceOf(requirement).map(evidenceName);
      expect(names).toEqual([...new Set(names)]);
    }
  });

  test('each says in a short sentence of ours what it is about', () => {
    for (const { about } of requirements) expect(about).toMatch(/^[A-Z][^.]{10,80}$/);
  });

  test('partly is no more than met', () => {
    expect(shares.partly).toBeLessThanOrEqual(shares.met);
    expect(shares.met).toBeLessThanOrEqual(1);
  });
});

test('Cyber Essentials is all or nothing, without exceptions; its update statement fails alone', () => {
  const found = frameworks.find(({ name }) => name === 'cyber_essentials');
  expect(found).toMatchObject({
    honoursExceptions: false,
    shares: { met: 1, partly: 1, known: 1, fixed: true },
  });
  const alone = found?.requirements.filter(({ failsAlone }) => failsAlone) ?? [];
  expect(alone.map(({ id }) => id)).toEqual(['SUM-4']);
  expect(alone[0]?.essential[0]).toEqual({ control: 'patch_security', maxAge: '14d' });
});

test('every piece of evidence is a control, or is planned in one place', () => {
  const planned = [...Object.keys(plannedControls), ...Object.keys(personTasks)];
  const known = new Set<string>([...controlNames, ...planned]);
  expect(all.map(({ control }) => control).filter((control) => !known.has(control))).toEqual([]);
  const used = new Set<string>(all.map(({ control }) => control));
  expect(planned.filter((name) => !used.has(name))).toEqual([]);
});

test('only what is judged by age has an age of the framework', () => {
  const states: readonly string[] = controls.flatMap(({ name, judges }) =>
    judges === 'state' ? [name] : [],
  );
  expect(all.filter(({ control, maxAge }) => maxAge !== undefined && states.includes(control))).toEqual([]);
});

test('different evidence has different names', () => {
  const byName = new Map(all.map((one) => [evidenceName(one), one]));
  for (const one of all) expect(byName.get(evidenceName(one))).toEqual(one);
});

test('no word says more than evidence can', () => {
  const texts = [
    ...frameworks.flatMap(({ requirements }) => requirements.map(({ about }) => about)),
    ...Object.values(plannedControls),
    ...Object.values(personTasks),
  ];
  expect(
    texts.filter((text) => /complian|certified|certification|conform|audit|guarantee/i.test(text)),
  ).toEqual([]);
});

test('the page about readiness has the tables as the catalogues have them; `npm run generate` writes them', () => {
  const page = readFileSync('docs/compliance.md', 'utf8');
  expect(withFrameworks(page, frameworks)).toBe(page);
  expect(page).toContain(
    '| patch_security within 14d, patch_metadata, reboot, patch_firmware within 14d of network devices |',
  );
  expect(() => withFrameworks('# Readiness', frameworks)).toThrow('<!-- frameworks -->');
});
