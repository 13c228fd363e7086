import type { Request } from './http.ts';

/** Where the page before this one ended; null on the first. */
export const skipToken = (request: Request): string | null => request.url.searchParams.get('$skiptoken');

/** One page of what is left, and the link to the next: it names the last item that has been shown. */
export function pageOf<Item>(
  request: Request,
  left: readonly Item[],
  size: number,
  tokenOf: (item: Item) => string,
): { readonly page: readonly Item[]; readonly nextLink?: string } {
  const page = left.slice(0, size);
  const last = page.at(-1);
  if (last === undefined || page.length === left.length) return { page };
  const next = new URL(request.url);
  next.searchParams.set('$skiptoken', tokenOf(last));
  return { page, nextLink: next.href };
}

/** `$expand=instanceView`, in any spelling. */
export const expandsView = (request: Request): boolean =>
  request.url.searchParams.get('$expand')?.toLowerCase() === 'instanceview';
