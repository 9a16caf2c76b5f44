import type { Notes } from '../facts/notes.ts';
import type { Measuring } from '../kpi.ts';
import { parseNotes } from '../notes.ts';

/** What people wrote; absent where nobody did. @throws Error that names what is not understood. */
export async function readNotes({ inputs }: Measuring): Promise<Notes | undefined> {
  return inputs.notes === undefined ? undefined : parseNotes(inputs.notes);
}
