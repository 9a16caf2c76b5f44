import { expect, test } from 'vitest';
import { readPolicy } from '../alerts/policy.ts';
import { reachingBack } from './alert-histories.ts';
import { incidentsIn, readIncidents } from './incidents.ts';
import { monthPeriod } from './period.ts';
import type { Prometheus, Samples } from './prometheus.ts';

const minute = 60;
const day = 86_400;
const october = monthPeriod('2026-10', 'UTC');
const policy = readPolicy('alerts/policy.yaml');

function series(labels: Readonly<Record<string, string>>, instants: readonly number[]): Samples {
  return { labels, instants, values: instants.map(() => 1) };
}

function every(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.ceil((to - from) / minute) }, (_, index) => from + index * minute);
}

/** Answers range selectors from stored series, as Prometheus 3.x does: without the left end. */
function holding(stored: Readonly<Record<string, readonly Samples[]>>): Prometheus {
  return {
    values: () => Promise.resolve([]),
    samples: (query, at) => {
      const [, name = '', range = ''] = /^([^{]+)\{.*\[(\d+)ms\]$/.exec(query) ?? [];
      const cut = (stored[name] ?? []).map(({ labels, instants }) =>
        series(
          labels,
          instants.filter((instant) => instant > at - Number(range) / 1000 && instant <= at),
        ),
      );
      return Promise.resolve(cut.filter(({ instants }) => instants.length > 0));
    },
    version: () => Promise.resolve('none'),
  };
}

const alert = {
  __name__: 'ALERTS',
  alertname: 'MaintenanceBackupOverdue',
  alertstate: 'firing',
  instance: 'a',
};

function octoberOf(from: number, firing: readonly number[]) {
  const heartbeats = series({ rule_group: 'maintenance-alerts-backups' }, every(from, october.end + day));
  const prometheus = holding({
    'maintenance:evaluation_timestamp_seconds': [heartbeats],
    ALERTS: [series(alert, firing)],
  });
  return readIncidents(prometheus, policy, 'acme', [october], minute);
}

test('an alert that ends just before the month does and fires again just after was not resolved', async () => {
  const { end } = october;
  const again = [...every(end - 3600, end - 300), ...every(end + 300, end + 3600)];
  expect(await octoberOf(october.start, again)).toMatchObject([{ opened: 1, resolved: 0, openAtEnd: 1 }]);
  const over = every(end - 3600, end - 300);
  expect(await octoberOf(october.start, over)).toMatchObject([
    { opened: 1, resolved: 1, openAtEnd: 0, secondsToResolve: 3300 },
  ]);
});

test('an incident that began weeks before the month took as long as it did', async () => {
  const from = october.start - 39 * day;
  expect(await octoberOf(from - day, every(from, october.start + 3600))).toMatchObject([
    { opened: 0, resolved: 1, openAtEnd: 0, secondsToResolve: 39 * day + 3600 },
  ]);
});

test('pieces of a week fit together: an incident across them is one', async () => {
  expect(await octoberOf(october.start, every(october.start + day, october.end - day))).toMatchObject([
    { opened: 1, resolved: 1, secondsToResolve: 29 * day },
  ]);
});

test('the first instant of a month is part of it, that of the next is not', () => {
  const { start, end } = october;
  const incidents = [
    { from: start, to: end },
    { from: start - 10, to: start },
    { from: end, to: undefined },
  ];
  expect(incidentsIn(incidents, october)).toEqual({
    opened: 1,
    resolved: 1,
    openAtEnd: 1,
    secondsToResolve: 10,
  });
});

test('only what fires at the first evaluation reaches back, and never forward', () => {
  const episodes = [
    { from: 100, to: 200 },
    { from: 300, to: undefined },
  ];
  expect(reachingBack(episodes, 100, 40)).toEqual([{ from: 40, to: 200 }, episodes[1]]);
  expect(reachingBack(episodes, 100, 160)).toEqual(episodes);
  expect(reachingBack(episodes, 90, 40)).toEqual(episodes);
});
