import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError, type ToolOutput } from '../collector.ts';
import { replay } from '../replay.ts';
import { storcli } from './storcli.ts';
import { parseAnswer } from './storcli/answer.ts';

const fixture =
  '../shared/fixtures/smart/prometheus-community+node-exporter-textfile-collector-scripts/mock/fixtures/storcli_-cALL_show_all.json';
if (!existsSync(fixture)) console.warn(`${fixture} is not here: the answer of a real controller is left out`);

test.runIf(existsSync(fixture))('what a real controller with RAID 6 answered', () => {
  expect(parseAnswer(readFileSync(fixture, 'utf8'))).toEqual({
    none: false,
    problems: [],
    controllers: [
      {
        name: 'c0',
        healthy: true,
        batteryHealthy: true,
        failedDrives: 0,
        volumes: [
          {
            volume: 'c0/v0',
            id: '0000000061913681/v0',
            level: 'raid6',
            healthy: true,
            operational: true,
            members: 4,
            degradedMembers: 0,
            spares: 0,
          },
        ],
      },
    ],
  });
});

// Made after that answer, and the legend of states that storcli prints; no controller was at hand.
const drive = (State: string, DG = 0) => ({ DG, Arr: 0, Row: 0, 'EID:Slot': '252:0', Type: 'DRIVE', State });
const data = (state: string, drives: readonly string[], more: object = {}) => ({
  Basics: { Controller: 0, 'Serial Number': 'SV1' },
  Status: { 'Controller Status': 'Optimal' },
  TOPOLOGY: [{ DG: 0, Type: 'RAID1', State: state }, ...drives.map((one) => drive(one)), drive('Dgrd', 1)],
  'Virtual Drives': 1,
  'VD LIST': [{ 'DG/VD': '0/239', TYPE: 'RAID1', State: state }],
  'PD LIST': drives.map((State) => ({ State, DG: 0 })),
  ...more,
});
const answered = (response: object, number = 0) => ({
  'Command Status': { Controller: number, Status: 'Success', Description: 'None' },
  'Response Data': response,
});
const failed = (Description: string, number = 1) => ({
  'Command Status': { Controller: number, Status: 'Failure', Description },
});
const json = (...controllers: readonly object[]) => JSON.stringify({ Controllers: controllers });

const command = '/cALL show all J';
async function collect(
  answer: string | Partial<ToolOutput> | CollectorError,
  { tool = 'storcli64', state = new Map<string, unknown>(), settings = {} } = {},
) {
  const { samples, problems } = await storcli.collect(
    replay({ state, commands: { [`${tool} ${command}`]: answer } }),
    settings,
  );
  return {
    facts: Object.fromEntries(
      samples.map(({ name, labels, value }) => [
        `${labels['volume'] ?? labels['controller']} ${name.slice('maintenance_volume_'.length)}`,
        value,
      ]),
    ),
    reasons: problems.map(({ reason }) => reason),
  };
}

test.each<[string, string, readonly string[], readonly (number | undefined)[]]>([
  ['optimal', 'Optl', ['Onln', 'Onln'], [1, 1, 0]],
  ['degraded', 'Dgrd', ['Onln', 'Offln'], [0, 1, 1]],
  ['rebuilding', 'Dgrd', ['Onln', 'Rbld'], [0, 1, 1]],
  ['partially degraded', 'Pdgd', ['Onln', 'Msng'], [0, 1, 1]],
  ['offline', 'OfLn', ['Offln', 'Offln'], [0, 0, 2]],
  ['optimal beside a drive that is not', 'Optl', ['Onln', 'Failed'], [0, 1, 1]],
  ['copying back', 'Optl', ['Onln', 'Cpybck'], [1, 1, 0]],
  ['with a spare of its own', 'Optl', ['Onln', 'Onln', 'DHS'], [1, 1, 0]],
  ['in a state of the future', 'Xyz', ['Onln', 'Onln'], [0, undefined, 0]],
])('a volume: %s', async (_, state, drives, verdict) => {
  const { facts } = await collect(json(answered(data(state, drives))));
  expect([facts['c0/v239 healthy'], facts['c0/v239 operational'], facts['c0/v239 degraded_members']]).toEqual(
    verdict,
  );
});

test('the controller: its own state, its battery, drives that failed', async () => {
  const response = data('Optl', ['Onln', 'Onln'], {
    Status: { 'Controller Status': 'Needs Attention' },
    'PD LIST': [{ State: 'Onln' }, { State: 'UBad' }],
    BBU_Info: [{ Model: 'iBBU08', State: 'Degraded(Charging)' }],
  });
  expect((await collect(json(answered(response)))).facts).toMatchObject({
    'c0 controller_healthy': 0,
    'c0 controller_battery_healthy': 0,
    'c0 controller_failed_drives': 1,
  });
});

describe('several controllers', () => {
  test('one that does not answer leaves the other, and nothing is called gone', async () => {
    const state = new Map<string, unknown>();
    const both = [
      answered(data('Optl', ['Onln'])),
      answered(data('Optl', ['Onln'], { Basics: { 'Serial Number': 'SV2' } }), 1),
    ];
    await collect(json(...both), { state });
    const { facts, reasons } = await collect(
      json(answered(data('Optl', ['Onln'])), failed('Controller information not found')),
      { state },
    );
    expect(facts['c0/v239 healthy']).toBe(1);
    expect(facts['c1/v239 present']).toBeUndefined();
    expect(reasons).toEqual(['device_unreadable']);
    expect((await collect(json(answered(data('Optl', ['Onln']))), { state })).facts).toMatchObject({
      'c1/v239 present': 0,
    });
  });

  test('one that lists fewer volumes than it counts is not complete', async () => {
    expect((await collect(json(answered(data('Optl', ['Onln'], { 'VD LIST': [] }))))).reasons).toEqual([
      'unexpected_output',
    ]);
  });
});

test('an adapter without RAID has no volumes', async () => {
  const { facts, reasons } = await collect(
    json(answered({ Basics: {}, Status: { 'Controller Status': 'OK' } })),
  );
  expect([facts, reasons]).toEqual([{ 'c0 controller_healthy': 1, 'c0 controller_failed_drives': 0 }, []]);
});

test('perccli is the same program', async () => {
  expect((await collect(json(answered(data('Optl', ['Onln']))), { tool: 'perccli64' })).facts).toMatchObject({
    'c0/v239 healthy': 1,
  });
});

test('a controller that disappeared takes its volumes along', async () => {
  const state = new Map<string, unknown>();
  await collect(json(answered(data('Optl', ['Onln']))), { state });
  expect(await collect({ stdout: json(failed('No Controller found', 0)), exitCode: 255 }, { state })).toEqual(
    {
      facts: { 'c0/v239 present': 0 },
      reasons: [],
    },
  );
});

test('not root', async () => {
  expect(
    (await collect({ stdout: json(failed('User does not have root privileges', 0)), exitCode: 1 })).reasons,
  ).toEqual(['permission_denied']);
});

test.each<[string, string | Partial<ToolOutput> | CollectorError, string]>([
  ['no controller', json(failed('No Controller found', 0)), 'unsupported'],
  ['nothing', '', 'tool_failed'],
  ['cut off', json(answered(data('Optl', ['Onln']))).slice(0, 200), 'unexpected_output'],
  ['a table', 'CLI Version = 007.1616\nStatus = Success\n', 'unexpected_output'],
  ['a program that hangs', new CollectorError('timeout', 'too long'), 'timeout'],
])('%s', async (_, answer, reason) => {
  await expect(collect(answer)).rejects.toMatchObject({ reason });
});

test('neither program is here', async () => {
  await expect(storcli.collect(replay({}), {})).rejects.toMatchObject({ reason: 'tool_missing' });
});
