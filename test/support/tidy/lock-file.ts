interface Lock {
  readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly optionalDependencies?: object }>>;
}

/** What makes a lock file useless elsewhere: a registry's address, or a package that only other systems need left out. */
export function lockFindings({ packages }: Lock): readonly string[] {
  const names = Object.keys(packages);
  return Object.entries(packages).flatMap(([path, { resolved, optionalDependencies = {} }]) => [
    ...(resolved?.startsWith('http') ? [`${path} names a registry: ${resolved}`] : []),
    // npm writes the lock without what it could not get at that moment, and then `npm ci` refuses it everywhere
    ...Object.keys(optionalDependencies)
      .filter((name) => !names.some((known) => known.endsWith(`node_modules/${name}`)))
      .map((name) => `${name}, optional for ${path}, is not locked`),
  ]);
}
