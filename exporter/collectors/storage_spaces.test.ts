import { expect, test } from 'vitest';
import type { ToolOutput } from '../collector.ts';
import { replay } from '../replay.ts';
import { storageSpaces } from './storage_spaces.ts';
import { storageSpacesScript } from './storage_spaces/script.ts';
import { scriptArguments } from './system/powershell.ts';

// No Windows was at hand: DetachedReason is from Microsoft's reference of MSFT_VirtualDisk; HealthStatus (0 healthy, 1 warning, 2 unhealthy) and OperationalStatus (2 OK) could not be checked against it.
const command = ['powershell.exe', ...scriptArguments(storageSpacesScript)].join(' ');
const dll = { 'C:/Windows/System32/wuapi.dll': '' };
const disk = (more: object = {}) => ({
  name: 'Data',
  id: '7C2F',
  layout: 'Mirror',
  health: 0,
  operational: [2],
  detached: 1,
  size: 1_000_000,
  members: 2,
  unhealthy: 0,
  ...more,
});

async function collect(
  answer: string | Partial<ToolOutput>,
  files: Readonly<Record<string, string>> = dll,
  state = new Map<string, unknown>(),
) {
  const { samples } = await storageSpaces.collect(
    replay({ state, files, commands: { [command]: answer } }),
    {},
  );
  return Object.fromEntries(
    samples.map(({ name, value }) => [name.slice('maintenance_volume_'.length), value]),
  );
}

test.each<[string, object, readonly (number | undefined)[]]>([
  ['in order', {}, [1, 1, 0]],
  ['of which no reason is set, as it is attached', { detached: 0 }, [1, 1, 0]],
  ['degraded', { health: 1, operational: [3], unhealthy: 1 }, [0, 1, 1]],
  ['being repaired', { health: 1, operational: [53_250] }, [0, 1, 0]],
  ['without redundancy', { health: 2, operational: [53_252], unhealthy: 2 }, [0, undefined, 2]],
  ['detached for want of disks', { health: 5, operational: [53_249], detached: 3, unhealthy: 2 }, [0, 0, 2]],
  ['detached by policy', { health: 5, operational: [53_249], detached: 2 }, [undefined, undefined, 0]],
  ['of unknown health', { health: 5, operational: [0] }, [undefined, undefined, 0]],
  ['healthy and not OK', { operational: [3] }, [undefined, 1, 0]],
  ['healthy beside a sick disk', { unhealthy: 1 }, [0, 1, 1]],
  ['of which the members are not told', { members: 0 }, [1, 1, undefined]],
])('a virtual disk: %s', async (_, more, verdict) => {
  const facts = await collect(JSON.stringify({ disks: [disk(more)] }));
  expect([facts['healthy'], facts['operational'], facts['degraded_members']]).toEqual(verdict);
});

test('a list of one as its member, as older versions print it', async () => {
  expect(await collect(JSON.stringify({ disks: disk({ operational: 2 }) }))).toMatchObject({
    healthy: 1,
    size_bytes: 1_000_000,
  });
});

test('one that was there before is gone', async () => {
  const state = new Map<string, unknown>();
  await collect(JSON.stringify({ disks: [disk()] }), dll, state);
  expect(await collect('{"disks":null}', dll, state)).toEqual({ present: 0 });
});

test.each<[string, string | Partial<ToolOutput>, Readonly<Record<string, string>>, string]>([
  ['no Windows', '{"disks":[]}', {}, 'unsupported'],
  ['none', '{"disks":[]}', dll, 'unsupported'],
  ['another document', '{"pools":[]}', dll, 'unexpected_output'],
  ['a disk of another shape', '{"disks":[{"name":"Data","health":"Healthy"}]}', dll, 'unexpected_output'],
  ['cut off', JSON.stringify({ disks: [disk()] }).slice(0, 40), dll, 'unexpected_output'],
  ['an error in another language', { exitCode: 1, stderr: 'Zugriff verweigert' }, dll, 'tool_failed'],
])('%s', async (_, answer, files, reason) => {
  await expect(collect(answer, files)).rejects.toMatchObject({ reason });
});
