import manifest from '../../package.json' with { type: 'json' };

/** How Azure's support finds our calls. */
export const userAgent = `phoenix-scale-sets/${manifest.version}`;
