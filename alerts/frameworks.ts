import { cyberEssentials } from './frameworks/cyber_essentials.ts';
import type { Framework } from './frameworks/framework.ts';
import { iso27001 } from './frameworks/iso27001.ts';
import { nis2 } from './frameworks/nis2.ts';

const known = [iso27001, nis2, cyberEssentials] as const satisfies readonly Framework[];

export type FrameworkName = (typeof known)[number]['name'];

/** Every framework that readiness can be reported for. */
export const frameworks: readonly (Framework & { readonly name: FrameworkName })[] = known;
export const frameworkNames: readonly FrameworkName[] = known.map(({ name }) => name);
