import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { Icon } from "../elements/icon.tsx";
import { ViewLink } from "../elements/view-link.tsx";
import { LanguageSwitch } from "./language-switch.tsx";
import { LiveControls } from "./live-controls.tsx";
import { RangePicker } from "./range-picker.tsx";
import { ServiceSelect } from "./service-select.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";

interface Props {
  readonly onPalette: () => void;
  readonly onHelp: () => void;
}

/** What all pages share: context at the left, time and preferences at the right. */
export function Header({ onPalette, onHelp }: Props): VNode {
  const { t, view } = useApp();
  const { page } = view.route;
  return (
    <header class="header">
      <div class="header-group">
        <ViewLink to={{ route: { page: "services" }, service: null }} class="brand">
          <svg class="brand-mark" width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
            <path d="M3 20h7l3-11 5 16 4-9h7" />
          </svg>
          <span class="brand-name">{t("app.name")}</span>
        </ViewLink>
        <nav class="nav" aria-label={t("nav.label")}>
          <ViewLink
            to={{ route: { page: "services" } }}
            current={page === "services" || page === "service"}
          >
            {t("nav.services")}
          </ViewLink>
          <ViewLink to={{ route: { page: "anomalies" } }} current={page === "anomalies"}>
            {t("nav.anomalies")}
          </ViewLink>
          <ViewLink
            to={{ route: { page: "traces" } }}
            current={page === "traces" || page === "trace"}
          >
            {t("nav.traces")}
          </ViewLink>
          <ViewLink to={{ route: { page: "explore" } }} current={page === "explore"}>
            {t("nav.explore")}
          </ViewLink>
          <ViewLink to={{ route: { page: "capacity" } }} current={page === "capacity"}>
            {t("nav.capacity")}
          </ViewLink>
          <ViewLink to={{ route: { page: "data" } }} current={page === "data"}>
            {t("nav.data")}
          </ViewLink>
        </nav>
        <ServiceSelect />
      </div>
      <div class="header-group header-right">
        <RangePicker />
        <LiveControls />
        <button
          type="button"
          class="icon-button"
          aria-label={t("palette.open")}
          title={`${t("palette.open")} (Ctrl+K)`}
          onClick={onPalette}
        >
          <Icon name="command" />
        </button>
        <button
          type="button"
          class="icon-button help-button"
          aria-label={t("help.open")}
          title={`${t("help.open")} (?)`}
          onClick={onHelp}
        >
          <Icon name="help" />
        </button>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </header>
  );
}
