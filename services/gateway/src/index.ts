export { buildGateway, type GatewayOptions } from "./app.ts";
export { type GatewayConfig, gatewayConfig } from "./config.ts";
