import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { AppProvider, type AppState } from "./app-context.ts";
import { servicesRequest } from "./data/avx-requests.ts";
import { useAnswer } from "./data/use-answer.ts";
import { createFormatter } from "./format/formatter.ts";
import { Header } from "./header/header.tsx";
import { useShortcuts } from "./header/shortcuts.ts";
import { textsOf } from "./i18n/load-texts.ts";
import { createTranslate } from "./i18n/translate.ts";
import { useShownLanguage } from "./i18n/use-shown-language.ts";
import { Lazy } from "./lazy.tsx";
import { pageTitle } from "./page-title.ts";
import { RouteOutlet } from "./routes/route-outlet.tsx";
import type { ViewHistory } from "./state/browser-history.ts";
import { useLiveClock } from "./state/live-clock.ts";
import { effectiveLanguage } from "./state/preferences.ts";
import { formatTimePoint, isLive, resolveRange } from "./state/time-range.ts";
import type { View } from "./state/view.ts";
import { useDocument, useTheme } from "./use-appearance.ts";

const loadPalette = () =>
  import("./header/command-palette.tsx").then((module) => module.CommandPalette);
const DIALOG_TEXTS = ["dialogs"] as const;
const loadHelp = () => import("./header/keyboard-help.tsx").then((module) => module.KeyboardHelp);

type Dialog = "palette" | "help";

/** The whole page for the view that the history holds. */
export function App({ history }: { readonly history: ViewHistory }): VNode {
  const app = useAppState(history);
  const [opened, setOpened] = useState<Dialog | null>(null);
  const openPalette = (): void => setOpened("palette");
  const openHelp = (): void => setOpened("help");
  // The browser tells of a close a moment later: another dialog may have been opened meanwhile.
  const close = (dialog: Dialog): void => setOpened((now) => (now === dialog ? null : now));
  useShortcuts(app, { openPalette, openHelp });
  return (
    <AppProvider value={app}>
      <a class="skip-link" href="#content">
        {app.t("app.skip")}
      </a>
      <Header onPalette={openPalette} onHelp={openHelp} />
      <main id="content" class="content" tabIndex={-1}>
        <RouteOutlet />
      </main>
      {opened === "palette" && (
        <Lazy
          load={loadPalette}
          texts={DIALOG_TEXTS}
          props={{ onClose: () => close("palette"), onHelp: openHelp }}
        />
      )}
      {opened === "help" && (
        <Lazy load={loadHelp} texts={DIALOG_TEXTS} props={{ onClose: () => close("help") }} />
      )}
    </AppProvider>
  );
}

function useAppState(history: ViewHistory): AppState {
  const [view, setView] = useState<View>(() => history.current());
  useEffect(() => history.listen(setView), [history]);
  const language = useShownLanguage(effectiveLanguage(view));
  const theme = useTheme(view);
  const format = useMemo(() => createFormatter(language), [language]);
  const t = useMemo(
    () => createTranslate({ language, texts: textsOf(language), format }),
    [language, format],
  );
  useDocument(language, theme, pageTitle(view.route, t));
  const clock = useLiveClock(isLive(view.range));
  const range = resolveRange(view.range, clock.nowMs);
  const subject = `services ${formatTimePoint(view.range.from)} ${formatTimePoint(view.range.to)}`;
  const turns = { always: clock.nowMs, afterFailure: clock.nowMs };
  const services = useAnswer(subject, servicesRequest(range), turns);
  return {
    view,
    language,
    theme,
    t,
    format,
    ...clock,
    range,
    services,
    navigate: (change) => history.push({ ...history.current(), ...change }),
  };
}
