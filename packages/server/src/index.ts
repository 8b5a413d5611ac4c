export { BACKUP_HELP, RESTORE_HELP, runBackup, runRestore } from "./cli/backup-command.ts";
export { FORECAST_HELP, type ForecastOutput, runForecast } from "./cli/forecast-command.ts";
export { KEYS_HELP, type KeysCommandOptions, runKeys } from "./cli/keys-command.ts";
export { composeServer, type RunningServer, type ServerEnvironment } from "./compose.ts";
export { type ListenAddress, parseServerConfig, type ServerConfig } from "./config.ts";
export { SERVE_HELP } from "./config-help.ts";
export { type ServeOptions, serve } from "./main.ts";
