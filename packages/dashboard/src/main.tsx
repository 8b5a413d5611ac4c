import "./styles/theme.css";
import "./styles/layout.css";
import "./styles/elements.css";
import "./styles/tables.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { replaceInvalidLocale } from "./format/valid-locale.ts";
import { loadLanguage } from "./i18n/load-texts.ts";
import { preloadPage } from "./routes/route-outlet.tsx";
import { createBrowserHistory } from "./state/browser-history.ts";
import { effectiveLanguage } from "./state/preferences.ts";

replaceInvalidLocale(navigator);
const history = createBrowserHistory();
const view = history.current();
preloadPage(view.route.page);
// Not awaited at the top: the pages import from this module, and would wait for it in turn.
void loadLanguage(effectiveLanguage(view)).then(() => {
  const host = document.getElementById("app");
  if (host) render(<App history={history} />, host);
});
