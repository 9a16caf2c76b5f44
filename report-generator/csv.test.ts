import { expect, test } from 'vitest';
import { tablesOf } from './csv.ts';
import type { Snapshot } from './snapshot.ts';

const october = '2026-10';

function tablesWith(hosts: Snapshot['hosts'], facts: unknown = {}): Readonly<Record<string, string>> {
  const snapshot: Snapshot = {
    version: 1,
    provider: 'Faro Managed IT',
    customer: { id: 'acme', name: 'Acme', zone: 'UTC', language: 'en' },
    month: october,
    period: { start: 0, end: 1, offset: 0, zoneName: 'UTC' },
    prometheus: { version: '2.42.0' },
    policySha256: '0'.repeat(64),
    evaluation: [{ ruleGroup: 'maintenance-controls', interval: null, evaluations: 0, expected: 744 }],
    indicators: [
      {
        id: 'backup',
        unit: 'ratio',
        better: 'high',
        value: null,
        reason: 'no_evaluations',
        numerator: null,
        denominator: null,
        target: 0.99,
        verdict: 'none',
        coverage: { objects: null, time: 0 },
        atEnd: { compliant: -1, known: 0, expected: 3 },
        trend: [
          { month: '2026-09', value: 0.5, time: 1 },
          { month: october, value: null, time: 0 },
        ],
        queries: ['up'],
      },
    ],
    controls: [],
    hosts,
    facts: {},
  };
  const tables = tablesOf({ ...snapshot, ...Object.fromEntries([['facts', facts]]) });
  return Object.fromEntries(tables.map(({ name, content }) => [name, String(content).replace('\uFEFF', '')]));
}

test('what is unknown is an empty cell, and numbers are numbers', () => {
  const tables = tablesWith([]);
  expect(tables['csv/indicators.csv']).toBe(
    'id,unit,better,value,reason,numerator,denominator,target,verdict,coverage.objects,coverage.time,atEnd.compliant,atEnd.known,atEnd.expected\r\n' +
      'backup,ratio,high,,no_evaluations,,,0.99,none,,0,-1,0,3\r\n',
  );
  expect(tables['csv/trends.csv']).toBe(
    'id,month,value,time\r\nbackup,2026-09,0.5,1\r\nbackup,2026-10,,0\r\n',
  );
  expect(tables['csv/evaluation.csv']).toContain('maintenance-controls,,0,744');
});

test.each([
  ['=HYPERLINK("http://x";"y")', `"'=HYPERLINK(""http://x"";""y"")"`],
  ['+1', "'+1"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\tcell', "'\tcell"],
  ['\uFF1Dwide', "'\uFF1Dwide"],
  ['web-1', 'web-1'],
])('a host called %j is a text in any spreadsheet', (instance, written) => {
  const tables = tablesWith([{ instance, role: '', controls: { backup: 'met', reboot: null } }]);
  expect(tables['csv/hosts.csv']).toBe(
    `instance,role,controls.backup,controls.reboot\r\n${written},,met,\r\n`,
  );
});

test('each list of the facts is a table under its name, also one that is deeper', () => {
  const facts = {
    services: [
      { name: 'ERP', down: { minutes: 3 }, tags: ['a', 'b'] },
      { name: 'Shop', outages: [{ from: 1 }] },
    ],
    incidentFacts: { open_now: [{ id: 1 }], empty: [], texts: ['a'] },
  };
  const tables = tablesWith([], facts);
  expect(Object.keys(tables).slice(4)).toEqual(['csv/services.csv', 'csv/incident-facts-open-now.csv']);
  expect(tables['csv/services.csv']).toBe(
    'name,down.minutes,tags,outages\r\nERP,3,a; b,\r\nShop,,,"[{""from"":1}]"\r\n',
  );
});
