import { controlNames } from '../../alerts/controls.ts';
import type { Duties } from '../facts/duties.ts';
import type { Measuring } from '../kpi.ts';

/** The owner of the control, else of the customer, else the provider: somebody always answers. */
export async function readDuties({ policy, customer }: Measuring): Promise<Duties> {
  const fallback = policy.customers[customer]?.owner ?? policy.provider;
  return Object.fromEntries(
    controlNames.map((control) => {
      const { owner, severity } = policy.controls[control];
      return [control, { owner: owner ?? fallback, severity }];
    }),
  );
}
