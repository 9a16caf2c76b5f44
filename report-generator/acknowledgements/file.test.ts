import { expect, test } from 'vitest';
import type { Acknowledgement } from './acknowledgement.ts';
import { acknowledgementsText, parseAcknowledgements } from './file.ts';

const written = `# Taken by telephone
- at: 2026-10-14T09:20:00+02:00
  by: Ada Gil
  matchers: [alertname="MaintenanceBackupOverdue", object=~"nightly|weekly"]
- at: "2026-10-14T08:00:30.250Z"
  by: Bruno Rey
  source: pager
  comment: by the way
  matchers:
    - 'instance="db-1"'
`;
const read: readonly Acknowledgement[] = [
  {
    at: Date.UTC(2026, 9, 14, 7, 20) / 1000,
    by: 'Ada Gil',
    source: 'file',
    matchers: [
      { name: 'alertname', operator: '=', value: 'MaintenanceBackupOverdue' },
      { name: 'object', operator: '=~', value: 'nightly|weekly' },
    ],
  },
  {
    at: Date.UTC(2026, 9, 14, 8, 0, 30, 250) / 1000,
    by: 'Bruno Rey',
    source: 'pager',
    matchers: [{ name: 'instance', operator: '=', value: 'db-1' }],
  },
];

test('a file is read as it is meant, as YAML and as JSON, and what is written reads back', () => {
  expect(parseAcknowledgements(written, 'a.yaml')).toEqual(read);
  const json = JSON.stringify([{ at: '2026-10-14T07:20:00Z', by: 'Ada Gil', matchers: ['instance="db-1"'] }]);
  expect(parseAcknowledgements(json, 'a.json')).toEqual([{ ...read[0], matchers: read[1]?.matchers }]);
  expect(parseAcknowledgements(acknowledgementsText(read), 'a.yaml')).toEqual(read);
  expect(parseAcknowledgements('\n# nothing yet\n', 'a.yaml')).toEqual([]);
});

const entry = '- at: 2026-10-14T09:20:00Z\n  by: Ada\n  matchers: [instance="db-1"]\n';

test.each([
  ['at: x', 'line 1, the file: expected a list'],
  [
    entry.replace('09:20:00Z', '09:20'),
    'line 1, [0].at: expected an instant with its offset like 2026-10-14T09:20',
  ],
  [entry.replace('10-14', '10-41'), 'line 1, [0].at: there is no such day or time'],
  [entry.replace('Ada', '""'), 'line 2, [0].by: expected text'],
  [entry.replace('  by: Ada\n', ''), 'line 1, [0].by: missing'],
  [entry.replace('instance="db-1"', ''), 'line 3, [0].matchers: expected at least one'],
  [
    entry.replace('instance="db-1"', 'db-1'),
    'line 3, [0].matchers[0]: expected a matcher like instance="acme-db-1"',
  ],
  [entry.replace('="db-1"', '=~"("'), 'line 3, [0].matchers[0]: expected a matcher'],
  [`${entry}${entry.replace('by:', 'who:')}`, 'line 5, [1].who: unknown key. Allowed'],
  ['- a: [', 'line 1'],
])('%j is refused with its place and what to write', (text, said) => {
  const refused = (): unknown => parseAcknowledgements(text, 'taken.yaml');
  expect(refused).toThrow(/^taken\.yaml is no list of acknowledgements:\n- line /);
  expect(refused).toThrow(said.replace('line 1, the file', 'line 1'));
});
