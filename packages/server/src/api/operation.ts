/** One parameter in short form: `name`, or `name*` when required, with what it means. */
export type Parameters = Readonly<Record<string, string>>;

/** One route, in short form. */
export interface Operation {
  readonly summary: string;
  readonly tag: "query" | "browse" | "status" | "avx" | "ingest";
  readonly methods: readonly ("get" | "post" | "put" | "delete")[];
  readonly parameters?: Parameters;
  /** Content types of a request body. */
  readonly body?: readonly string[];
}
