import { describe, expect, it } from "vitest";
import { parseServerConfig } from "../config.ts";

const URL_OF = "--cluster-url=https://avx:secret@click:8443";

function clusterOf(...flags: string[]) {
  return parseServerConfig(["--store", "cluster", ...flags], {}).cluster;
}

describe("the settings of a cluster", () => {
  it("have defaults but for the address", () => {
    expect(clusterOf(URL_OF)).toEqual({
      ...{ url: "https://avx:secret@click:8443", name: "avx", writer: 0 },
      ...{ peers: [], caFile: undefined },
    });
    expect(parseServerConfig([URL_OF], {}).cluster).toBeUndefined();
  });

  it("come from variables too", () => {
    const env = { AVX_CLUSTER_WRITER: "3", AVX_CLUSTER_PEERS: "http://a:8600, http://b:8600" };
    expect(parseServerConfig(["--store", "cluster", URL_OF], env).cluster).toMatchObject({
      ...{ writer: 3, peers: ["http://a:8600", "http://b:8600"] },
    });
  });

  it.each([
    ["no address", [], "--cluster-url"],
    ["an address that is none", ["--cluster-url=click:9000"], "--cluster-url"],
    ["a name with a quote", [URL_OF, "--cluster-name=a'b"], "--cluster-name"],
    ["a writer beyond 255", [URL_OF, "--cluster-writer=256"], "--cluster-writer"],
    ["a peer that is no URL", [URL_OF, "--cluster-peers=b:8600"], "--cluster-peers"],
  ])("are refused with %s, without the password", (_, flags, option) => {
    const refused = () => clusterOf(...flags);
    expect(refused).toThrow(option);
    expect(refused).not.toThrow("secret");
  });
});
