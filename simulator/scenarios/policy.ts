import { isMap, parseDocument } from 'yaml';
import { parsePolicy, type Policy } from '../../alerts/policy.ts';
import type { Scenario } from './scenario.ts';

/** A scenario's own part of a policy: who it is about. */
type Who = Pick<Scenario, 'name' | 'about' | 'zone'>;

/**
 * The text of a policy with the scenario's customer added: in everything but name and zone the policy's first customer.
 * @throws Error when the text is no policy.
 */
export function withCustomerOf({ name, about, zone }: Who, text: string): string {
  const [first = ''] = Object.keys(parsePolicy(text).customers);
  const document = parseDocument(text);
  const like = document.getIn(['customers', first]);
  if (!isMap(like)) throw new Error('the policy has no customer that a scenario could be like');
  const own = like.clone();
  if (isMap(own)) {
    own.set('name', about);
    own.set('zone', zone);
  }
  document.setIn(['customers', name], own);
  return document.toString({ lineWidth: 0 });
}

/** The policy with nobody but these customers. */
export function onlyFor(names: readonly string[], policy: Policy): Policy {
  const customers = Object.entries(policy.customers).filter(([name]) => names.includes(name));
  const services = Object.entries(policy.services).filter(([, { customer }]) => names.includes(customer));
  return { ...policy, customers: Object.fromEntries(customers), services: Object.fromEntries(services) };
}
