import type { AppState } from "../app-context.ts";
import { dataOf } from "../data/use-answer.ts";
import { rememberLanguage, rememberTheme } from "../state/preferences.ts";
import { lastRange, QUICK_RANGES_MS } from "../state/time-range.ts";
import { LANGUAGES } from "../state/view.ts";
import { toggleLive } from "./toggle-live.ts";

/** Something that the palette offers. */
export interface Command {
  readonly key: string;
  readonly label: string;
  run(): void;
}

/** All commands, in the order in which they are offered. */
export function paletteCommands(app: AppState, openHelp: () => void): readonly Command[] {
  return [...serviceCommands(app), ...pageCommands(app), ...settingCommands(app, openHelp)];
}

function serviceCommands({ t, services, navigate }: AppState): Command[] {
  return (dataOf(services)?.services ?? []).map(({ service }) => ({
    key: `service ${service}`,
    label: t("palette.go-service", { service }),
    run: () => navigate({ route: { page: "service", service } }),
  }));
}

function pageCommands({ t, navigate }: AppState): Command[] {
  return [
    {
      key: "page services",
      label: t("palette.go-page", { page: t("nav.services") }),
      run: () => navigate({ route: { page: "services" } }),
    },
    {
      key: "page traces",
      label: t("palette.go-page", { page: t("nav.traces") }),
      run: () => navigate({ route: { page: "traces" } }),
    },
    {
      key: "page anomalies",
      label: t("palette.go-page", { page: t("nav.anomalies") }),
      run: () => navigate({ route: { page: "anomalies" } }),
    },
    {
      key: "page explore",
      label: t("palette.go-page", { page: t("nav.explore") }),
      run: () => navigate({ route: { page: "explore" } }),
    },
    {
      key: "page capacity",
      label: t("palette.go-page", { page: t("nav.capacity") }),
      run: () => navigate({ route: { page: "capacity" } }),
    },
    {
      key: "page data",
      label: t("palette.go-page", { page: t("nav.data") }),
      run: () => navigate({ route: { page: "data" } }),
    },
  ];
}

function settingCommands(app: AppState, openHelp: () => void): Command[] {
  const { t, format, theme, navigate } = app;
  const nextTheme = theme === "dark" ? "light" : "dark";
  return [
    ...QUICK_RANGES_MS.map((lengthMs) => ({
      key: `range ${lengthMs}`,
      label: t("palette.set-range", { length: format.length(lengthMs) }),
      run: () => navigate({ range: lastRange(lengthMs) }),
    })),
    {
      key: "live",
      label: `${t("live.pause")} / ${t("live.resume")}`,
      run: () => navigate({ range: toggleLive(app) }),
    },
    ...LANGUAGES.map((language) => ({
      key: `language ${language}`,
      label: t("palette.set-language", {
        language: language === "en" ? t("language.en") : t("language.pt-BR"),
      }),
      run: () => {
        rememberLanguage(language);
        navigate({ language });
      },
    })),
    {
      key: "theme",
      label: nextTheme === "dark" ? t("theme.to-dark") : t("theme.to-light"),
      run: () => {
        rememberTheme(nextTheme);
        navigate({ theme: nextTheme });
      },
    },
    { key: "help", label: t("palette.help"), run: openHelp },
  ];
}

/** Commands whose label has all words of `query`, in any order, accents and case aside. */
export function matchingCommands(commands: readonly Command[], query: string): readonly Command[] {
  const words = plain(query)
    .split(/\s+/)
    .filter((word) => word !== "");
  return commands.filter(({ label }) => {
    const text = plain(label);
    return words.every((word) => text.includes(word));
  });
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
