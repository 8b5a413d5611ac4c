export { composeServer, type RunningServer, type ServerEnvironment } from "./compose.ts";
export { type ListenAddress, parseServerConfig, SERVE_HELP, type ServerConfig } from "./config.ts";
export { type ServeOptions, serve } from "./main.ts";
