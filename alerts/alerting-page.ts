import { inhibitions } from './inhibitions.ts';

/** The page about alerting with the table of what is muted as the data have it now. @throws Error when its markers are not there. */
export function withInhibitions(page: string): string {
  const [before, , after, ...more] = page.split(/(?<=<!-- inhibitions -->)|(?=<!-- \/inhibitions -->)/);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error('the markers <!-- inhibitions --> and <!-- /inhibitions --> are not there once');
  return [before, table(), after].join('\n\n');
}

function table(): string {
  const heads = ['While this fires', 'this is muted', 'where these are equal', 'because'];
  const rows = inhibitions.map(({ sources, targets, targetsAre, where, equal, why }) => [
    code(sources),
    `${targetsAre ?? code(targets)}${where === undefined ? '' : `, where \`${where}\``}`,
    code(equal),
    why,
  ]);
  return [heads, heads.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`)
    .join('\n');
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
