import type { Acknowledgement } from './acknowledgements/acknowledgement.ts';
import type { Snapshot } from './snapshot.ts';

/** What a report is given beside Prometheus and the policy; what is absent is said to be not given, never assumed. */
export interface Inputs {
  /** The snapshot written at onboarding (`--baseline`). */
  readonly baseline?: Snapshot;
  /** What people wrote about the month (`notes/2026-10.md`), as Markdown. */
  readonly notes?: string;
  /** Who took which alert when (`--acknowledgements`), of any time and customer. */
  readonly acknowledgements?: readonly Acknowledgement[];
}
