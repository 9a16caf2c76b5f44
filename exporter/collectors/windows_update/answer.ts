import { z } from 'zod';
import { CollectorError } from '../../collector.ts';
import { dateSchema, releaseDateSchema } from './dates.ts';
import { agentError } from './errors.ts';

/** PowerShell turns a list of one into its member, an empty one into null, and old versions wrap it with its Count. */
function listOf<T>(member: z.ZodType<T>): z.ZodType<T[]> {
  return z
    .unknown()
    .optional()
    .transform((value) => {
      if (value === null || value === undefined) return [];
      if (Array.isArray(value)) return value.filter((one) => one !== null);
      return typeof value === 'object' && 'value' in value && 'Count' in value ? value.value : [value];
    })
    .pipe(z.array(member));
}

/** A list that must be there: one that is missing is not empty. */
function wholeListOf<T>(member: z.ZodType<T>): z.ZodType<T[]> {
  const list = listOf(member);
  return z.unknown().transform((value, context) => {
    const parsed = list.safeParse(value);
    if (value !== undefined && value !== null && parsed.success) return parsed.data;
    context.addIssue(parsed.error?.issues[0]?.message ?? 'is missing');
    return z.NEVER;
  });
}

const optionalText = z.string().nullish().catch(undefined);
const optionalNumber = z.coerce.number().nullish().catch(undefined);
const flag = z.boolean().nullish().catch(undefined);
const words = listOf(z.coerce.string());

const updateSchema = z.object({
  /** May carry a KB number, a month, a build; English, where the agent has it in English. */
  Title: z.string(),
  UpdateID: optionalText,
  KBArticleIDs: words,
  /** GUIDs of classifications and products: the same in every language. */
  CategoryIDs: words,
  CveIDs: words,
  SecurityBulletinIDs: words,
  MsrcSeverity: optionalText,
  /** Last published, UTC, in unix seconds; the day only. */
  LastDeploymentChangeTime: releaseDateSchema,
  IsHidden: flag,
  /** Whether it is only offered, and installed when somebody picks it. */
  BrowseOnly: flag,
});
export type Update = z.infer<typeof updateSchema>;

const searchSchema = z.object({
  /** OperationResultCode of MS-UAMG 2.2.9. */
  resultCode: z.number(),
  updates: wholeListOf(updateSchema),
});

const entrySchema = z.object({
  /** Unix seconds. */
  Date: dateSchema,
  /** 1 installation, 2 removal. */
  Operation: z.number(),
  /** OperationResultCode of MS-UAMG 2.2.9. */
  ResultCode: z.number(),
  HResult: optionalText,
  /** In the language it was installed in. */
  Title: z
    .string()
    .nullish()
    .transform((title) => title ?? ''),
  UpdateID: optionalText,
  RevisionNumber: optionalNumber,
  ClientApplicationID: optionalText,
  CategoryIDs: words,
});
export type HistoryEntry = z.infer<typeof entrySchema>;

const shapes = {
  system: z.object({ booted: dateSchema, build: optionalText }),
  policy: z.object({
    /** Whether an address of an update server is set, and whether it is in use. */
    server: flag,
    useServer: optionalNumber,
    noAutoUpdate: optionalNumber,
    option: optionalNumber,
    pausedUntil: dateSchema,
    /** Start mode of the service wuauserv. */
    service: optionalText,
  }),
  automatic: z.object({
    lastSearch: dateSchema,
    lastInstallation: dateSchema,
    notificationLevel: optionalNumber,
  }),
  search: searchSchema,
  restart: searchSchema,
  history: z.object({ total: z.number(), entries: wholeListOf(entrySchema) }),
};
type Parts = { readonly [P in keyof typeof shapes]: z.infer<(typeof shapes)[P]> };
const schemas: { readonly [P in keyof Parts]: z.ZodType<Parts[P]> } = shapes;
export type Policy = Parts['policy'];
export type Automatic = Parts['automatic'];

const documentSchema = z.looseObject({ generated: dateSchema, online: flag });
const errorSchema = z.object({ error: z.object({ hresult: z.coerce.string(), message: z.string() }) });

/** What the script printed. Each part is read on its own, because each may have failed on its own. */
export interface Answer {
  /** When it ran, unix seconds. */
  readonly generated: number;
  /** Whether it asked the update server, instead of taking what the last search found. */
  readonly online: boolean;
  /** @throws CollectorError with the reason the agent gave, or unexpected_output. */
  readonly part: <P extends keyof Parts>(name: P) => Parts[P];
}

/** @throws CollectorError unexpected_output when it is no document of the script. */
export function parseAnswer(document: unknown): Answer {
  const parsed = documentSchema.safeParse(document);
  const generated = parsed.data?.generated;
  if (parsed.data === undefined || generated === undefined)
    throw new CollectorError(
      'unexpected_output',
      'what came back about Windows Update does not say when it was made, so it is not from the script of the documentation',
    );
  const { data } = parsed;
  return {
    generated,
    online: data.online === true,
    part: (name) => parsePart(name, data[name]),
  };
}

/** Updates as a script lists them by themselves. @throws CollectorError unexpected_output. */
export function parseUpdates(list: unknown): readonly Update[] {
  return checked(listOf(updateSchema), list, 'the list of updates');
}

function parsePart<P extends keyof Parts>(name: P, value: unknown): Parts[P] {
  const failed = errorSchema.safeParse(value).data?.error;
  if (failed !== undefined) throw agentError(name, failed.hresult, failed.message);
  return checked(schemas[name], value, `the part ${name}`);
}

function checked<T>(schema: z.ZodType<T>, value: unknown, about: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CollectorError(
    'unexpected_output',
    `${about} of Windows Update is not what the script prints: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}; take the script of this version from the documentation`,
  );
}
