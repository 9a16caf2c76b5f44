import { parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';

/** One password to compare, asked from the main thread. */
export interface Question {
  readonly id: number;
  readonly password: string;
  readonly hash: string;
}

export interface Answer {
  readonly id: number;
  readonly equal: boolean;
}

/* A message is handled to its end before the next one: never two bcrypt at a time. */
parentPort?.on('message', ({ id, password, hash }: Question) => {
  const answer: Answer = { id, equal: compareSync(password, hash) };
  parentPort?.postMessage(answer, []);
});
