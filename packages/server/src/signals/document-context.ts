import { AVX_CONTEXT_PARTS, type AvxContext, labelValue } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import { contextQuery, SERVICE_LABEL } from "@avx/sre";

/** The AVX context of every service that is sending, read from the labels of its series. */
export async function contextByService(
  engine: QueryEngine,
  timeMs: number,
): Promise<ReadonlyMap<string, AvxContext>> {
  const { value } = await engine.instant({ query: contextQuery(AVX_CONTEXT_PARTS), timeMs });
  const contexts = new Map<string, AvxContext>();
  if (value.type !== "vector") return contexts;
  for (const { labels } of value.samples) {
    const part = (name: (typeof AVX_CONTEXT_PARTS)[number]): string =>
      labelValue(labels, `avx_${name}`);
    contexts.set(labelValue(labels, SERVICE_LABEL), {
      stack: part("stack"),
      layer: part("layer"),
      env: part("env"),
      cluster: part("cluster"),
      mesh: part("mesh"),
    });
  }
  return contexts;
}
