import type { VNode } from "preact";
import { serviceStyle } from "../charts/series-style.ts";

/** A service's name behind a dot in its colour, the same on every page. */
export function ServiceName({ service }: { readonly service: string }): VNode {
  return (
    <span class="service-name">
      <span
        class="service-dot"
        aria-hidden="true"
        style={{ background: `var(${serviceStyle(service).colour})` }}
      />
      <bdi class="service-text">{service}</bdi>
    </span>
  );
}
