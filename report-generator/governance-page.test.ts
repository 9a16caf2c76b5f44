import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawReport } from './draw.ts';
import { governanceFinding, governanceLede } from './governance-finding.ts';
import {
  agreements,
  ahead,
  changes,
  duties,
  governed,
  plan,
  readiness,
  tasks,
} from './tests/governance-facts.ts';
import { boxesOf, overlaps } from './pdf/word-boxes.ts';
import { planRows } from './plan-status.ts';
import { snapshotSchema, type Snapshot } from './snapshot.ts';
import { wordsOf } from './words/index.ts';

/* Page 4 and its annexes, drawn from months made by hand. */

const directory = mkdtempSync(join(tmpdir(), 'governance-'));
afterAll(() => rmSync(directory, { recursive: true }));

const long = 'Überprüfung der Berechtigungen aller Verwaltungskonten in sämtlichen Werken';
const whole = governed({ tasks, readiness, plan, changes, ahead, agreements, duties });
const everythingMissed = governed({
  tasks: {
    ...tasks,
    tasks: tasks.tasks.map((task) => ({
      ...task,
      occurrences: task.occurrences.map((one) => ({ ...one, outcome: 'missed', confirmed: null })),
    })),
  },
  readiness: {
    ...readiness,
    frameworks: readiness.frameworks.map((one) => ({
      ...one,
      before: null,
      requirements: one.requirements.map((requirement) => ({ ...requirement, verdict: 'not_assessed' })),
    })),
  },
  plan: { ...plan, baseline: null, rows: plan.rows.map((row) => ({ ...row, baseline: null })) },
  agreements,
});

const variants: Readonly<Record<string, Snapshot>> = {
  whole,
  spanish: { ...whole, customer: { ...whole.customer, language: 'es' } },
  'first month, nothing agreed': governed({
    changes: { changes: [], queries: [] },
    ahead: { windows: [], tasks: [], deadlines: [], queries: [] },
    agreements: { ...agreements, responsibilities: [], exceptions: [] },
  }),
  // Rules were evaluated, but no host of this customer was seen.
  'nothing known': { ...governed({}), indicators: [] },
  'everything missed': everythingMissed,
  'long names': {
    ...governed({
      tasks: {
        ...tasks,
        tasks: Array.from({ length: 14 }, (_, index) => ({
          ...(tasks.tasks[index % tasks.tasks.length] ?? {
            name: '',
            category: 'preventive',
            occurrences: [],
          }),
          title: `${long} ${index}`,
          owner: 'Abteilung für Informationssicherheit und Datenschutz',
        })),
      },
      readiness,
      plan,
      changes: {
        ...changes,
        changes: changes.changes.map((one) => ({
          ...one,
          instances: one.instances.map((name) => `${name}-averyveryverylonghostnamewithoutanybreak.internal`),
        })),
      },
      ahead: { ...ahead, windows: ahead.windows.map((one) => ({ ...one, name: long })) },
      agreements: {
        ...agreements,
        responsibilities: Array.from({ length: 12 }, (_, index) => ({
          what: `${long} ${index}`,
          who: 'shared',
          note: `${long}, und die Grenze liegt dort, wo sie niemand vermutet hätte.`,
        })),
      },
    }),
    provider: 'Gesellschaft für Betriebsführung und Instandhaltung mbH & Co. KG',
  },
};

describe.each(Object.entries(variants))('%s', (name, snapshot) => {
  let text = '';
  let boxes: ReturnType<typeof boxesOf> = [];
  beforeAll(async () => {
    const file = join(directory, `${name.replaceAll(/\W+/g, '-')}.pdf`);
    writeFileSync(file, (await drawReport(snapshotSchema.parse(snapshot))).pdf);
    const run = (...args: readonly string[]): string =>
      execFileSync('pdftotext', [...args, file, '-'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    // As it stands on the page, and as it is read.
    text = [run('-layout'), run()].join('\n').replaceAll(/[\s\u00a0]+/g, ' ');
    boxes = boxesOf(run('-bbox'));
  });

  test('keeps every word on its page and no two words on one place', () => {
    expect(
      boxes.filter(({ left, right, top, bottom }) => left < 40 || right > 556 || top < 30 || bottom > 830),
    ).toEqual([]);
    expect(overlaps(boxes)).toEqual([]);
  });

  test('says what it must', () => {
    expect((expected[name] ?? []).filter((said) => !text.includes(said))).toEqual([]);
    expect((unsaid[name] ?? []).filter((never) => text.includes(never))).toEqual([]);
  });
});

const expected: Readonly<Record<string, readonly string[]>> = {
  whole: [
    'Four of five 90-day targets reached',
    '10 of 13 planned tasks were confirmed on time; one late, one missed and one without',
    'Bring security updates on time from 94.0% to 95%. patching, 30 November.',
    'Do “Firmware of firewalls”, missed on 30 October, and confirm it. operations, 7 November.',
    'Debian GNU/Linux 11 to Debian GNU/Linux 12 on acme-app-2',
    'Limit of “Backups”: from 26 h to 24 h',
    'Sunday servers, 02:00 to 06:00, and four more',
    'Certificate of shop and one more ends',
    'Exception ends: Security updates, press-2',
    'The network is run by the landlord.',
    'evidence for an audit, not its result',
    'No longer watched: acme-old-1',
  ],
  spanish: [
    'Cuatro de los cinco objetivos a 90 días, alcanzados',
    'Los sistemas se vigilan y los registros se leen',
    'Previsto para noviembre',
    'Llevar parches de seguridad a tiempo de 94,0 % a 95 %.',
  ],
  'first month, nothing agreed': [
    'Nothing was planned, and no change was seen',
    'The policy plans no tasks of people',
    'No change was seen.',
    'No exception held in the month',
  ],
  'nothing known': [
    'What was done is not known',
    'Changes are not known: nothing was recorded.',
    'Not known: nothing could be judged at the end of the month. Restore monitoring first.',
  ],
  'everything missed': [
    '0/4',
    'Readiness could not be assessed at the end of the month.',
    '0 of 14 planned tasks were confirmed on time; 14 missed.',
    'Not assessed',
  ],
};

const unsaid: Readonly<Record<string, readonly string[]>> = {
  whole: ['undefined', 'NaN', 'is compliant', 'certified'],
  'first month, nothing agreed': ['Compliance readiness', '90-day plan', 'Annex H', 'Who does what'],
  'nothing known': ['No change was seen', 'Nothing was planned, and no change', 'is past a limit'],
  'everything missed': [' 0.0%', 'Infinity'],
};

test('the finding is the plan, else tasks, else readiness, else changes', () => {
  const words = wordsOf('en');
  const finding = (facts: Snapshot['facts']): string => governanceFinding(governed(facts), words);
  expect(finding({ tasks, readiness, changes })).toBe('10 of 13 planned tasks done on time');
  expect(finding({ readiness, changes })).toBe('44 of 64 requirements shown as met');
  expect(finding({ changes })).toBe('Seven changes on record');
  // None of which anything is known is not one of which none was done.
  const unconfirmed = {
    ...tasks,
    tasks: tasks.tasks.map((task) => ({
      ...task,
      occurrences: task.occurrences.map((one) => ({ ...one, outcome: 'unconfirmed' as const })),
    })),
  };
  expect(finding({ tasks: unconfirmed })).toBe('What was done is not known');
  expect(finding({ tasks: unconfirmed, changes: { changes: [], queries: [] } })).toBe(
    'What was done is not known',
  );
  expect(finding({ tasks: unconfirmed, changes })).toBe('Seven changes on record');
  // Half way, what is on track is as good as reached.
  const [first, , third] = plan.stages;
  const early = { ...plan, stages: [first, third + 1, third + 2_592_000] } satisfies typeof plan;
  expect(finding({ plan: early })).toBe('All five 90-day targets reached or on track');
});

test('a plan is held against the last stage that is over, with what is unknown counted against it', () => {
  const statuses = (facts: Snapshot['facts']): readonly string[] =>
    planRows(governed(facts)).map(({ status }) => status);
  expect(statuses({ plan })).toEqual(['behind', 'reached', 'reached', 'reached', 'reached']);
  const [first, , third] = plan.stages;
  const early = { ...plan, stages: [first, third + 1, third + 2] } satisfies typeof plan;
  expect(statuses({ plan: early })).toEqual(['on_track', 'reached', 'reached', 'reached', 'reached']);
  const begins = { ...plan, stages: [third + 1, third + 2, third + 3] } satisfies typeof plan;
  expect(statuses({ plan: begins })[0]).toBe('under_way');
  const later = plan.stages.map((stage) => stage + 200 * 86_400);
  expect(statuses({ plan: { ...plan, stages: [later[0] ?? 0, later[1] ?? 0, later[2] ?? 0] } })).toEqual([]);
  const blind = governed({ plan });
  const dim = blind.indicators.map((one) => ({ ...one, coverage: { objects: 0.5, time: 1 } }));
  expect(planRows({ ...blind, indicators: dim }).map(({ status }) => status)).toEqual(
    Array(plan.rows.length).fill('unknown'),
  );
  expect(planRows({ ...blind, indicators: [] })[0]).toMatchObject({
    status: 'none',
    now: null,
    progress: null,
  });
  const [row] = planRows(blind);
  expect(row?.progress).toBeCloseTo((0.94 - 0.735) / (0.95 - 0.735));
});

test('readiness is compared with the month before only where as much was in scope', () => {
  const words = wordsOf('en');
  const scope = readiness.frameworks.map(({ requirements }) => requirements.length - 1);
  const frameworks = readiness.frameworks.map((one, index) => ({
    ...one,
    before: { met: 10, inScope: scope[index] ?? 0 },
  }));
  const same = governed({ readiness: { ...readiness, frameworks } });
  expect(governanceLede(same, words)).toContain(
    '44 of 64 requirements in scope are shown as met (68.8%), 14 more than in September.',
  );
  expect(governanceLede(governed({ readiness }), words)).toContain('shown as met (68.8%).');
});
