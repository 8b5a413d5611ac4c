import { createHash } from "node:crypto";
import type { LoginError, LoginTexts } from "./login-texts.ts";
import type { Caller } from "./roles.ts";

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{display:grid;place-items:center;min-height:100vh;margin:0;background:Canvas;color:CanvasText}
main{width:min(24rem,calc(100vw - 3rem))}
h1{font-size:1.5rem;margin:0 0 1.5rem}
label{display:block;font-weight:600;margin-bottom:.25rem}
input,button{font:inherit;width:100%;box-sizing:border-box;padding:.6rem .75rem;border-radius:6px}
input{border:1px solid GrayText;background:Field;color:FieldText}
button{margin-top:1rem;border:0;background:#1f5fbf;color:#fff;font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid #4c8dff;outline-offset:2px}
p{margin:.5rem 0}.hint{opacity:.8;font-size:.875rem}
.error{border-left:4px solid #c62828;padding-left:.75rem}`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** Nothing but its own style and its own form. */
export const LOGIN_POLICY =
  `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src 'self'; base-uri 'none'; ` +
  "form-action 'self'; frame-ancestors 'none'";

/** What the page shows. */
export interface LoginView {
  readonly texts: LoginTexts;
  /** Where to go afterwards: a path of this server. */
  readonly next: string;
  readonly error: LoginError | undefined;
  /** Who is signed in already. */
  readonly caller: Caller | undefined;
}

/** The page that asks for a key, or says who is signed in. It runs no script. */
export function loginPage({ texts, next, error, caller }: LoginView): string {
  const { language, title, errors } = texts;
  const problem = error && `<p class="error" role="alert">${errors[error]}</p>`;
  const body = caller ? signedInPart(texts, caller) : formPart(texts, next);
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">` +
    // Without it a browser names no origin in the form, and the gate would take it for a foreign one.
    `<meta name="referrer" content="same-origin">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<title>${title} · AVX Telemetry</title><link rel="icon" href="/favicon.svg">` +
    `<style>${STYLE}</style></head><body><main><h1>AVX Telemetry</h1>` +
    `${problem ?? ""}${body}</main></body></html>`
  );
}

function formPart({ key, hint, signIn }: LoginTexts, next: string): string {
  return (
    `<form method="post" action="/login"><input type="hidden" name="next" value="${escaped(next)}">` +
    `<label for="key">${key}</label><input id="key" name="key" type="password" required autofocus ` +
    `autocomplete="current-password" aria-describedby="hint"><p id="hint" class="hint">${hint}</p>` +
    `<button>${signIn}</button></form>`
  );
}

function signedInPart({ signedIn, toPage, signOut }: LoginTexts, { name, role }: Caller): string {
  return (
    `<p>${signedIn} <strong>${escaped(name)}</strong> (${role}).</p><p><a href="/">${toPage}</a></p>` +
    `<form method="post" action="/logout"><button>${signOut}</button></form>`
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" },
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
