import type { SecureContextOptions } from "node:tls";
import {
  type Metadata,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  type status,
} from "@grpc/grpc-js";
import type { Gate } from "../access/gate.ts";
import type { TlsContent, TlsFiles } from "../access/tls-files.ts";

const OLDEST_TLS = "TLSv1.2";

/** Who may call, and how it is encrypted. */
export interface GrpcAccess {
  readonly gate: Gate;
  /** Undefined: not at all. */
  readonly tls: TlsFiles | undefined;
}

/** The certificate of a gRPC port, which changes with the files. */
class TlsCredentials extends ServerCredentials {
  constructor(tls: TlsFiles) {
    super({ minVersion: OLDEST_TLS }, contextOf(tls.content));
    tls.onChange((content) => this.updateSecureContextOptions(contextOf(content)));
  }

  override _equals(other: ServerCredentials): boolean {
    return other === this;
  }
}

function contextOf({ cert, key }: TlsContent): SecureContextOptions {
  return { cert, key, minVersion: OLDEST_TLS };
}

/** Plain without TLS files. */
export function grpcCredentials(tls: TlsFiles | undefined): ServerCredentials {
  return tls ? new TlsCredentials(tls) : ServerCredentials.createInsecure();
}

/** How a call ends that is not taken. */
export interface GrpcRefusal {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** Asks for an ingest key before a message is read; what `refuse` makes of an error is answered. */
export function gateInterceptor(
  gate: Gate,
  refuse: (error: unknown, path: string) => GrpcRefusal,
): ServerInterceptor {
  return ({ path }, call) =>
    new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, admit) {
            try {
              gate.admit("ingest", credentialsOf(metadata, call.getPeer()));
            } catch (error) {
              call.sendStatus(refuse(error, path));
              return;
            }
            admit(metadata);
          },
        });
      },
    });
}

function credentialsOf(metadata: Metadata, peer: string) {
  const authorization = String(metadata.get("authorization")[0] ?? "");
  return { authorization, cookie: "", address: peer.replace(/:\d+$/, "") };
}
