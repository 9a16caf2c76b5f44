import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CollectorError, type Host, type Remembered } from '../../collector.ts';
import { replay } from '../../replay.ts';
import { rememberFirstSeen, type Sight } from './first-seen.ts';

const start = 1_795_000_000;
const day = 86_400;
const options = { state: 'x', facts: z.string(), things: 'updates' };
const seen = (key: string, since?: number): Sight<string> => ({
  key,
  facts: key.toUpperCase(),
  ...(since === undefined ? {} : { since }),
});
const lost: Remembered = {
  document: undefined,
  problems: [{ reason: 'state_unreadable', message: 'x.json is damaged' }],
  lost: true,
};

/** One host over several runs. */
function machine() {
  const state = new Map<string, unknown>();
  return {
    state,
    run: async (
      now: number,
      sights: readonly Sight<string>[],
      change: (host: Host) => Host = (host) => host,
    ) => {
      const { entries, problems } = await rememberFirstSeen(change(replay({ now, state })), sights, options);
      return { times: Object.fromEntries(entries.map((entry) => [entry.key, entry.seen])), problems };
    },
  };
}

describe('times of first sight', () => {
  test('stay while the thing is open, are forgotten when it is gone, and are young again when it returns', async () => {
    const { run } = machine();
    expect(await run(start, [seen('a'), seen('b')])).toEqual({ times: { a: start, b: start }, problems: [] });
    expect((await run(start + day, [seen('a')])).times).toEqual({ a: start });
    expect((await run(start + 2 * day, [seen('a'), seen('b')])).times).toEqual({
      a: start,
      b: start + 2 * day,
    });
  });

  test('the earliest time the host ever told counts, even when it later tells a younger one', async () => {
    const { run } = machine();
    expect((await run(start, [seen('kernel', start - 10 * day)])).times).toEqual({
      kernel: start - 10 * day,
    });
    expect((await run(start + day, [seen('kernel', start)])).times).toEqual({ kernel: start - 10 * day });
  });

  test('a clock that was ahead leaves no time in the future', async () => {
    const { run } = machine();
    await run(start + 400 * day, [seen('a')]);
    expect((await run(start, [seen('a'), seen('b')])).times).toEqual({ a: start, b: start });
    expect((await run(start + day, [seen('a'), seen('b')])).times).toEqual({ a: start, b: start });
  });

  test('a clock that was never set dates nothing, says so, and changes nothing that is known', async () => {
    const { run } = machine();
    await run(start, [seen('a')]);
    const { times, problems } = await run(1000, [seen('a'), seen('b')]);
    expect(times).toEqual({ a: start, b: undefined });
    expect(problems).toEqual([
      {
        reason: 'clock_wrong',
        message:
          'the clock of this host says 1970-01-01T00:16:40.000Z, so nothing can be dated; set it (timedatectl set-ntp true)',
      },
    ]);
    expect((await run(start + day, [seen('a'), seen('b')])).times).toEqual({ a: start, b: start + day });
  });

  test('names that are members of every object are only names', async () => {
    const { run } = machine();
    await run(start, [seen('constructor')]);
    expect((await run(start + day, [seen('constructor'), seen('__proto__')])).times).toEqual(
      Object.fromEntries([
        ['constructor', start],
        ['__proto__', start + day],
      ]),
    );
  });

  test('nothing is written while nothing changes', async () => {
    const { state, run } = machine();
    await run(start, [seen('a')]);
    const refuse = (host: Host): Host => ({
      ...host,
      state: { ...host.state, write: async () => Promise.reject(new Error('written without need')) },
    });
    expect((await run(start + day, [seen('a')], refuse)).problems).toEqual([]);
    expect(state.get('x')).toEqual({ format: 1, entries: [['a', start, 'A']] });
  });
});

describe('when memory fails', () => {
  const full = (host: Host): Host => ({
    ...host,
    state: {
      ...host.state,
      write: async () => Promise.reject(new CollectorError('state_unwritable', 'no space left')),
    },
  });

  test('a full disk: what was known keeps its time, what is new has none, because it would be young for ever', async () => {
    const { run } = machine();
    await run(start, [seen('a')]);
    const { times, problems } = await run(start + day, [seen('a'), seen('b'), seen('c', start - day)], full);
    expect(times).toEqual({ a: start, b: undefined, c: start - day });
    expect(problems.map(({ reason }) => reason)).toEqual(['state_unwritable']);
  });

  test('a memory that may not be read is not overwritten', async () => {
    const { state, run } = machine();
    await run(start, [seen('a')]);
    const before = structuredClone(state.get('x'));
    const { times, problems } = await run(start + day, [seen('a')], (host) => ({
      ...host,
      state: {
        ...host.state,
        read: async () => Promise.reject(new CollectorError('permission_denied', 'could not read x.json')),
      },
    }));
    expect(times).toEqual({ a: undefined });
    expect(problems.map(({ reason }) => reason)).toEqual(['permission_denied']);
    expect(state.get('x')).toEqual(before);
  });

  test('a memory that is lost: what is open has no age until it is gone, and every run says so', async () => {
    const { run } = machine();
    const forgetful = (host: Host): Host => ({ ...host, state: { ...host.state, read: async () => lost } });
    const first = await run(start, [seen('a'), seen('told', start - day)], forgetful);
    expect(first.times).toEqual({ a: undefined, told: start - day });
    const second = await run(start + 30 * day, [seen('a'), seen('new')]);
    expect(second.times).toEqual({ a: undefined, new: start + 30 * day });
    expect(second.problems).toEqual([
      {
        reason: 'state_unreadable',
        message:
          'since when 1 of the open updates are known was lost with the state file, so their age is unknown until they are gone; restore the state directory from a backup to bring it back',
      },
    ]);
    expect(await run(start + 31 * day, [seen('new')])).toEqual({
      times: { new: start + 30 * day },
      problems: [],
    });
  });

  test('the generation before is in use: it says so once and is written again', async () => {
    const { state, run } = machine();
    await run(start, [seen('a')]);
    const { times, problems } = await run(start + day, [seen('a')], (host) => ({
      ...host,
      state: { ...host.state, read: async (name) => ({ ...lost, document: state.get(name), lost: false }) },
    }));
    expect(times).toEqual({ a: start });
    expect(problems).toEqual(lost.problems);
  });

  test.each([
    ['of another shape', { a: 1 }],
    ['of another format', { format: 2, entries: [] }],
    ['with an entry of another shape', { format: 1, entries: [['a', start, 7]] }],
    ['a list', []],
    ['null', null],
  ])('a document %s is lost, not empty', async (_, document) => {
    const { state, run } = machine();
    state.set('x', document);
    const { times, problems } = await run(start + day, [seen('a')]);
    expect(times).toEqual({ a: undefined });
    expect(problems.map(({ reason }) => reason)).toEqual(['state_unreadable', 'state_unreadable']);
  });
});
