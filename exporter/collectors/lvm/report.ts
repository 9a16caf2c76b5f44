import { z } from 'zod';
import { CollectorError } from '../../collector.ts';

/** Arguments that make lvs and vgs print JSON with whole bytes; lvmreport(7). */
const format = ['--reportformat', 'json', '--units', 'b', '--nosuffix'];

export const vgsArguments = [...format, '-o', 'vg_name,vg_uuid,vg_size,pv_count,vg_missing_pv_count'];

/** Only fields of whole volumes: one of their segments would print a row for each segment. */
export const lvsArguments = [
  ...format,
  '-a',
  '-o',
  'vg_name,lv_name,lv_uuid,lv_layout,lv_role,lv_parent,lv_attr,lv_active,lv_health_status,lv_size,data_percent,metadata_percent,snap_percent,sync_percent,raid_mismatch_count,raid_sync_action',
];

const text = z.string();
/** A number, empty where it does not apply. */
const number = z.string().transform((value) => (/^\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined));

const groupSchema = z.object({
  vg_name: text,
  vg_uuid: text,
  vg_size: number,
  pv_count: number,
  vg_missing_pv_count: number,
});
export type Group = z.infer<typeof groupSchema>;

const volumeSchema = z.object({
  vg_name: text,
  /** In brackets where it is hidden. */
  lv_name: text,
  lv_uuid: text,
  /** `raid,raid1`, `thin,pool`, `linear` ... */
  lv_layout: text,
  /** `public`, `private,raid,image` ... */
  lv_role: text,
  lv_parent: text,
  /** Ten letters, lvs(8). */
  lv_attr: text,
  /** Empty when it is not active, or the kernel cannot be asked. */
  lv_active: text,
  lv_health_status: text,
  lv_size: number,
  data_percent: number,
  metadata_percent: number,
  snap_percent: number,
  sync_percent: number,
  raid_mismatch_count: number,
  raid_sync_action: text,
});
export type LogicalVolume = z.infer<typeof volumeSchema>;

/** @throws CollectorError unexpected_output. */
export function parseGroups(json: string): readonly Group[] {
  const report = z.object({ report: z.array(z.object({ vg: z.array(groupSchema) })) });
  return checked('vgs', report, json).report.flatMap(({ vg }) => vg);
}

/** @throws CollectorError unexpected_output. */
export function parseVolumes(json: string): readonly LogicalVolume[] {
  const report = z.object({ report: z.array(z.object({ lv: z.array(volumeSchema) })) });
  return checked('lvs', report, json).report.flatMap(({ lv }) => lv);
}

function checked<T>(tool: string, schema: z.ZodType<T>, json: string): T {
  try {
    return schema.parse(JSON.parse(json));
  } catch (error) {
    throw new CollectorError(
      'unexpected_output',
      `${tool} printed no report, or one that is cut off (LVM 2.02.158 or newer prints JSON): ${JSON.stringify(json.trim().slice(0, 60))}`,
      { cause: error },
    );
  }
}
