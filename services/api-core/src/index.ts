export { type ApiCoreOptions, buildApiCore } from "./app.ts";
export { type ApiCoreConfig, apiCoreConfig } from "./config.ts";
