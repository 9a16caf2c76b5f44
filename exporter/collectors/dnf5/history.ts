import type { Host } from '../../collector.ts';
import { deploymentsOf, parseUsers } from '../dnf/history.ts';
import type { Deployment } from '../patch/deployments.ts';

/** Seconds after which a transaction that has not ended is no longer under way. */
const longestRun = 6 * 3600;

/**
 * One row per package of every transaction, of the newest 2000, in the words of dnf 4: its numbers of states and actions. The
 * tables of names decide, not the numbers (libdnf5/transaction/db/sql/create_tables.sql).
 */
export const historyQuery = `select t.id, t.dt_begin, t.dt_end, t.user_id, t.description as cmdline,
 case ts.name when 'Ok' then 1 when 'Error' then 2 else 0 end as state,
 case ta.name when 'Install' then 1 when 'Upgrade' then 6 when 'Downgrade' then 2 when 'Reinstall' then 9 when 'Remove' then 8 when 'Replaced' then 7 else 11 end as action,
 case si.name when 'Ok' then 1 else 2 end as item_state,
 n.name, r.epoch, r.version, r.release, a.name as arch, 0 as failed_scriptlets
 from trans t left join trans_state ts on ts.id = t.state_id
 left join trans_item i on i.trans_id = t.id left join trans_item_state si on si.id = i.state_id
 left join trans_item_action ta on ta.id = i.action_id
 left join rpm r on r.item_id = i.item_id left join pkg_name n on n.id = r.name_id left join arch a on a.id = r.arch_id
 where t.id > (select coalesce(max(id), 0) - 2000 from trans) order by t.id, i.id`;

/**
 * Reads transaction_history.sqlite of dnf5; undefined when it is not there.
 * @param booted unix seconds, where known: what began before is not under way.
 * @throws CollectorError as Host.query and `deploymentsOf`.
 */
export async function readHistory(
  host: Host,
  database: string,
  booted: number | undefined,
): Promise<readonly Deployment[] | undefined> {
  const rows = await host.query(database, historyQuery);
  if (rows === undefined) return undefined;
  const users = parseUsers((await host.read('/etc/passwd')) ?? '');
  const begun = Number(rows.at(-1)?.['dt_begin'] ?? 0);
  return deploymentsOf(rows, {
    running: host.now() - begun < longestRun && begun >= (booted ?? 0),
    userName: (id) => users.get(id) ?? `uid ${id}`,
  });
}
