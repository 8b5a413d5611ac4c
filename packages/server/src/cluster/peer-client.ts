import type { LabelledSeries, Labels, Matcher, TimeRange } from "@avx/model";
import { labelsFromSorted } from "@avx/model";
import type { ClusterPeer } from "@avx/store";
import { decodeWriteRequest, snappyDecode } from "@avx/wire";

/** A page must not wait long for a peer that is gone. */
const TIMEOUT_MS = 2000;
/** A deletion moves blocks into the cluster first. */
const DELETE_TIMEOUT_MS = 60_000;
/** Five hours of 100,000 series at 15 s would be ten times this: a query asks for fewer. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

const DELETE = "/api/avx/peer/delete-series";

/** Asks another server in front of the same cluster for what it has not put there yet. */
export function createPeerClient(address: string): ClusterPeer {
  const { url, authorization } = withoutSecret(address);
  const ask = async (path: string, question: unknown, signal?: AbortSignal): Promise<Response> => {
    const timeout = AbortSignal.timeout(path === DELETE ? DELETE_TIMEOUT_MS : TIMEOUT_MS);
    const answer = await fetch(new URL(path, url), {
      method: "POST",
      headers: { "content-type": "application/json", ...authorization },
      body: JSON.stringify(question),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (!answer.ok) throw new Error(`${url.origin} answered ${answer.status}`);
    return answer;
  };
  return {
    async select(matchers: readonly Matcher[], range: TimeRange, signal: AbortSignal) {
      const answer = await ask("/api/avx/peer/select", { selectors: [matchers], range }, signal);
      return seriesOf(await unpacked(answer));
    },
    async series(selectors: readonly (readonly Matcher[])[], range: TimeRange) {
      const answer = await ask("/api/avx/peer/series", { selectors, range });
      // Proof of the `as`: a server of our own version wrote it; its labels are sorted.
      const found = (await answer.json()) as { readonly series: readonly (readonly string[])[] };
      return found.series.map((labels): Labels => labelsFromSorted([...labels]));
    },
    async metadata() {
      return (await unpacked(await ask("/api/avx/peer/metadata", {}))).metadata;
    },
    async exemplars(selectors, range) {
      return (await unpacked(await ask("/api/avx/peer/exemplars", { selectors, range }))).exemplars;
    },
    async deleteSeries(selectors, range) {
      // Proof of the `as`: a server of our own version wrote it.
      const done = (await (await ask(DELETE, { selectors, range })).json()) as { writer: number };
      return done.writer;
    },
  };
}

/** A key in the address (`http://any:KEY@host`) goes into a header: no URL with it may be logged. */
function withoutSecret(address: string): {
  url: URL;
  authorization: { readonly authorization?: string };
} {
  const url = new URL(address);
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = "";
  url.password = "";
  if (pair === ":") return { url, authorization: {} };
  const authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
  return { url, authorization: { authorization } };
}

type Unpacked = ReturnType<typeof decodeWriteRequest>;

async function unpacked(answer: Response): Promise<Unpacked> {
  const body = new Uint8Array(await answer.arrayBuffer());
  return decodeWriteRequest(snappyDecode(body, MAX_ANSWER_BYTES));
}

function seriesOf({ packed, series }: Unpacked): LabelledSeries[] {
  const found = [...series];
  packed.labels.forEach((labels, i) => {
    const [from, to] = [packed.ends[i - 1] ?? 0, packed.ends[i]];
    const timestampsMs = packed.timestampsMs.subarray(from, to);
    found.push({ labels, timestampsMs, values: packed.values.subarray(from, to) });
  });
  return found;
}
