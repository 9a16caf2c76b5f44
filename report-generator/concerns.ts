/** Whether something of the policy is about the customer: it is about all where it names none. */
export function concerns(customers: string | readonly string[] | undefined, customer: string): boolean {
  return customers === undefined || [customers].flat().includes(customer);
}
