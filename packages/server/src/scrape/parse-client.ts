import { isAbsolute, join } from "node:path";
import type { HttpClientConfig, Secret, TlsConfig } from "./scrape-config.ts";
import type { YamlSection } from "./yaml-section.ts";

/** Reads the fields of Prometheus' HTTP client that stand in `section`; paths are from `directory`. */
export function parseClient(section: YamlSection, directory: string): HttpClientConfig {
  const basicAuth = parseBasicAuth(section, directory);
  const authorization = parseAuthorization(section, directory);
  if (basicAuth !== undefined && authorization !== undefined) {
    throw section.invalid("basic_auth", "and authorization exclude each other");
  }
  return {
    basicAuth,
    authorization,
    tls: parseTls(section.section("tls_config"), directory),
    followRedirects: section.boolean("follow_redirects") ?? true,
    headers: parseHeaders(section.section("http_headers"), directory),
  };
}

/** Headers that are made of other keys, or that belong to the connection. */
const RESERVED_HEADERS = new Set([
  ...["authorization", "host", "content-encoding", "content-length", "content-type", "user-agent"],
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "www-authenticate"],
  ...["accept-encoding", "x-prometheus-remote-write-version", "x-prometheus-remote-read-version"],
  ...["x-prometheus-scrape-timeout-seconds", "date", "te", "trailer", "upgrade"],
]);
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function parseHeaders(section: YamlSection, directory: string): HttpClientConfig["headers"] {
  return section.keys().map((name) => {
    if (!HEADER_NAME.test(name)) throw section.invalid(name, "is not the name of a header");
    if (RESERVED_HEADERS.has(name.toLowerCase())) {
      throw section.invalid(name, "is reserved: it must not be set here");
    }
    const one = section.section(name);
    const texts = [...one.texts("values"), ...one.texts("secrets")];
    if (texts.some((text) => /[\r\n\0]/.test(text))) throw section.invalid(name, "has a line end");
    const files = one.texts("files").map((file) => ({ file: pathFrom(directory, file) }));
    one.finish();
    return [name, [...texts.map((text) => ({ text })), ...files]] as const;
  });
}

function parseBasicAuth(parent: YamlSection, directory: string): HttpClientConfig["basicAuth"] {
  if (!parent.has("basic_auth")) return undefined;
  const section = parent.section("basic_auth");
  const username = section.text("username") ?? "";
  const password = secret(section, { text: "password", file: "password_file", directory });
  section.finish();
  return { username, password: password ?? { text: "" } };
}

function parseAuthorization(
  parent: YamlSection,
  directory: string,
): HttpClientConfig["authorization"] {
  const fields = { text: "bearer_token", file: "bearer_token_file", directory };
  const legacy = secret(parent, fields);
  if (legacy !== undefined) return { type: "Bearer", credentials: legacy };
  if (!parent.has("authorization")) return undefined;
  const section = parent.section("authorization");
  const type = section.text("type") ?? "Bearer";
  if (type.toLowerCase() === "basic") {
    throw section.invalid("type", 'must not be "basic": use basic_auth');
  }
  const found = secret(section, { text: "credentials", file: "credentials_file", directory });
  section.finish();
  return found && { type, credentials: found };
}

function parseTls(section: YamlSection, directory: string): TlsConfig {
  const ca = secret(section, { text: "ca", file: "ca_file", directory });
  const cert = secret(section, { text: "cert", file: "cert_file", directory });
  const key = secret(section, { text: "key", file: "key_file", directory });
  const serverName = section.text("server_name");
  if ((cert === undefined) !== (key === undefined)) {
    const present = cert === undefined ? "key_file" : "cert_file";
    throw section.invalid(present, "needs the other one of cert and key beside it");
  }
  const insecureSkipVerify = section.boolean("insecure_skip_verify") ?? false;
  section.finish();
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(serverName !== undefined && { serverName }),
    insecureSkipVerify,
  };
}

interface SecretFields {
  readonly text: string;
  readonly file: string;
  readonly directory: string;
}

function secret(section: YamlSection, fields: SecretFields): Secret | undefined {
  const text = section.text(fields.text);
  const file = section.text(fields.file);
  if (text !== undefined && file !== undefined) {
    throw section.invalid(fields.file, `and ${fields.text} exclude each other`);
  }
  if (text !== undefined) return { text };
  return file === undefined ? undefined : { file: pathFrom(fields.directory, file) };
}

/** A path of the configuration file: relative ones start where that file is. */
export function pathFrom(directory: string, path: string): string {
  return isAbsolute(path) ? path : join(directory, path);
}
