import { z } from 'zod';
import { CollectorError, type Problem, type Reason } from '../../collector.ts';
import type { VolumeFacts } from '../volume/facts.ts';

const text = z.union([z.string(), z.number()]).transform((value) => String(value).trim());
const listOf = <T extends z.ZodType>(entry: T) => z.array(entry).default([]);
const stateOnly = z.object({ State: text });

const controllerSchema = z.object({
  'Command Status': z.object({
    Controller: text.optional(),
    Status: text,
    Description: text.default(''),
    'Detailed Status': z.unknown().optional(),
  }),
  'Response Data': z.unknown().optional(),
});

const dataSchema = z.object({
  Basics: z.object({ 'Serial Number': text.optional() }),
  Status: z.object({ 'Controller Status': text }).optional(),
  TOPOLOGY: listOf(z.object({ DG: text, Type: text, State: text })),
  'Virtual Drives': z.number().optional(),
  'VD LIST': listOf(z.object({ 'DG/VD': text, TYPE: text, State: text })),
  'PD LIST': listOf(stateOnly),
  BBU_Info: listOf(stateOnly),
  Cachevault_Info: listOf(stateOnly),
});

/** What is known of one controller. */
export interface Controller {
  /** `c0`, as in `storcli /c0`. */
  readonly name: string;
  /** Undefined where it does not tell. */
  readonly healthy: boolean | undefined;
  /** Undefined where there is none. */
  readonly batteryHealthy: boolean | undefined;
  /** Drives that failed or went offline, in a volume or not. */
  readonly failedDrives: number;
  readonly volumes: readonly VolumeFacts[];
}

/**
 * Controllers in `storcli /cALL show all J`, and those that did not answer: each has a status of its own.
 * @throws CollectorError unexpected_output.
 */
export function parseAnswer(json: string): {
  readonly controllers: readonly Controller[];
  readonly problems: readonly Problem[];
  /** Whether it says that there is no controller at all. */
  readonly none: boolean;
} {
  const answers = controllersIn(json);
  const none = answers.some(({ 'Command Status': status }) =>
    /no controller found/i.test(status.Description),
  );
  const read = answers.map((answer) => readController(answer));
  return {
    none,
    controllers: read.flatMap(({ controller }) => controller ?? []),
    problems: none ? [] : read.flatMap(({ problem }) => problem ?? []),
  };
}

type Answer = z.infer<typeof controllerSchema>;

function controllersIn(json: string): readonly Answer[] {
  try {
    const document: unknown = JSON.parse(json.slice(Math.max(0, json.indexOf('{'))));
    return z.object({ Controllers: z.array(controllerSchema).min(1) }).parse(document).Controllers;
  } catch (error) {
    throw new CollectorError(
      'unexpected_output',
      `storcli printed no JSON, or it is cut off: ${JSON.stringify(json.trim().slice(0, 60))}`,
      { cause: error },
    );
  }
}

function readController(answer: Answer): { readonly controller?: Controller; readonly problem?: Problem } {
  const { Controller: number = '?', Status: status, Description: said, ...more } = answer['Command Status'];
  const name = `c${number}`;
  if (status !== 'Success') {
    const details = JSON.stringify(more['Detailed Status'] ?? '');
    const reason: Reason = /root|permission|privilege/i.test(said + details)
      ? 'permission_denied'
      : 'device_unreadable';
    return { problem: { reason, message: `controller ${name}: ${said} ${details}`.slice(0, 300) } };
  }
  const { data } = dataSchema.safeParse(answer['Response Data']);
  if (data === undefined)
    return {
      problem: {
        reason: 'unexpected_output',
        message: `controller ${name} answered something else than show all prints`,
      },
    };
  const listed = data['VD LIST'].length;
  const problem: Problem | undefined =
    (data['Virtual Drives'] ?? listed) === listed
      ? undefined
      : {
          reason: 'unexpected_output',
          message: `controller ${name} counts ${data['Virtual Drives']} virtual drives and lists ${listed}`,
        };
  const serial = data.Basics['Serial Number'] ?? '';
  const batteries = [...data.BBU_Info, ...data.Cachevault_Info];
  const controller: Controller = {
    name,
    healthy: data.Status === undefined ? undefined : isFine(data.Status['Controller Status']),
    batteryHealthy: batteries.length === 0 ? undefined : batteries.every(({ State: state }) => isFine(state)),
    failedDrives: data['PD LIST'].filter(({ State: state }) =>
      /^(?:UBad|UBUnsp|Offln|Failed|Msng)$/i.test(state),
    ).length,
    volumes: data['VD LIST'].map((drive) => volume(name, serial, drive, data.TOPOLOGY)),
  };
  return problem === undefined ? { controller } : { controller, problem };
}

function isFine(state: string): boolean {
  return /^(?:optimal|optl|ok)$/i.test(state);
}

/** States as the legend of storcli explains them. */
function volume(
  controller: string,
  serial: string,
  drive: { readonly 'DG/VD': string; readonly TYPE: string; readonly State: string },
  topology: readonly { readonly DG: string; readonly Type: string; readonly State: string }[],
): VolumeFacts {
  const [group, number = ''] = drive['DG/VD'].split('/');
  const members = topology.filter(
    ({ DG, Type, State }) => DG === group && Type === 'DRIVE' && !/^[DG]HS$/i.test(State),
  );
  // A copy-back takes nothing away: the drive it copies from is still in its place.
  const lacking = members.filter(({ State }) => !/^(?:Onln|Cpybck|CBShld)$/i.test(State)).length;
  const state = drive.State.toLowerCase();
  const name = `${controller}/v${number}`;
  return {
    volume: name,
    id: serial === '' ? name : `${serial}/v${number}`,
    level: drive.TYPE.toLowerCase(),
    healthy: state === 'optl' && lacking === 0,
    operational: state === 'ofln' ? false : ['optl', 'pdgd', 'dgrd'].includes(state) ? true : undefined,
    members: members.length === 0 ? undefined : members.length,
    degradedMembers: members.length === 0 ? undefined : lacking,
    spares: topology.filter(({ DG, Type, State }) => DG === group && Type === 'DRIVE' && /^DHS$/i.test(State))
      .length,
  };
}
