/** What hard disks with one attribute did at Backblaze. */
export interface FailureRates {
  readonly id: number;
  /** Which of an attribute's numbers the buckets are about: its raw count, or its normalised value, where lower is worse (ACS-3, SMART). */
  readonly of: 'raw' | 'value';
  /** Names of the attribute that confirm what the id means; vendors reuse ids (smartmontools drivedb.h). */
  readonly meaning: RegExp;
  /** From the best values to the worst: the worst value of the bucket, and how many of 1 disk with such values failed within a year. */
  readonly buckets: readonly (readonly [worst: number, ratio: number])[];
}

/**
 * Failures per disk and year that Backblaze observed, by bucket of the attribute, as published in Scrutiny's
 * webapp/backend/pkg/thresholds/ata_attribute_metadata.go, to four digits. A bucket begins where the one before it ends.
 * Left out are ids that have no buckets (201), ids whose buckets all lie under a tenth (their value changes no verdict), and
 * the buckets with a ratio of 0 and an error interval of 0: no disk was in them, so they say nothing.
 *
 * MIT License
 *
 * Copyright (c) 2020 Jason Kulatunga
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
 * files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
 * modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
 * Software is furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
 * Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
 * WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
 * COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
 * ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
 */
export const failureRates: readonly FailureRates[] = [
  {
    id: 3,
    of: 'value',
    meaning: /spin_?up/i,
    buckets: [
      [205, 0.02605],
      [187, 0.01957],
      [169, 0.05263],
      [151, 0.01578],
      [133, 0.008561],
      [115, 0.0091],
      [97, 0.04027],
      [79, 0.1145],
    ],
  },
  {
    id: 4,
    of: 'raw',
    meaning: /start_?stop/i,
    buckets: [
      [13, 0.01989],
      [26, 0.03777],
      [39, 0.1102],
      [52, 0.1629],
      [65, 0.1936],
      [78, 0.1157],
      [91, 0.1226],
    ],
  },
  {
    id: 5,
    of: 'raw',
    meaning: /realloc|reassign|remap/i,
    buckets: [
      [0, 0.02517],
      [4, 0.02743],
      [16, 0.07502],
      [70, 0.2359],
      [260, 0.3619],
      [1100, 0.5677],
      [4500, 1.503],
      [17_000, 2.066],
      [70_000, 1.776],
    ],
  },
  {
    id: 10,
    of: 'raw',
    meaning: /spin_?retry/i,
    buckets: [
      [0, 0.0546],
      [80, 0.5556],
    ],
  },
  {
    id: 11,
    of: 'raw',
    meaning: /calibration/i,
    buckets: [
      [0, 0.04659],
      [80, 0.5556],
    ],
  },
  {
    id: 183,
    of: 'raw',
    meaning: /downshift|runtime_bad_block/i,
    buckets: [
      [0, 0.09085],
      [2, 0.05756],
      [4, 0.6193],
      [8, 0.5533],
      [16, 0.3882],
      [35, 0.3712],
      [70, 0.2561],
      [130, 0.403],
    ],
  },
  {
    id: 184,
    of: 'value',
    meaning: /end-?to-?end/i,
    buckets: [
      [100, 0.09335],
      [99, 0.8372],
      [98, 1.807],
      [94, 1.631],
    ],
  },
  {
    id: 187,
    of: 'raw',
    meaning: /unc/i,
    buckets: [
      [0, 0.02813],
      [1, 0.3388],
      [3, 0.2406],
      [6, 0.5014],
      [11, 0.3801],
      [20, 0.5346],
      [35, 0.8428],
      // oxlint-disable-next-line approx-constant -- an observed ratio that happens to be near log2(e)
      [65, 1.443],
      [120, 1.619],
    ],
  },
  {
    id: 188,
    of: 'raw',
    meaning: /command_time/i,
    buckets: [
      [100, 0.02489],
      [13_000_000_000, 0.1004],
      [26_000_000_000, 0.334],
      [39_000_000_000, 0.3672],
      [52_000_000_000, 0.2985],
      [65_000_000_000, 0.2203],
      [78_000_000_000, 0.3018],
      [91_000_000_000, 0.3285],
      [104_000_000_000, 0.2849],
    ],
  },
  {
    id: 189,
    of: 'raw',
    meaning: /high_?fly/i,
    buckets: [
      [0, 0.09071],
      [2, 0.08443],
      [5, 0.07943],
      [13, 0.09209],
      [30, 0.1816],
      [70, 0.2678],
      [150, 0.2613],
      [350, 0.1134],
    ],
  },
  {
    id: 192,
    of: 'raw',
    meaning: /retract/i,
    buckets: [
      [2, 0.02861],
      [6, 0.07386],
      [16, 0.1197],
      [40, 0.02727],
      [100, 0.01174],
      [250, 0.01266],
      [650, 0.01635],
      [1600, 0.00519],
    ],
  },
  {
    id: 195,
    of: 'value',
    meaning: /ecc/i,
    buckets: [
      [97, 0.04075],
      [49, 0.05673],
      [37, 0.2193],
      [25, 0.1525],
      [13, 0.3147],
    ],
  },
  {
    id: 196,
    of: 'raw',
    meaning: /realloc/i,
    buckets: [
      [0, 0.00739],
      [1, 0.02656],
      [2, 0.02472],
      [4, 0.03201],
      [7, 0.04308],
      [11, 0.03384],
      [17, 0.1698],
      [27, 0.05904],
      [45, 0.247],
    ],
  },
  {
    id: 197,
    of: 'raw',
    meaning: /pending/i,
    buckets: [
      [0, 0.02554],
      [2, 0.342],
      [6, 0.6824],
      [16, 0.6108],
      [40, 0.9565],
      [100, 1.652],
      [250, 2.514],
      [650, 3.32],
      [1600, 3.133],
    ],
  },
  {
    id: 198,
    of: 'raw',
    meaning: /unc/i,
    buckets: [
      [0, 0.02868],
      [2, 0.8136],
      [4, 1.117],
      [6, 1.356],
      [8, 0.7324],
      [10, 0.5777],
      [12, 1.746],
      [14, 2.645],
      [16, 0.7969],
    ],
  },
  {
    id: 199,
    of: 'raw',
    meaning: /crc/i,
    buckets: [
      [1, 0.04068],
      [2, 0.1513],
      [4, 0.1685],
      [8, 0.1539],
      [16, 0.1488],
      [35, 0.2088],
      [70, 0.1374],
      [130, 0.2234],
      [260, 0.1828],
    ],
  },
];
