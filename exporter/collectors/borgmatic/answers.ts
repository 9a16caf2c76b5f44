import { z } from 'zod';
import { CollectorError } from '../../collector.ts';
import { type Answer, readAnswer } from '../borg/archives.ts';

const namedSchema = z.object({
  repository: z.object({ location: z.string().optional(), label: z.string().optional() }),
});

/**
 * What borgmatic printed for several repositories: an array (`borgmatic list --json`, `info --json`), or one object after the other
 * (`borgmatic borg list --json`). Warnings of borg among them are passed over.
 * @throws CollectorError unexpected_output when there is no whole answer in it.
 */
export function parseAnswers(stdout: string): readonly unknown[] {
  const whole = parseJson(stdout.trim());
  if (Array.isArray(whole)) return whole;
  const answers = whole === undefined ? objects(stdout) : [whole];
  if (answers.length === 0)
    throw new CollectorError('unexpected_output', 'borgmatic printed no whole list of archives as JSON');
  return answers;
}

/** Objects as borg writes them: each begins with a line `{` and ends with a line `}`. */
function objects(stdout: string): readonly unknown[] {
  const lines = stdout.split('\n').map((line) => line.trimEnd());
  const found: unknown[] = [];
  let first: number | undefined;
  for (const [at, line] of lines.entries()) {
    if (line === '{') first = at;
    if (line !== '}' || first === undefined) continue;
    const value = parseJson(lines.slice(first, at + 1).join('\n'));
    if (value !== undefined) found.push(value);
    first = undefined;
  }
  return found;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The answer of one repository, found by its name and never by its place: where one of several does not answer, the others move up
 * (https://github.com/maxim-mityutko/borgmatic-exporter joins two lists by place).
 * @param repository its path or label, as the configuration of borgmatic has it; undefined where there is only one.
 * @throws CollectorError unexpected_output.
 */
export function pickAnswer(answers: readonly unknown[], repository: string | undefined): Answer {
  const named = answers.map((answer) => ({ answer, name: namedSchema.safeParse(answer).data?.repository }));
  const matching =
    repository === undefined
      ? named
      : named.filter(({ name }) => name?.location === repository || name?.label === repository);
  const [found, another] = matching.length === 0 && named.length === 1 ? named : matching;
  if (found !== undefined && another === undefined) return readAnswer(found.answer);
  const names = named.map(({ name }) => name?.location ?? 'one without a name').join(', ');
  throw new CollectorError(
    'unexpected_output',
    another === undefined
      ? `borgmatic told nothing of repository ${repository ?? ''}, only of ${names === '' ? 'none' : names}; check repository`
      : `borgmatic told of several repositories (${names}); name one of them with repository`,
  );
}
