import { at, type Report } from '../report.ts';

/** The `device` label of smartctl_exporter: no directory, and the type where it addresses a disk behind something. */
export function deviceLabel(name: string, type: string): string {
  const short = name.replace(/^\/dev\/(?:disk\/by-id\/|disk\/by-path\/)?/, '').replaceAll('/', '_');
  return type.includes(',') ? `${short}_${type.replaceAll(',', '_')}` : short;
}

/** Text as it stands in the report, blanks included; undefined when it is missing. */
export function rawText(report: unknown, ...path: readonly string[]): string | undefined {
  const found = at(report, ...path);
  if (typeof found === 'string') return found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined;
}

/** Text without the blanks around it; empty when it is missing. */
export function trimmed(report: unknown, ...path: readonly string[]): string {
  return (rawText(report, ...path) ?? '').trim();
}

/** A number, or a text that is one: SCSI gives gigabytes as `176987.332`. */
export function decimalAt(report: unknown, ...path: readonly string[]): number | undefined {
  const found = at(report, ...path);
  if (typeof found === 'number') return found;
  return typeof found === 'string' && /^\d{1,30}(?:\.\d{1,30})?$/.test(found) ? Number(found) : undefined;
}

/** Members of the object at a path. */
export function membersAt(
  report: Report,
  ...path: readonly string[]
): readonly (readonly [string, unknown])[] {
  const found = at(report, ...path);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? Object.entries(found) : [];
}
