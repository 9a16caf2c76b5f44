import { describe, expect, test } from 'vitest';
import { CollectorError, type Host } from '../../collector.ts';
import { replay } from '../../replay.ts';
import { rememberFirstSeen, updateFirstSeen } from './first-seen.ts';

const standard = (name: string) => ({ name, security: false });
const security = (name: string) => ({ name, security: true });
const day = 86_400;

describe('times of first sight', () => {
  test('an update stays as old as its first sight while it is pending', () => {
    const first = updateFirstSeen(new Map(), [standard('openssl')], 1000);
    expect(updateFirstSeen(first, [standard('openssl')], 5000)).toEqual(
      new Map([['openssl', { pending: 1000 }]]),
    );
  });

  test('an update that is no longer pending is forgotten, and young again when it returns', () => {
    const gone = updateFirstSeen(new Map([['openssl', { pending: 1000 }]]), [], 2000);
    expect(gone.size).toBe(0);
    expect(updateFirstSeen(gone, [standard('openssl')], 3000).get('openssl')).toEqual({ pending: 3000 });
  });

  test('an update that turns into a security update is a security update only since then', () => {
    const first = updateFirstSeen(new Map(), [standard('openssl')], 1000);
    const turned = updateFirstSeen(first, [security('openssl')], 2000);
    expect(turned.get('openssl')).toEqual({ pending: 1000, security: 2000 });
    expect(updateFirstSeen(turned, [security('openssl')], 9000).get('openssl')).toEqual({
      pending: 1000,
      security: 2000,
    });
  });

  test('a clock that was ahead leaves no time in the future', () => {
    const ahead = updateFirstSeen(new Map(), [security('openssl')], 1000 + day);
    expect(updateFirstSeen(ahead, [security('openssl')], 1000).get('openssl')).toEqual({
      pending: 1000,
      security: 1000,
    });
  });

  test('the earliest time the host ever told counts, even when it later tells a younger one', () => {
    const first = updateFirstSeen(new Map(), [{ ...standard('kernel'), since: 500 }], 1000);
    expect(first.get('kernel')).toEqual({ pending: 500 });
    expect(updateFirstSeen(first, [{ ...standard('kernel'), since: 900 }], 1000).get('kernel')).toEqual({
      pending: 500,
    });
  });

  test('names that are members of every object are only names', async () => {
    const state = new Map<string, unknown>();
    await rememberFirstSeen(replay({ now: 1000, state }), 'x', [standard('constructor')]);
    const { firstSeen } = await rememberFirstSeen(replay({ now: 2000, state }), 'x', [
      standard('constructor'),
      standard('toString'),
    ]);
    expect(firstSeen).toEqual(
      new Map([
        ['constructor', { pending: 1000 }],
        ['toString', { pending: 2000 }],
      ]),
    );
  });
});

describe('remembering', () => {
  test('a restart keeps the times', async () => {
    const state = new Map<string, unknown>();
    await rememberFirstSeen(replay({ now: 1000, state }), 'apt-first-seen', [security('openssl')]);
    const { firstSeen, problems } = await rememberFirstSeen(replay({ now: 5000, state }), 'apt-first-seen', [
      security('openssl'),
    ]);
    expect(firstSeen.get('openssl')).toEqual({ pending: 1000, security: 1000 });
    expect(problems).toEqual([]);
  });

  test.each([
    ['a list', []],
    ['text for a time', { openssl: { pending: 'yesterday' } }],
    ['a time that is missing', { openssl: {} }],
  ])('a document that is %s is reported and started anew', async (_, document) => {
    const state = new Map<string, unknown>([['x', document]]);
    const { firstSeen, problems } = await rememberFirstSeen(replay({ now: 1000, state }), 'x', [
      standard('openssl'),
    ]);
    expect(problems.map(({ reason }) => reason)).toEqual(['state_unreadable']);
    expect(firstSeen.get('openssl')).toEqual({ pending: 1000 });
    expect(state.get('x')).toEqual({ openssl: { pending: 1000 } });
  });

  test('what cannot be written gets no time at all, because it would be new at every run', async () => {
    const state = new Map<string, unknown>([['x', { old: { pending: 10 } }]]);
    const { firstSeen, problems } = await rememberFirstSeen(
      withState(replay({ now: 1000, state }), {
        write: async () => {
          throw new CollectorError('permission_denied', 'could not remember x');
        },
      }),
      'x',
      [security('old'), standard('new'), { ...standard('dated'), since: 700 }],
    );
    expect(problems.map(({ reason }) => reason)).toEqual(['permission_denied']);
    expect(firstSeen).toEqual(
      new Map([
        ['old', { pending: 10 }],
        ['dated', { pending: 700 }],
      ]),
    );
  });

  test('a state that is only out of reach is not overwritten', async () => {
    const state = new Map<string, unknown>([['x', { old: { pending: 10 } }]]);
    const { firstSeen, problems } = await rememberFirstSeen(
      withState(replay({ now: 1000, state }), {
        read: async () => {
          throw new CollectorError('permission_denied', 'could not read x');
        },
      }),
      'x',
      [standard('old')],
    );
    expect(problems.map(({ reason }) => reason)).toEqual(['permission_denied']);
    expect(firstSeen.size).toBe(0);
    expect(state.get('x')).toEqual({ old: { pending: 10 } });
  });
});

function withState(host: Host, change: Partial<Host['state']>): Host {
  return { ...host, state: { ...host.state, ...change } };
}
