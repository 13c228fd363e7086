/** ARM ids are compared without regard to case; every map is keyed by this. */
export const keyOf = (id: string): string => id.toLowerCase();

/** `Korea Central` and `koreacentral` are one region. */
export const regionKey = (region: string): string => region.replaceAll(' ', '').toLowerCase();

export const groupOfId = (id: string): string => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '';

export const subscriptionOfId = (id: string): string => /\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '';

/** `Microsoft.Compute/galleries/images` of `…/providers/Microsoft.Compute/galleries/g/images/i` */
export function typeOf(id: string): string {
  const [provider, ...rest] = (id.split('/providers/')[1] ?? '').split('/');
  return [provider, ...rest.filter((_, index) => index % 2 === 0)].join('/');
}
