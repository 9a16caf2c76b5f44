/** Compares two texts by their characters, the same on every machine. */
export function inOrder(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
