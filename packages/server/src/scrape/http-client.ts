import { readFile } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage, STATUS_CODES } from "node:http";
import { request as httpsRequest } from "node:https";
import { inflateBody, MAX_INFLATED_BYTES } from "../ingest/inflate.ts";
import type { HttpClientConfig, Secret } from "./scrape-config.ts";

const MAX_REDIRECTS = 10;

/** What to ask for. */
export interface PageRequest {
  readonly url: string;
  readonly client: HttpClientConfig;
  readonly timeoutMs: number;
  /** After decompression; 0 = the limit of all doors, 32 MiB. */
  readonly maxBytes: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A 200 answer. */
export interface Page {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** A page is longer than its job allows. */
export class PageTooLarge extends Error {
  constructor(limit: number) {
    super(`body_size_limit of ${limit} bytes exceeded`);
  }
}

/** GETs a page; throws an Error whose message says what went wrong. */
export async function fetchPage(page: PageRequest): Promise<Page> {
  const signal = AbortSignal.timeout(page.timeoutMs);
  let url = new URL(page.url);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const answer = await get(url, page, signal);
    const location = answer.headers.location;
    const status = answer.statusCode ?? 0;
    if (status >= 300 && status < 400 && location && page.client.followRedirects) {
      answer.destroy();
      const next = new URL(location, url);
      if (!/^https?:$/.test(next.protocol)) throw new Error(`redirected to ${next.protocol}`);
      url = next;
      continue;
    }
    if (status !== 200) {
      answer.destroy();
      throw new Error(`server returned HTTP status ${status} ${STATUS_CODES[status] ?? ""}`.trim());
    }
    const body = await readBody(answer, page.maxBytes);
    return { contentType: answer.headers["content-type"] ?? "", body };
  }
  throw new Error(`stopped after ${MAX_REDIRECTS} redirects`);
}

async function get(url: URL, page: PageRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { client, headers, timeoutMs } = page;
  const isHome = url.origin === new URL(page.url).origin;
  // Secrets go to the configured host only, never to where it redirects.
  const secrets = isHome
    ? { ...(await furtherHeaders(client)), ...(await authorizationHeaders(client)) }
    : {};
  const options = {
    signal,
    headers: { ...headers, ...secrets, "accept-encoding": "gzip" },
    ...(url.protocol === "https:" && (await tlsOptions(client))),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send(url, options, resolve);
    request.on("error", (error) => {
      reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error);
    });
    request.end();
  });
}

async function authorizationHeaders({
  basicAuth,
  authorization,
}: HttpClientConfig): Promise<Record<string, string>> {
  if (basicAuth !== undefined) {
    const pair = `${basicAuth.username}:${await reveal(basicAuth.password)}`;
    return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
  }
  if (authorization === undefined) return {};
  return { authorization: `${authorization.type} ${await reveal(authorization.credentials)}` };
}

async function furtherHeaders({ headers }: HttpClientConfig): Promise<Record<string, string[]>> {
  const named = headers.map(async ([name, values]) => {
    return [name.toLowerCase(), await Promise.all(values.map(reveal))] as const;
  });
  return Object.fromEntries(await Promise.all(named));
}

async function tlsOptions({ tls }: HttpClientConfig): Promise<Record<string, string | boolean>> {
  const { ca, cert, key, serverName, insecureSkipVerify } = tls;
  return {
    ...(ca && { ca: await reveal(ca) }),
    ...(cert && { cert: await reveal(cert) }),
    ...(key && { key: await reveal(key) }),
    ...(serverName !== undefined && { servername: serverName }),
    rejectUnauthorized: !insecureSkipVerify,
  };
}

/** The secret's text; that of a file is read anew each time, as secrets are rotated. */
async function reveal(secret: Secret): Promise<string> {
  return "text" in secret ? secret.text : (await readFile(secret.file, "utf8")).trim();
}

async function readBody(answer: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const limit = maxBytes > 0 ? Math.min(maxBytes, MAX_INFLATED_BYTES) : MAX_INFLATED_BYTES;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > limit) throw new PageTooLarge(limit);
    chunks.push(chunk);
  }
  const body = await unzipped(Buffer.concat(chunks), answer.headers["content-encoding"] ?? "");
  if (body.length > limit) throw new PageTooLarge(limit);
  return body;
}

/** A plain page may be as long as an inflated one. */
function unzipped(body: Uint8Array, encoding: string): Promise<Uint8Array> | Uint8Array {
  return encoding === "" || encoding === "identity" ? body : inflateBody(body, encoding);
}
