import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { AvxError } from "@avx/model";

/** Where the certificate chain and its key lie, as PEM. */
export interface TlsPaths {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What Node's TLS and gRPC take. */
export interface TlsContent {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** The certificate in use, which can be read anew without a restart. */
export class TlsFiles {
  readonly #paths: TlsPaths;
  readonly #users: ((content: TlsContent) => void)[] = [];
  #content: TlsContent;

  /** Throws `invalid_config` when the files cannot be read or do not fit one another. */
  constructor(paths: TlsPaths) {
    this.#paths = paths;
    this.#content = readContent(paths);
  }

  get content(): TlsContent {
    return this.#content;
  }

  /** Tells a listener of every new certificate. */
  onChange(use: (content: TlsContent) => void): void {
    this.#users.push(use);
  }

  /** Reads the files again; the old certificate stays when they are wrong. Throws as the constructor. */
  reload(): void {
    this.#content = readContent(this.#paths);
    for (const use of this.#users) use(this.#content);
  }
}

function readContent({ certFile, keyFile }: TlsPaths): TlsContent {
  const content = {
    cert: readPem("--tls-cert", certFile),
    key: readPem("--tls-key", keyFile),
  };
  try {
    createSecureContext(content);
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    const reason = `${certFile} and ${keyFile} cannot be used: ${what}`;
    throw new AvxError("invalid_config", { option: "--tls-cert", reason }, { cause });
  }
  return content;
}

function readPem(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AvxError("invalid_config", { option, reason }, { cause });
  }
}
