import type { Collection, Host } from '../../collector.ts';
import { recordDeployments } from '../patch/deployments.ts';
import type { Answer, Update } from './answer.ts';
import { deploymentsOf } from './history.ts';
import { editionOf, trainOf } from './updates.ts';

/** Everything the agent installed or removed, with its outcome. @throws CollectorError when there is no history. */
export async function readDeployments(host: Host, answer: Answer): Promise<Collection> {
  const { entries } = answer.part('history');
  const { booted } = answer.part('system');
  const waiting = answer.part('restart').updates;
  return recordDeployments(host, deploymentsOf(entries), {
    manager: 'windows_update',
    source: 'QueryHistory of the Windows Update Agent',
    booted,
    needsReboot: (title) => waits(title, waiting),
  });
}

/** Whether the update of this title is among those that are installed and wait for a reboot. */
function waits(title: string, waiting: readonly Update[]): boolean {
  const { article } = editionOf({ Title: title, UpdateID: undefined });
  return waiting.some((update) =>
    article === undefined ? trainOf(update.Title) === trainOf(title) : editionOf(update).article === article,
  );
}
