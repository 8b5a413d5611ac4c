/** What came of one attempt that was answered, whatever the protocol. */
export type OtlpReply =
  | {
      readonly kind: "taken";
      /** The encoded `Export*ServiceResponse`. */
      readonly body: Uint8Array;
    }
  | {
      readonly kind: "refused";
      readonly reason: string;
      /** The same request would be refused again. */
      readonly isFinal: boolean;
      /** The pause that the server asks for; undefined when it leaves that to the client. */
      readonly retryAfterMs: number | undefined;
    };
