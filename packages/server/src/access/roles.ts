/** What a key may do: send telemetry, ask, or everything. */
export const ROLES = ["ingest", "read", "admin"] as const;

/** One of `ROLES`. */
export type Role = (typeof ROLES)[number];

/** What a route asks of its caller; "open" asks nothing. */
export type RouteAccess = "open" | Role;

/** Who calls, once a key or a session has said so. */
export interface Caller {
  readonly keyId: string;
  /** The name that the key was given. */
  readonly name: string;
  readonly role: Role;
}

/** Whether the role opens a route. An admin may everything; the other two exclude one another. */
export function mayEnter(role: Role, access: RouteAccess): boolean {
  return access === "open" || role === "admin" || role === access;
}
