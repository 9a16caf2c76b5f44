/** The last scrub of a file system that reached its end on every device. */
export interface Scrub {
  /** Unix seconds. */
  readonly ended: number;
  /** Blocks that could not be read or did not match, whether or not they could be put right. */
  readonly errors: number;
}

/**
 * The record that `btrfs scrub` keeps of a file system: a line per device, `<uuid>:<devid>|<name>:<number>|...` (btrfs-progs,
 * cmds/scrub.c, scrub_write_file). Its times are unix seconds, while `btrfs scrub status` prints local ones.
 * @returns undefined where no scrub has ended: none was begun, it is under way, or it was stopped.
 */
export function parseScrubRecord(text: string): Scrub | undefined {
  const devices = text
    .split('\n')
    .filter((line) => /^[0-9a-f-]{36}:\d+\|/.test(line))
    .map((line) => new Map(line.split('|').flatMap((field) => pair(field))));
  const ended = devices.map((device) => {
    const begun = device.get('t_resumed') || device.get('t_start');
    const lasted = device.get('duration');
    const whole = device.get('finished') === 1 && device.get('canceled') === 0;
    return !whole || begun === undefined || lasted === undefined ? undefined : begun + lasted;
  });
  const errors = devices.flatMap((device) =>
    ['read_errors', 'csum_errors', 'verify_errors', 'super_errors'].map((name) => device.get(name)),
  );
  if (devices.length === 0 || ended.includes(undefined) || errors.includes(undefined)) return undefined;
  return {
    ended: Math.max(...ended.map((at) => at ?? NaN)),
    errors: errors.reduce<number>((total, count) => total + (count ?? NaN), 0),
  };
}

function pair(field: string): readonly (readonly [name: string, value: number])[] {
  const [, name, value] = /^([a-z_]+):(\d+)$/.exec(field) ?? [];
  return name === undefined ? [] : [[name, Number(value)]];
}
