import type { Snapshot } from './snapshot.ts';

export type Language = Snapshot['customer']['language'];

const nbsp = '\u00a0';
const minus = '\u2212';
const day = 86_400;
/** Decimals a share may need to stay on its side of the target. */
const mostDecimals = 3;

interface Locale {
  readonly decimal: string;
  readonly percent: string;
  readonly months: readonly string[];
  /** Digits of a whole number in groups of three. */
  readonly grouped: (digits: string) => string;
  readonly day: (date: number, month: string) => string;
  readonly date: (date: number, month: string, year: number) => string;
  readonly monthYear: (month: string, year: number) => string;
}

const threes = /\B(?=(\d{3})+$)/g;

const locales: Readonly<Record<Language, Locale>> = {
  en: {
    decimal: '.',
    percent: '%',
    months: 'January February March April May June July August September October November December'.split(
      ' ',
    ),
    grouped: (digits) => digits.replace(threes, ','),
    day: (date, month) => `${date}${nbsp}${month}`,
    date: (date, month, year) => `${date}${nbsp}${month} ${year}`,
    monthYear: (month, year) => `${month} ${year}`,
  },
  es: {
    decimal: ',',
    percent: `${nbsp}%`,
    months: 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(
      ' ',
    ),
    // Ortografía de la lengua española 2010: a space, and only from five digits on.
    grouped: (digits) => (digits.length > 4 ? digits.replace(threes, nbsp) : digits),
    day: (date, month) => `${date}${nbsp}de ${month}`,
    date: (date, month, year) => `${date}${nbsp}de ${month} de ${year}`,
    monthYear: (month, year) => `${month} de ${year}`,
  },
};

/** Where a share is compared with what was wanted. */
export interface Goal {
  /** A ratio. */
  readonly target: number | null;
  readonly better: 'high' | 'low';
}

/** A local midnight and its zone, as the period of a snapshot has them. */
export type Zone = Pick<Snapshot['period'], 'offset' | 'zoneName'>;

export type Formats = ReturnType<typeof formatsOf>;

/** Numbers, durations and dates as people of that language print them. Without Intl, whose output differs between ICU versions. */
export function formatsOf(language: Language) {
  const locale = locales[language];
  const monthName = (month: number): string => locale.months[(month + 11) % 12] ?? '';

  /** 12,345 or 94.5; a minus is U+2212. */
  const number = (value: number, decimals = 0): string => {
    const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.');
    const negative = value < 0 && Number(value.toFixed(decimals)) !== 0;
    return `${negative ? minus : ''}${locale.grouped(whole)}${fraction === undefined ? '' : locale.decimal + fraction}`;
  };
  /** +2.5, −9, ±0 */
  const signed = (value: number, decimals = 0): string => {
    if (Number(value.toFixed(decimals)) === 0) return `±${number(0, decimals)}`;
    return `${value > 0 ? '+' : ''}${number(value, decimals)}`;
  };
  const percentText = (percent: number, decimals: number): string =>
    `${number(percent, decimals)}${locale.percent}`;

  /** A ratio as it was measured: rounding never makes all of less than all, nor reaches a target that was not reached, nor the other way round. @param least decimals. */
  const pctJudged = (ratio: number, { target, better }: Goal, least = 1): string => {
    const short = (value: number): boolean =>
      target !== null && (better === 'high' ? value < target : value > target);
    const honest = (shown: number): boolean =>
      short(shown) === short(ratio) && (shown === 1) === (ratio === 1) && (shown === 0) === (ratio === 0);
    for (let decimals = least; decimals <= mostDecimals; decimals++) {
      if (honest(Number((ratio * 100).toFixed(decimals)) / 100)) return percentText(ratio * 100, decimals);
    }
    const scale = 10 ** mostDecimals;
    const up = better === 'low' && short(ratio) ? 1 : 0;
    return percentText((Math.floor(ratio * 100 * scale) + up) / scale, mostDecimals);
  };
  /** A share of what should be known, with one decimal, never rounded up. */
  const pctKnown = (ratio: number): string => percentText(Math.floor(ratio * 1000 + 1e-9) / 10, 1);
  /** A target as the policy has it: 95%, 99.5%. */
  const pctTarget = (ratio: number): string => {
    const percent = Number((ratio * 100).toFixed(6));
    return percentText(percent, String(percent).split('.')[1]?.length ?? 0);
  };

  /** 98.74–99.95%: from the worst to the best that may be true, neither on the wrong side of a target. */
  const pctRange = (worst: number, best: number, goal: Goal): string => {
    const [low, high] = [pctJudged(worst, goal, 2), pctJudged(best, goal, 2)];
    return `${low.slice(0, -locale.percent.length)}–${high}`;
  };
  /** EUR 120.00 or 120,00 EUR. @param minorUnits whole cents where the currency has two decimals. */
  const money = (minorUnits: number, currency: string, digits: number): string => {
    const amount = number(minorUnits / 10 ** digits, digits);
    return language === 'es' ? `${amount}${nbsp}${currency}` : `${currency}${nbsp}${amount}`;
  };
  /** 850 ms, 1.25 s */
  const answerTime = (seconds: number): string => {
    const milliseconds = Math.round(seconds * 1000);
    return milliseconds < 1000 ? `${milliseconds}${nbsp}ms` : `${number(milliseconds / 1000, 2)}${nbsp}s`;
  };

  /** 40 s, 31 min, 2 h 10 min, 44 h, 2 d 14 h. @param seconds not negative. */
  const duration = (seconds: number): string => {
    if (seconds > 0 && seconds < 59.5) return `${Math.ceil(seconds)}${nbsp}s`;
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return `${minutes}${nbsp}min`;
    if (minutes < 2 * 24 * 60) {
      const rest = minutes % 60;
      return `${Math.floor(minutes / 60)}${nbsp}h${rest === 0 ? '' : `${nbsp}${rest}${nbsp}min`}`;
    }
    const hours = Math.round(minutes / 60);
    const rest = hours % 24;
    return `${number(Math.floor(hours / 24))}${nbsp}d${rest === 0 ? '' : `${nbsp}${rest}${nbsp}h`}`;
  };
  /** +2 h, −31 min, ±0 min */
  const signedDuration = (seconds: number): string => {
    if (Math.abs(seconds) < 0.5) return `±${duration(0)}`;
    return `${seconds > 0 ? '+' : minus}${duration(Math.abs(seconds))}`;
  };

  const date = (instant: number, { offset }: Zone): string => {
    const wall = wallClock(instant, offset);
    return locale.date(wall.date, monthName(wall.month), wall.year);
  };
  return {
    language,
    number,
    signed,
    pctJudged,
    pctKnown,
    pctTarget,
    pctRange,
    money,
    answerTime,
    duration,
    signedDuration,
    /** 14 October */
    day: (instant: number, { offset }: Zone): string => {
      const wall = wallClock(instant, offset);
      return locale.day(wall.date, monthName(wall.month));
    },
    /** 7 Oct */
    dayShort: (instant: number, { offset }: Pick<Zone, 'offset'>): string => {
      const wall = wallClock(instant, offset);
      return `${wall.date}${nbsp}${monthName(wall.month).slice(0, 3)}`;
    },
    /** 3 August 2026 */
    date,
    /** 1 November 2026, 00:00 CET */
    instant: (instant: number, zone: Zone): string =>
      `${date(instant, zone)}, ${clock(wallClock(instant, zone.offset))}${nbsp}${zone.zoneName}`,
    /** 2026-10-14 09:12 */
    stamp: (instant: number, { offset }: Zone): string => {
      const wall = wallClock(instant, offset);
      return `${wall.year}-${two(wall.month)}-${two(wall.date)}${nbsp}${clock(wall)}`;
    },
    /** October, of `2026-10`. */
    month: (month: string): string => monthName(monthNumber(month)),
    /** Oct */
    monthShort: (month: string): string => monthName(monthNumber(month)).slice(0, 3),
    /** October 2026 */
    monthYear: (month: string): string =>
      locale.monthYear(monthName(monthNumber(month)), Number(month.slice(0, 4))),
  };
}

/** `2026-10` and -1 are `2026-09`. */
export function monthFrom(month: string, months: number): string {
  const index = Number(month.slice(0, 4)) * 12 + monthNumber(month) - 1 + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${two((index % 12) + 1)}`;
}

/** @param month `2026-10` */
function monthNumber(month: string): number {
  return Number(month.slice(5));
}

interface Wall {
  readonly year: number;
  readonly month: number;
  readonly date: number;
  readonly hours: number;
  readonly minutes: number;
}

/** @param instant unix seconds. @param offset minutes ahead of UTC. */
function wallClock(instant: number, offset: number): Wall {
  const shifted = new Date((Math.floor(instant) + offset * 60) * 1000);
  const seconds = Math.floor(shifted.getTime() / 1000);
  const inDay = ((seconds % day) + day) % day;
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    date: shifted.getUTCDate(),
    hours: Math.floor(inDay / 3600),
    minutes: Math.floor((inDay % 3600) / 60),
  };
}

function clock({ hours, minutes }: Wall): string {
  return `${two(hours)}:${two(minutes)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
