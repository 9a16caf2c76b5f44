import { hostColumn } from '../table.ts';

/** The labels of a host. */
export const host = 'customer, instance';

/** Last in each table: with one host picked they say nothing new. */
export const hostColumns = { instance: hostColumn, customer: { title: 'Customer' } } as const;

/** PromQL: a fact per object, the highest where several series say it. */
export function worst(labels: string, selector: string): string {
  return `max by (${host}, ${labels}) (${selector})`;
}

/** PromQL: seconds since the newest timestamp of each object. */
export function age(labels: string, selector: string): string {
  return `time() - ${worst(labels, selector)}`;
}
