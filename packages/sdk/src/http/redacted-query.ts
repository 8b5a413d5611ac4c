/** Query parameters whose values are never recorded: credentials and signatures. */
const SECRET =
  /^(awsaccesskeyid|signature|sig|x-goog-signature|.*(token|secret|password|passwd|api[-_]?key|auth).*)$/i;

/** A query string with the values of secrets replaced by REDACTED. */
export function redactedQuery(query: string): string {
  if (query === "") return "";
  return query
    .split("&")
    .map((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 0) return pair;
      return SECRET.test(pair.slice(0, equals)) ? `${pair.slice(0, equals)}=REDACTED` : pair;
    })
    .join("&");
}
