import type { Colour, StyleName } from './tokens.ts';

/** One mark of a picture; places are points from the picture's top left corner. */
export type Item =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly x: number;
      /** The baseline. */
      readonly y: number;
      readonly style: StyleName;
      readonly align?: 'start' | 'middle' | 'end';
      readonly fill?: Colour;
    }
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly fill?: Colour;
      readonly stroke?: Colour;
      readonly weight?: number;
    }
  | {
      readonly kind: 'path';
      /** SVG path data. */
      readonly path: string;
      readonly fill?: Colour;
      readonly stroke?: Colour;
      readonly weight?: number;
      /** Length of a dash and of the gap after it. */
      readonly dash?: readonly [number, number];
    };

/** A picture as data: no library and no page, so that the same list can become PDF or SVG. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Says what the picture says. */
  readonly alt: string;
  readonly items: readonly Item[];
}

/** Width of a text in points, as the page will set it. */
export type Measure = (text: string, style: StyleName) => number;
