/** Every measure, type size, colour and weight of the report, in points. No other file names a colour or a type size. */
export const page = { width: 595.28, height: 841.89, top: 68, bottom: 786, header: 36, footer: 806 } as const;

/** Twelve columns of 31 pt with gutters of 12 pt: 504 pt, centred on A4. */
export const grid = { column: 31, gutter: 12, width: 504, left: (595.28 - 504) / 2 } as const;

/** Width of so many columns. */
export const span = (columns: number): number => grid.column * columns + grid.gutter * (columns - 1);

/** Left edge of a column, counted from 0. */
export const columnAt = (column: number): number => grid.left + (grid.column + grid.gutter) * column;

export const colour = {
  ink: '#16222E',
  ink2: '#45525E',
  ink3: '#63707C',
  rule: '#C4CBD1',
  grid: '#E2E6E9',
  tint: '#F3F5F6',
  paper: '#FFFFFF',
  accent: '#1B4F7A',
  data: '#2A6496',
  data2: '#8DA5BA',
  data3: '#D3DDE5',
  ok: '#6594BF',
  ok2: '#C8D8E6',
  bad: '#981D14',
  met: '#1B7350',
  risk: '#9A5B00',
  missed: '#B0261C',
  none: '#63707C',
} as const;
export type Colour = (typeof colour)[keyof typeof colour];

/** Files in the font packages: whole TTFs, since script-split web fonts drop characters silently. */
export const fonts = {
  sans: '@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf',
  sansBold: '@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf',
  serif: '@expo-google-fonts/source-serif-4/400Regular/SourceSerif4_400Regular.ttf',
  serifBold: '@expo-google-fonts/source-serif-4/600SemiBold/SourceSerif4_600SemiBold.ttf',
} as const;
export type Face = keyof typeof fonts;

/** Height of a capital / size: what centres a line optically. */
export const capHeight: Readonly<Record<Face, number>> = {
  sans: 0.66,
  sansBold: 0.66,
  serif: 0.67,
  serifBold: 0.67,
};

export interface Style {
  readonly face: Face;
  /** Type size. */
  readonly size: number;
  /** From one baseline to the next. */
  readonly lead: number;
  readonly fill: Colour;
}

const style = (face: Face, size: number, lead: number, fill: Colour = colour.ink): Style => ({
  face,
  size,
  lead,
  fill,
});

export const styles = {
  display: style('serifBold', 25, 30),
  title: style('serifBold', 19, 24),
  lede: style('serif', 10.5, 15.5),
  ledeClose: style('serif', 10, 13.5),
  kicker: style('sansBold', 9, 12, colour.accent),
  h2: style('sansBold', 11, 14),
  body: style('sans', 9.5, 13),
  note: style('sans', 8, 10.5, colour.ink2),
  noteStrong: style('sansBold', 8, 10.5),
  label: style('sansBold', 8.5, 11),
  figure: style('sansBold', 21, 24),
  cell: style('sans', 8.5, 11),
  cellStrong: style('sansBold', 8.5, 11),
  head: style('sansBold', 7.5, 9.5, colour.ink2),
  axis: style('sans', 7.5, 9, colour.ink3),
  axisStrong: style('sansBold', 7.5, 9, colour.ink),
  running: style('sans', 7.5, 10, colour.ink2),
  runningStrong: style('sansBold', 7.5, 10, colour.ink2),
} as const satisfies Readonly<Record<string, Style>>;
export type StyleName = keyof typeof styles;

export const stroke = { hair: 0.5, rule: 0.75, line: 1.5 } as const;

/**
 * How closely a leadership page is set, the roomiest first. Type sizes of tables, charts and notes never change; only
 * leading, gaps and pictures give way. `details` are lines a page can do without. On page 1, `tiles` stand in
 * a column, and `reasons` are those of risks and decisions.
 */
export const densities = [
  { gap: 14, rowHeight: 17, air: 6, chart: 1.08, lede: 'lede', details: true, reasons: true, tiles: 4 },
  { gap: 11, rowHeight: 15.5, air: 4.5, chart: 1, lede: 'lede', details: true, reasons: true, tiles: 4 },
  {
    gap: 9,
    rowHeight: 14.5,
    air: 3.5,
    chart: 0.9,
    lede: 'ledeClose',
    details: false,
    reasons: true,
    tiles: 3,
  },
  {
    gap: 7,
    rowHeight: 13.5,
    air: 2.5,
    chart: 0.78,
    lede: 'ledeClose',
    details: false,
    reasons: false,
    tiles: 3,
  },
] as const;
export type Density = (typeof densities)[number];
