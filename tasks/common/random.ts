import { randomUUID } from 'node:crypto';

/** Makes names that nobody else has. An argument, so that a test can hand out its own. */
export type NewId = () => string;

export const newId: NewId = () => randomUUID();
