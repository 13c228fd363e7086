/**
 * Whether a path with forward slashes fits patterns, one a line: `*` and `?` within one folder, `**` through all of them,
 * a leading `!` takes away again (learn.microsoft.com/azure/devops/pipelines/tasks/file-matching-patterns).
 */
export function fitsPatterns(path: string, patterns: string): boolean {
  let fits = false;
  for (const line of patterns.split('\n').map((written) => written.trim())) {
    const isTakenAway = line.startsWith('!');
    const pattern = isTakenAway ? line.slice(1) : line;
    if (pattern !== '' && asExpression(pattern).test(path)) fits = !isTakenAway;
  }
  return fits;
}

function asExpression(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*\*|\*|\?)/).map((part) => wild[part] ?? literal(part));
  return new RegExp(`^${parts.join('')}$`);
}

const wild: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };

function literal(text: string): string {
  return text.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
}
