import type { VNode } from "preact";

/** Outlines on a 16 × 16 grid, drawn for this page. */
const PATHS = {
  ok: "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M5 8.2l2.1 2.1L11.2 6",
  degraded: "M8 1.8 15 14H1zM8 6.2v3.6M8 11.8v.3",
  failing: "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
  stale: "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M8 4.5V8l2.4 1.6",
  refresh: "M13.5 8a5.5 5.5 0 1 1-1.7-4M13.8 1.6v3h-3",
  pause: "M5.5 3v10M10.5 3v10",
  play: "M4.5 2.8v10.4l8.6-5.2z",
  sun: "M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13",
  moon: "M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1z",
  clock: "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M8 4.2V8l2.6 1.8",
  command: "M6.8 2.2a4.6 4.6 0 1 0 0 9.2a4.6 4.6 0 1 0 0-9.2M10.2 10.2 14.2 14.2",
  help: "M5.6 5.8a2.4 2.4 0 1 1 3.4 2.2c-.7.4-1 .8-1 1.7M8 12.1v.3M8 1.2a6.8 6.8 0 1 0 0 13.6a6.8 6.8 0 1 0 0-13.6",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  left: "M10 3 5 8l5 5",
  right: "M6 3l5 5-5 5",
  down: "M3.5 6 8 10.5 12.5 6",
  link: "M6.7 9.3l2.6-2.6M7.3 4.6l1.5-1.5a2.9 2.9 0 0 1 4.1 4.1l-1.5 1.5M8.7 11.4l-1.5 1.5a2.9 2.9 0 0 1-4.1-4.1l1.5-1.5",
  zoomOut: "M6.8 2.2a4.6 4.6 0 1 0 0 9.2a4.6 4.6 0 1 0 0-9.2M10.2 10.2l4 4M4.8 6.8h4",
  empty: "M2 4.5h12v9H2zM2 8.5h3.5l1 1.8h3l1-1.8H14M5 1.8h6",
  error: "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M8 4.3v4.6M8 11.3v.4",
} as const;

/** The pictures that exist. */
export type IconName = keyof typeof PATHS;

/** A picture beside a word or label; the word carries the meaning, so it is hidden from readers. */
export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg
      class="icon"
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
