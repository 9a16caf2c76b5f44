import { Worker } from 'node:worker_threads';
import type { Answer, Question } from './basic-auth-worker.ts';

export interface Bcrypt {
  /**
   * Whether a password belongs to a hash. Passwords are queued and compared one at a time.
   * @throws Error when the thread ended before it answered; the next call starts a new one.
   */
  readonly compare: (password: string, hash: string) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/**
 * bcrypt on a thread of its own: bcryptjs takes some 75 ms at cost 10 and would stop every other answer for as long.
 * The thread starts with the first question and ends when it had none for a while, since it costs memory.
 * @param idle milliseconds without a question after which the thread ends.
 */
export function createBcrypt(idle = 10_000): Bcrypt {
  const waiting = new Map<number, { resolve: (equal: boolean) => void; reject: (error: Error) => void }>();
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let last = 0;

  const start = (): Worker => {
    const started = new Worker(new URL('./basic-auth-worker.ts', import.meta.url), { name: 'bcrypt' });
    started.unref();
    started.on('message', ({ id, equal }: Answer) => {
      waiting.get(id)?.resolve(equal);
      waiting.delete(id);
      if (waiting.size === 0) timer = setTimeout(() => void stop(), idle).unref();
    });
    const ended = (cause?: Error) => {
      if (worker === started) forget(cause);
    };
    started.on('error', ended);
    started.on('exit', () => ended());
    return started;
  };

  const forget = (cause?: Error): void => {
    clearTimeout(timer);
    worker = undefined;
    const error = new Error('the password check ended before it answered', { cause });
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };

  const stop = async (): Promise<void> => {
    const ending = worker;
    forget();
    await ending?.terminate();
  };

  return {
    compare: (password, hash) => {
      clearTimeout(timer);
      worker ??= start();
      const question: Question = { id: (last += 1), password, hash };
      worker.postMessage(question, []);
      return new Promise((resolve, reject) => waiting.set(question.id, { resolve, reject }));
    },
    close: stop,
  };
}
