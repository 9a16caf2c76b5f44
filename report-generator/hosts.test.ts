import { expect, test } from 'vitest';
import { hostRows } from './hosts.ts';

const controls = ['reboot', 'backup'];
const host = (instance: string, role = 'server') => ({ customer: 'acme', instance, role });
const fact = (instance: string, control: string, value: number) => ({
  labels: { ...host(instance), control },
  value,
});
const listed = (instance: string, role?: string) => ({ labels: host(instance, role), value: 1 });

test('a cell is met only where both records say so', () => {
  const [row] = hostRows(
    {
      inventory: [listed('srv-1')],
      compliant: [fact('srv-1', 'reboot', 1), fact('srv-1', 'backup', 1)],
      known: [fact('srv-1', 'reboot', 1)],
    },
    controls,
  );
  expect(row).toEqual({ instance: 'srv-1', role: 'server', controls: { reboot: 'met', backup: 'unknown' } });
});

test.each([
  { compliant: 1, known: 1, cell: 'met' },
  { compliant: 0, known: 1, cell: 'missed' },
  { compliant: 0, known: 0, cell: 'unknown' },
  { compliant: 1, known: 0, cell: 'unknown' },
])('compliant $compliant and known $known is $cell', ({ compliant, known, cell }) => {
  const rows = hostRows(
    { inventory: [], compliant: [fact('a', 'reboot', compliant)], known: [fact('a', 'reboot', known)] },
    controls,
  );
  expect(rows).toEqual([{ instance: 'a', role: 'server', controls: { reboot: cell, backup: null } }]);
});

test('a host of which nothing is recorded is listed all the same', () => {
  const rows = hostRows({ inventory: [listed('srv-9', 'printer')], compliant: [], known: [] }, controls);
  expect(rows).toEqual([{ instance: 'srv-9', role: 'printer', controls: { reboot: null, backup: null } }]);
});

test('the worst host comes first: missed, then unknown, then by name', () => {
  const compliant = [
    fact('c', 'reboot', 0),
    fact('b', 'reboot', 0),
    fact('b', 'backup', 0),
    fact('e', 'reboot', 0),
  ];
  const known = [
    fact('c', 'reboot', 1),
    fact('b', 'reboot', 0),
    fact('b', 'backup', 0),
    fact('e', 'reboot', 0),
  ];
  const inventory = ['a10', 'a9', 'b', 'c', 'd', 'e'].map((instance) => listed(instance));
  const rows = hostRows({ inventory, compliant, known }, controls);
  expect(rows.map(({ instance }) => instance)).toEqual(['c', 'b', 'e', 'a10', 'a9', 'd']);
});

test('two series of one control of one host are refused', () => {
  const twice = [
    fact('a', 'reboot', 1),
    { labels: { ...host('a'), control: 'reboot', replica: 'b' }, value: 0 },
  ];
  expect(() => hostRows({ inventory: [], compliant: twice, known: [] }, controls)).toThrow(
    /More than one series tells of reboot on a\./,
  );
});
