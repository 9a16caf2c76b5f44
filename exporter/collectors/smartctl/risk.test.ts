import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../../metrics.ts';
import { judgeAnswer } from './answer.ts';
import { presentSamples } from './disk-samples.ts';
import { failureRates } from './failure-rates.ts';
import { at, listAt, numberAt, parseReport } from './report.ts';
import { observedRatio } from './risk.ts';

const shared = fileURLToPath(new URL('../../../../shared/fixtures/', import.meta.url));
const hasShared = existsSync(shared);
if (!hasShared)
  console.warn('../shared is not here: the reports of Scrutiny and smartctl_exporter are not tested');

interface Told {
  readonly state: string;
  readonly samples: readonly Sample[];
  /** Observed failure ratios by attribute id. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly fact: (name: string) => number | undefined;
}

/** What a report tells of the disk. */
function told(text: string, exitCode = 0): Told {
  const answer = judgeAnswer({ device: '/dev/sda' }, parseReport(text), exitCode, 1_795_000_000);
  const samples =
    answer.state === 'readable' || answer.state === 'asleep' || answer.state === 'unreadable'
      ? presentSamples({ id: 'disk', answer, ways: [answer.target], nameless: false }, new Map())
      : [];
  const ratios = samples
    .filter(({ name }) => name === 'maintenance_disk_observed_annual_failure_ratio')
    .map(({ labels, value }) => [labels['attribute_id'] ?? '', value] as const);
  return {
    state: answer.state,
    samples,
    ratios: Object.fromEntries(ratios),
    fact: (name) => samples.find((sample) => sample.name === `maintenance_disk_${name}`)?.value,
  };
}

interface Row {
  readonly id: number;
  readonly name: string;
  readonly raw: number;
  readonly text?: string;
  readonly value?: number;
}

const wd = {
  smartctl: { version: [7, 3], exit_status: 0 },
  device: { name: '/dev/sda', type: 'sat', protocol: 'ATA' },
  model_name: 'WDC WD140EDFZ-11A0VA0',
  serial_number: '9RK1XXXX',
  rotation_rate: 5400,
  smart_status: { passed: true },
};

function ata(rows: readonly Row[], more: object = {}): Told {
  const table = rows.map(({ id, name, raw, text = String(raw), value = 100 }) => ({
    id,
    name,
    value,
    worst: value,
    thresh: 0,
    raw: { value: raw, string: text },
  }));
  return told(JSON.stringify({ ...wd, ata_smart_attributes: { table }, ...more }));
}

const reallocated = (raw: number): Row => ({ id: 5, name: 'Reallocated_Sector_Ct', raw });
const pending = (raw: number): Row => ({ id: 197, name: 'Current_Pending_Sector', raw });
const uncorrectable = (raw: number): Row => ({ id: 198, name: 'Offline_Uncorrectable', raw });
const timeouts = (raw: number, text?: string): Row => ({
  id: 188,
  name: 'Command_Timeout',
  raw,
  ...(text === undefined ? {} : { text }),
});
const endToEnd = (value: number): Row => ({ id: 184, name: 'End-to-End_Error', raw: 0, value });

function scrutiny(name: string): string {
  return readFileSync(
    `${shared}smart/AnalogJ+scrutiny/webapp/backend/pkg/models/testdata/${name}.json`,
    'utf8',
  );
}

describe('the table', () => {
  test.skipIf(!hasShared)('is what Scrutiny publishes, without the buckets no disk was in', () => {
    const published: unknown = JSON.parse(readFileSync(`${shared}smart-ata-failure-rates.json`, 'utf8'));
    const rows = listAt({ published }, 'published');
    for (const { id, of, buckets } of failureRates) {
      const row = rows.find((one) => at(one, 'id') === id);
      const counted = listAt(row, 'observed_thresholds').flatMap((bucket) => {
        const number = (key: string) => numberAt(bucket, [key], 0, Infinity) ?? NaN;
        const ratio = number('annual_failure_rate');
        const nobody = ratio === 0 && listAt(bucket, 'error_interval').every((bound) => bound === 0);
        const worst = of === 'raw' || number('low') === number('high') ? number('high') : number('low') + 1;
        return nobody ? [] : [[worst, Number(ratio.toPrecision(4))] as const];
      });
      expect(buckets, `attribute ${id}`).toEqual(of === 'raw' ? counted : counted.toReversed());
      expect(of === 'value').toBe(at(row, 'display_type') === 'normalized');
    }
    // Every other id of it has no bucket of a tenth or more, or none at all.
    const ids = failureRates.map(({ id }) => id);
    const highest = rows
      .filter((row) => !ids.some((id) => id === at(row, 'id')))
      .flatMap((row) => listAt(row, 'observed_thresholds'))
      .map((bucket) => numberAt(bucket, ['annual_failure_rate'], 0, Infinity) ?? NaN);
    expect(Math.max(0, ...highest)).toBeLessThan(0.1);
  });

  test.each(failureRates)(
    'of attribute $id: a ratio for every value, and a worse value never clears it',
    (rates) => {
      const values = fc.oneof(fc.nat(300), fc.nat(100_000), fc.nat(2 ** 31 - 1));
      const pair = fc.tuple(values, values).map((both) => both.toSorted((one, other) => one - other));
      fc.assert(
        fc.property(pair, ([low = 0, high = 0]) => {
          const [better, worse] = rates.of === 'raw' ? [low, high] : [high, low];
          const published = rates.buckets.map(([, ratio]) => ratio);
          expect(published).toContain(observedRatio(rates, worse));
          expect(observedRatio(rates, worse)).toBeGreaterThanOrEqual(observedRatio(rates, better));
        }),
      );
    },
  );
});

describe('where Scrutiny is wrong', () => {
  test('188 at 0, the healthy value, is a documented one and no warning', () => {
    expect(ata([timeouts(0)]).ratios).toEqual({ 188: 0.02489 });
  });

  test('raw 1 on 5 and 197 falls between its buckets: it belongs to the worse one', () => {
    expect(ata([reallocated(1), pending(1)]).ratios).toEqual({ 5: 0.02743, 197: 0.342 });
  });

  test('beyond the top bucket it only warns: 500 uncorrectable sectors have the worst ratio there is', () => {
    expect(ata([uncorrectable(500)]).ratios).toEqual({ 198: 2.645 });
    expect(ata([reallocated(200_000), pending(5000)]).ratios).toEqual({ 5: 2.066, 197: 3.32 });
    expect(ata([{ id: 187, name: 'Reported_Uncorrect', raw: 121 }]).ratios).toEqual({ 187: 1.619 });
    expect(ata([{ id: 10, name: 'Spin_Retry_Count', raw: 81 }]).ratios).toEqual({ 10: 0.5556 });
    expect(ata([{ id: 196, name: 'Reallocated_Event_Count', raw: 46 }]).ratios).toEqual({ 196: 0.247 });
  });

  test('a bucket that no disk was in is no ratio of 0', () => {
    expect(ata([{ id: 11, name: 'Calibration_Retry_Count', raw: 100 }]).ratios).toEqual({ 11: 0.5556 });
    expect(ata([endToEnd(96)]).ratios).toEqual({ 184: 1.807 });
    expect(ata([{ id: 183, name: 'Runtime_Bad_Block', raw: 200 }]).ratios).toEqual({ 183: 0.6193 });
  });

  test('the rates do not always rise: 17 reallocation events are no better than 16', () => {
    const events = (raw: number) => ata([{ id: 196, name: 'Reallocated_Event_Count', raw }]).ratios['196'];
    expect([10, 16, 17, 18, 27, 28].map(events)).toEqual([0.04308, 0.1698, 0.1698, 0.1698, 0.1698, 0.247]);
  });

  test('of a normalised value the lower one is the worse one', () => {
    expect([200, 100, 99, 98, 94, 1].map((value) => ata([endToEnd(value)]).ratios['184'])).toEqual([
      0.09335, 0.09335, 0.8372, 1.807, 1.807, 1.807,
    ]);
  });

  test('Seagate packs three counts into 188: "4 4 4", also where smartctl does not print them apart', () => {
    const seagate = { model_name: 'ST3000NM0033-9ZM178' };
    expect(ata([timeouts(17_180_131_332)], seagate).ratios).toEqual({ 188: 0.02489 });
    expect(ata([timeouts(17_180_131_332, '4 4 4')]).ratios).toEqual({ 188: 0.02489 });
    expect(ata([timeouts(300 * 2 ** 16 + 2, '0 300 2')]).ratios).toEqual({ 188: 0.1004 });
    expect(ata([timeouts(17_180_131_332)]).ratios).toEqual({ 188: 0.334 });
  });

  test('statistics of hard disks are not those of SSDs, nor of a disk that may be one', () => {
    const crc: Row = { id: 199, name: 'CRC_Error_Count', raw: 108 };
    expect(ata([crc]).ratios).toEqual({ 199: 0.2234 });
    expect(ata([crc], { rotation_rate: 0 }).ratios).toEqual({});
    expect(ata([crc], { rotation_rate: undefined }).ratios).toEqual({});
    expect(ata([crc], { device: { name: '/dev/sda', type: 'scsi', protocol: 'SCSI' } }).ratios).toEqual({});
  });

  test('an id whose name says something else has no ratio', () => {
    const rows: readonly Row[] = [
      { id: 184, name: 'Error_Correction_Count', raw: 0, value: 90 },
      { id: 198, name: 'Host_Reads_GiB', raw: 5120 },
      { id: 195, name: 'Uncorrectable_Error_Cnt', raw: 0, value: 20 },
      { id: 5, name: 'Unknown_Attribute', raw: 12 },
    ];
    expect(ata(rows).ratios).toEqual({});
  });

  test('a value that cannot be read has no ratio, and one smartctl explains is the count before the bracket', () => {
    const table = [
      { id: 197, name: 'Current_Pending_Sector', value: 100, raw: { string: 'n/a' } },
      { id: 184, name: 'End-to-End_Error', raw: { value: 0, string: '0' } },
      { id: 5, name: 'Reallocated_Sector_Ct', value: 100, raw: { value: 131_092, string: '20 (0 2)' } },
    ];
    expect(told(JSON.stringify({ ...wd, ata_smart_attributes: { table } })).ratios).toEqual({ 5: 0.2359 });
  });

  test('no verdict is no failure: a report without smart_status', () => {
    const { state, fact } = ata([reallocated(0)], { smart_status: undefined });
    expect(state).toBe('readable');
    expect(fact('smart_healthy')).toBeUndefined();
  });

  test('asleep is not failed', () => {
    const { state, fact, ratios } = told('{"smartctl":{"exit_status":3}}', 3);
    expect({ state, standby: fact('standby') }).toEqual({ state: 'asleep', standby: 1 });
    expect(fact('smart_healthy')).toBeUndefined();
    expect(ratios).toEqual({});
  });
});

describe.skipIf(!hasShared)("Scrutiny's own reports (skipped without ../shared)", () => {
  test('smart-fail2, failing by its own verdict: so do its reallocated and pending sectors', () => {
    const { fact, ratios } = told(scrutiny('smart-fail2'));
    expect(fact('smart_healthy')).toBe(0);
    expect(ratios).toMatchObject({ 5: 1.503, 196: 0.247, 197: 0.6824, 198: 0.02868 });
  });

  test('smart-ata-date2 and smart-megaraid1, passed by their own verdict and failed by Scrutiny, are at risk', () => {
    const date2 = told(scrutiny('smart-ata-date2'));
    expect(date2.fact('smart_healthy')).toBe(1);
    expect(date2.ratios).toMatchObject({ 10: 0.5556, 197: 0.6824, 198: 1.356 });
    expect(told(scrutiny('smart-megaraid1')).ratios['5']).toBe(0.5677);
  });

  test('smart-nvme-failed passes by its own verdict and has lost data', () => {
    const { fact } = told(scrutiny('smart-nvme-failed'));
    expect(fact('smart_healthy')).toBe(1);
    expect(fact('media_errors_total')).toBe(7);
    expect(fact('spare_ratio')).toBe(0.99);
  });

  test('smart-ata-failed-scrutiny is an SSD with a bad cable: Scrutiny fails it by a rate of hard disks', () => {
    const { fact, ratios } = told(scrutiny('smart-ata-failed-scrutiny'));
    expect(fact('smart_healthy')).toBe(1);
    expect(fact('interface_crc_errors_total')).toBe(108);
    expect(ratios).toEqual({});
  });

  test('smart-fail could not be opened: unreadable, where Scrutiny says failed', () => {
    const { state, fact } = told(scrutiny('smart-fail'), 2);
    expect(state).toBe('unreadable');
    expect(fact('readable')).toBe(0);
    expect(fact('smart_healthy')).toBeUndefined();
  });

  test('smart-raid is a volume and smart-sat gives no verdict: neither has failed', () => {
    expect(told(scrutiny('smart-raid'), 4).fact('smart_healthy')).toBeUndefined();
    expect(told(scrutiny('smart-sat')).fact('smart_healthy')).toBeUndefined();
  });

  test('smart-scsi, which Scrutiny never judges: its 56 grown defects count', () => {
    const { fact, ratios } = told(scrutiny('smart-scsi'));
    expect(fact('reallocated_sectors')).toBe(56);
    expect(fact('uncorrectable_errors')).toBe(0);
    expect(ratios).toEqual({});
  });

  test.each(['smart-ata', 'smart-ata-date', 'smart-megaraid0'])(
    '%s, healthy, has no ratio of a fifth',
    (name) => {
      const { fact, ratios } = told(scrutiny(name));
      expect(fact('smart_healthy')).toBe(1);
      expect(Object.keys(ratios).length).toBeGreaterThan(4);
      expect(Math.max(...Object.values(ratios))).toBeLessThan(0.2);
    },
  );
});

describe.skipIf(!hasShared)('reports of smartctl_exporter (skipped without ../shared)', () => {
  const reports = globSync('prometheus-community+smartctl_exporter/**/*.json', {
    cwd: `${shared}smart/`,
  }).map((path) => ({ path, text: readFileSync(`${shared}smart/${path}`, 'utf8') }));

  test('only ATA hard disks have ratios, and every one of them has', () => {
    const kinds = { hdd: 0, other: 0 };
    for (const { path, text } of reports) {
      const report = parseReport(text);
      const { ratios } = told(text);
      const isHardDisk =
        at(report, 'device', 'protocol') === 'ATA' && Number(at(report, 'rotation_rate')) > 0;
      expect(Object.keys(ratios).length > 0, path).toBe(isHardDisk);
      kinds[isHardDisk ? 'hdd' : 'other'] += 1;
    }
    expect(kinds.hdd).toBeGreaterThan(20);
    expect(kinds.other).toBeGreaterThan(30);
  });

  test('of the disks that pass, those with a ratio of a fifth by errors of their own are the ones with bad sectors', () => {
    const own = new Set(['5', '10', '184', '187', '188', '196', '197', '198']);
    const risky = reports.flatMap(({ path, text }) => {
      const high = Object.entries(told(text).ratios).filter(([id, ratio]) => own.has(id) && ratio >= 0.2);
      return high.length === 0 ? [] : [[path.split('/').at(-1), Object.fromEntries(high)]];
    });
    expect(risky).toEqual([['ST3500418AS_12.json', { 5: 0.5677 }]]);
  });
});
