import "./styles/theme.css";
import "./styles/layout.css";
import "./styles/elements.css";
import "./styles/tables.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { replaceInvalidLocale } from "./format/valid-locale.ts";
import { createBrowserHistory } from "./state/browser-history.ts";

replaceInvalidLocale(navigator);
const host = document.getElementById("app");
if (host) render(<App history={createBrowserHistory()} />, host);
