/** The words of the page that asks for a key. */
export interface LoginTexts {
  readonly language: string;
  readonly title: string;
  readonly key: string;
  readonly hint: string;
  readonly signIn: string;
  readonly signOut: string;
  readonly signedIn: string;
  readonly toPage: string;
  readonly errors: Readonly<Record<LoginError, string>>;
}

/** Why a key was not taken. */
export type LoginError = "unknown" | "role" | "attempts";

const ENGLISH: LoginTexts = {
  language: "en",
  title: "Sign in",
  key: "API key",
  hint: "A key of the role read or admin. On the server, avx keys create --role read makes one.",
  signIn: "Sign in",
  signOut: "Sign out",
  signedIn: "Signed in with the key",
  toPage: "To the services",
  errors: {
    unknown: "This key is not known or has expired.",
    role: "A key of the role ingest may only send telemetry.",
    attempts: "Too many wrong keys. Wait a minute and try again.",
  },
};

const PORTUGUESE: LoginTexts = {
  language: "pt-BR",
  title: "Entrar",
  key: "Chave de API",
  hint: "Uma chave com o papel read ou admin. No servidor, avx keys create --role read cria uma.",
  signIn: "Entrar",
  signOut: "Sair",
  signedIn: "Conectado com a chave",
  toPage: "Ir para os serviços",
  errors: {
    unknown: "Esta chave não é conhecida ou expirou.",
    role: "Uma chave com o papel ingest só pode enviar telemetria.",
    attempts: "Muitas chaves erradas. Espere um minuto e tente de novo.",
  },
};

/** Portuguese when the browser prefers it to English. */
export function loginTexts(acceptLanguage: string): LoginTexts {
  const first = /\b(pt|en)\b/i.exec(acceptLanguage)?.[1]?.toLowerCase();
  return first === "pt" ? PORTUGUESE : ENGLISH;
}
