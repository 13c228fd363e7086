import type { Call } from '../core/http.ts';

/** What a call needs: actions, all of them, and the resource that they are asked for. */
export interface Need {
  readonly actions: readonly string[];
  readonly scope: string;
}

const verbs: Readonly<Record<string, string>> = {
  GET: 'read',
  HEAD: 'read',
  DELETE: 'delete',
  PUT: 'write',
  PATCH: 'write',
};

/**
 * Microsoft Learn, resource-provider-operations: `{provider}/{types}/{verb}`, where a POST ends in the name of what it
 * does and `action`. Undefined for what anybody may ask.
 */
export function needOf({ method, url }: Pick<Call, 'method' | 'url'>): Need | undefined {
  const parts = url.pathname.split('/').filter((part) => part !== '');
  if (parts[0]?.toLowerCase() !== 'subscriptions' || parts.length < 2) return undefined;
  const provider = parts.map((part) => part.toLowerCase()).lastIndexOf('providers');
  const own = provider < 0 || provider + 2 >= parts.length;
  const namespace = own ? 'Microsoft.Resources' : (parts[provider + 1] ?? '');
  const rest = own ? parts : parts.slice(provider + 2);
  const types = rest.filter((_, index) => index % 2 === 0);
  const isWhole = rest.length % 2 === 0;
  const name = [namespace, ...types].join('/');
  const scope = scopeOf(parts, isWhole, own ? -1 : provider);
  return { actions: actionsOf(method, name, isWhole, url), scope };
}

function actionsOf(method: string, name: string, isWhole: boolean, url: URL): readonly string[] {
  if (method === 'POST') return [isWhole ? `${name}/write` : `${name}/action`];
  const action = `${name}/${verbs[method] ?? method}`;
  return expandsView(url) ? [action, `${name}/instanceView/read`] : [action];
}

/** Whether a list with instance views needs the right to read a view is not proven: here it does (README.md). */
const expandsView = ({ pathname, searchParams }: URL) =>
  /\/virtualMachineScaleSets\/[^/]+\/virtualMachines$/i.test(pathname) &&
  searchParams.get('$expand')?.toLowerCase() === 'instanceview';

/** The resource itself; for a list or an action what it is asked of. */
function scopeOf(parts: readonly string[], isWhole: boolean, provider: number): string {
  if (isWhole) return join(parts);
  const isWholeType = provider >= 0 && parts.length === provider + 3;
  return join(parts.slice(0, isWholeType ? provider : -1));
}

const join = (parts: readonly string[]) => `/${parts.map(decodeURIComponent).join('/')}`;
