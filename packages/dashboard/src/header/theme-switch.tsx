import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { Icon } from "../elements/icon.tsx";
import { rememberTheme } from "../state/preferences.ts";

/** Changes between the light and the dark theme. */
export function ThemeSwitch(): VNode {
  const { t, theme, navigate } = useApp();
  const next = theme === "dark" ? "light" : "dark";
  const label = next === "dark" ? t("theme.to-dark") : t("theme.to-light");
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={`${label} (d)`}
      onClick={() => {
        rememberTheme(next);
        navigate({ theme: next });
      }}
    >
      <Icon name={next === "dark" ? "moon" : "sun"} />
    </button>
  );
}
