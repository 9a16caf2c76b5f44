import { threeHosts } from './faults-alone.ts';
import type { Scenario } from './scenario.ts';

/** The same troubles in every month, some across its edges. */
const troubles: Scenario['troubles'] = [
  ['file-1', -0.5, 3, { kind: 'backup_failing', job: 'nightly' }],
  ['app-1', 3, 2, { kind: 'exporter_down' }],
  ['pc-1', 9, 3, { kind: 'antivirus_stopped' }],
  ['app-1', 27, 9, { kind: 'disk_vanished', disk: 1 }],
];

const months: readonly (readonly [name: string, zone: string, month: string, about: string])[] = [
  ['madrid-march', 'Europe/Madrid', '2026-03', 'summer time begins: 743 hours'],
  ['madrid-october', 'Europe/Madrid', '2026-10', 'summer time ends: 745 hours'],
  ['lord-howe-april', 'Australia/Lord_Howe', '2026-04', 'summer time of half an hour ends'],
  ['lord-howe-october', 'Australia/Lord_Howe', '2026-10', 'summer time of half an hour begins'],
  ['santiago-april', 'America/Santiago', '2026-04', 'summer time ends at midnight, in the south'],
  ['santiago-september', 'America/Santiago', '2026-09', 'summer time begins at a midnight that is skipped'],
  ['havana-november', 'America/Havana', '2026-11', 'the midnight that begins the month is shown twice'],
  ['utc', 'UTC', '2026-04', 'an evaluation at both edges of the month'],
  ['kolkata', 'Asia/Kolkata', '2026-04', 'a zone at a half hour'],
  ['kathmandu', 'Asia/Kathmandu', '2026-04', 'a zone at a quarter hour'],
  ['kiritimati', 'Pacific/Kiritimati', '2026-04', 'fourteen hours ahead'],
  ['new-york-february', 'America/New_York', '2026-02', 'twenty-eight days'],
  ['tokyo-february', 'Asia/Tokyo', '2024-02', 'twenty-nine days'],
];

export const calendars: readonly Scenario[] = months.map(([name, zone, month, about]) => ({
  name,
  about,
  zone,
  month,
  hosts: threeHosts,
  troubles,
}));
