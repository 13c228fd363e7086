/** Who may do what, and what is locked. */
export interface AuthorizationState {
  /** By object id, lower case. A principal without an entry may do everything. */
  readonly assignments: Map<string, readonly Assignment[]>;
  /** Management locks by lower-case ARM id. */
  readonly locks: Map<string, Lock>;
}

/** A role at a scope: it counts there and for everything below. */
export interface Assignment {
  readonly scope: string;
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
}

export interface Lock {
  readonly id: string;
  readonly name: string;
  /** What is locked, with everything below. */
  readonly scope: string;
  readonly level: LockLevel;
  readonly notes?: string;
}

export type LockLevel = 'CanNotDelete' | 'ReadOnly';

export const emptyAuthorizationState = (): AuthorizationState => ({ assignments: new Map(), locks: new Map() });
