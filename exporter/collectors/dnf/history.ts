import { CollectorError, type Host, type SqlValue } from '../../collector.ts';
import type { DeployedPackage, Deployment } from '../patch/deployments.ts';
import { evrOf } from '../versions/rpm.ts';
import { withoutSecrets } from './tool.ts';

type Row = Readonly<Record<string, SqlValue>>;

/**
 * One row per package of every transaction, of the newest 2000 transactions. `dnf history list` cuts command lines to 24
 * characters and times to minutes. See libdnf/transaction/sql/create.sql.
 */
export const historyQuery = `select t.id, t.dt_begin, t.dt_end, t.user_id, t.cmdline, t.state,
 i.action, i.state as item_state, r.name, r.epoch, r.version, r.release, r.arch,
 (select count(*) from console_output c where c.trans_id = t.id and (c.line like '%scriptlet failed%' or c.line like 'error: lua script failed%' or c.line like 'Error in % scriptlet%')) as failed_scriptlets
 from trans t left join trans_item i on i.trans_id = t.id left join rpm r on r.item_id = i.item_id
 where t.id > (select coalesce(max(id), 0) - 2000 from trans) order by t.id, i.id`;

/** TransactionState and TransactionItemState in libdnf/transaction/Types.hpp. */
const done = 1;

/** TransactionItemAction in libdnf/transaction/Types.hpp. */
const actions: ReadonlyMap<number, 'to' | 'from' | 'same'> = new Map([
  [1, 'to'], // install
  [2, 'to'], // downgrade
  [3, 'from'], // downgraded
  [4, 'to'], // obsolete
  [5, 'from'], // obsoleted
  [6, 'to'], // upgrade
  [7, 'from'], // upgraded
  [8, 'from'], // remove
  [9, 'same'], // reinstall
]);

export interface HistoryContext {
  /** Whether the transaction that has not ended is under way now. */
  readonly running: boolean;
  /** Name of a user by its number. */
  readonly userName: (id: number) => string | undefined;
}

/**
 * Transactions as deployments. One that has no end and is not under way was interrupted. Marks and groups change no package.
 * @throws CollectorError unexpected_output when a row is not what libdnf writes.
 */
export function deploymentsOf(rows: readonly Row[], context: HistoryContext): readonly Deployment[] {
  const newest = rows.at(-1)?.['id'];
  return [...Map.groupBy(rows, (row) => row['id'])].flatMap(([id, items]) => {
    const [first] = items;
    if (first === undefined) return [];
    const started = whole(first, 'dt_begin');
    const state = whole(first, 'state');
    const unfinished = state === 0;
    if (unfinished && id === newest && context.running) return [];
    const packages = packagesOf(items);
    if (packages.length === 0 && state === done) return [];
    const ended = optional(first, 'dt_end');
    const uid = optional(first, 'user_id');
    const command = first['cmdline'];
    const scriptletFailed = (optional(first, 'failed_scriptlets') ?? 0) > 0;
    return [
      {
        started,
        ...(ended === undefined || ended < started ? {} : { ended }),
        outcome: outcomeOf(state, packages, scriptletFailed),
        packages,
        actor: uid === undefined || uid < 0 || uid >= 4_294_967_295 ? undefined : context.userName(uid),
        ...(typeof command === 'string' && command !== '' ? { command: withoutSecrets(command) } : {}),
        number: String(id),
      },
    ];
  });
}

/** A scriptlet after the installation that fails leaves the package installed and the transaction `done`. */
function outcomeOf(
  state: number,
  packages: readonly DeployedPackage[],
  scriptletFailed: boolean,
): Deployment['outcome'] {
  const failed = packages.filter((one) => one.failed === true).length;
  if (state === done && failed === 0) return scriptletFailed ? 'partial' : 'success';
  return failed < packages.length ? 'partial' : 'failure';
}

/** Both halves of an upgrade are items of their own; they belong together by name and architecture, or by name alone. */
function packagesOf(items: readonly Row[]): readonly DeployedPackage[] {
  const changes = items.flatMap((row) => {
    const side = actions.get(optional(row, 'action') ?? 0);
    const { name, version, release, arch } = row;
    if (side === undefined || typeof name !== 'string') return [];
    const evr = evrOf(String(row['epoch'] ?? '0'), String(version), String(release));
    return [{ side, name, arch: String(arch), evr, failed: optional(row, 'item_state') !== done }];
  });
  const gone = changes.filter(({ side }) => side === 'from');
  const used = new Set<(typeof gone)[number]>();
  const arrived = changes.filter(({ side }) => side !== 'from');
  const pairs = arrived.map(({ side, name, arch, evr, failed }): DeployedPackage => {
    const before =
      gone.find((one) => one.name === name && one.arch === arch && !used.has(one)) ??
      gone.find((one) => one.name === name && !used.has(one));
    if (before !== undefined) used.add(before);
    const from = side === 'same' ? evr : before?.evr;
    return {
      name: `${name}.${arch}`,
      ...(from === undefined ? {} : { from }),
      to: evr,
      ...(failed ? { failed } : {}),
    };
  });
  const removed = gone
    .filter((one) => !used.has(one))
    .map(({ name, arch, evr, failed }): DeployedPackage => ({
      name: `${name}.${arch}`,
      from: evr,
      ...(failed ? { failed } : {}),
    }));
  return [...pairs, ...removed];
}

function optional(row: Row, column: string): number | undefined {
  const value = row[column];
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

function whole(row: Row, column: string): number {
  const value = optional(row, column);
  if (value === undefined)
    throw new CollectorError(
      'unexpected_output',
      `the history of dnf has a transaction without ${column} (number ${String(row['id'])})`,
    );
  return value;
}

/**
 * Reads /var/lib/dnf/history.sqlite; undefined when it is not there.
 * @throws CollectorError as Host.query and `deploymentsOf`.
 */
export async function readHistory(host: Host, directory: string): Promise<readonly Deployment[] | undefined> {
  const rows = await host.query(`${directory}/history.sqlite`, historyQuery);
  if (rows === undefined) return undefined;
  const users = parseUsers((await host.read('/etc/passwd')) ?? '');
  return deploymentsOf(rows, {
    running: await isRunning(host, directory),
    userName: (id) => users.get(id) ?? `uid ${id}`,
  });
}

/** Names by number, from passwd(5). */
export function parseUsers(text: string): ReadonlyMap<number, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [name, , id] = line.split(':');
      return name !== undefined && id !== undefined && /^\d+$/.test(id) ? [[Number(id), name] as const] : [];
    }),
  );
}

/** dnf writes its process number into a lock and leaves it behind when it is killed (dnf/lock.py). */
async function isRunning(host: Host, directory: string): Promise<boolean> {
  const holder = (await host.read(`${directory}/rpmdb_lock.pid`))?.trim();
  if (holder === undefined || !/^\d+$/.test(holder)) return false;
  return (await host.stat(`/proc/${holder}`)) !== undefined;
}
