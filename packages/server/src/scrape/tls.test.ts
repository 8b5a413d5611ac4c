import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { selfSigned } from "../access/fixtures/self-signed.ts";
import { scrapeLab } from "./fixtures/scrape-lab.ts";

const directory = mkdtempSync(join(tmpdir(), "avx-tls-"));
const pair = selfSigned(directory, "avx");
afterAll(() => rmSync(directory, { recursive: true }));

describe.skipIf(pair === undefined)(
  pair === undefined ? "scraping over TLS: needs openssl on the path" : "scraping over TLS",
  () => {
    const { key, cert } = pair ?? { key: "", cert: "" };

    /** A target that asks for a client certificate; `up` of it under this `tls_config`. */
    async function upWith(tls: string): Promise<{ up: string; error: string }> {
      const files = { key: readFileSync(key), cert: readFileSync(cert) };
      const client = { requestCert: true, rejectUnauthorized: true, ca: files.cert };
      const server = createServer({ ...files, ...client }, (_, reply) => reply.end("a 1\n"));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => {
        server.close();
        server.closeAllConnections();
      });
      const bound = server.address();
      const port = typeof bound === "object" && bound !== null ? bound.port : 0;
      const lab = await scrapeLab(
        `- job_name: t\n  scheme: https\n  static_configs: [{targets: ["127.0.0.1:${port}"]}]\n` +
          `  tls_config: {${tls}}\n`,
      );
      await lab.round();
      const error = lab.scraping.pools[0]?.targets[0]?.status.lastError ?? "";
      return { up: (await lab.newest("up"))[0] ?? "", error };
    }

    const client = `cert_file: ${cert}, key_file: ${key}`;

    it("trusts the authority it is given and shows its certificate", async () => {
      expect((await upWith(`ca_file: ${cert}, ${client}`)).up).toMatch(/ 1$/);
    });

    it("refuses a target whose authority it does not know, unless told not to look", async () => {
      const refused = await upWith(client);
      expect(refused.up).toMatch(/ 0$/);
      expect(refused.error).toMatch(/self.signed/);
      expect((await upWith(`insecure_skip_verify: true, ${client}`)).up).toMatch(/ 1$/);
    });

    it("checks the name that it is told", async () => {
      const wrong = await upWith(`ca_file: ${cert}, server_name: other.example, ${client}`);
      expect(wrong.up).toMatch(/ 0$/);
      expect(wrong.error).toContain("other.example");
    });

    it("is refused without a client certificate where one is asked for", async () => {
      expect((await upWith(`ca_file: ${cert}`)).up).toMatch(/ 0$/);
    });
  },
);
