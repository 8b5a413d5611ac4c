import type { FastifyInstance } from "fastify";
import { invalid, requestParameters } from "./parameters.ts";
import { selectorParameters } from "./selector-parameters.ts";

const RULE_TYPES = new Set(["", "alert", "record"]);
const BOOLEANS = /^(1|t|true|0|f|false)?$/i;

/**
 * `/api/v1/rules`, `alerts`, `alertmanagers`, `notifications`. There are no rules, so the lists are
 * empty; parameters are checked all the same.
 */
export function registerRuleRoutes(app: FastifyInstance): void {
  app.get("/api/v1/rules", async (request) => {
    checkRuleParameters(requestParameters(request));
    return { status: "success", data: { groups: [] } };
  });
  const answer = (url: string, data: unknown): void => {
    app.get(url, async () => ({ status: "success", data }));
  };
  answer("/api/v1/alerts", { alerts: [] });
  answer("/api/v1/alertmanagers", { activeAlertmanagers: [], droppedAlertmanagers: [] });
  answer("/api/v1/notifications", []);
}

function checkRuleParameters(parameters: URLSearchParams): void {
  selectorParameters(parameters);
  const type = (parameters.get("type") ?? "").toLowerCase();
  if (!RULE_TYPES.has(type)) throw invalid("type", `not supported value "${type}"`);
  const exclude = parameters.get("exclude_alerts") ?? "";
  if (!BOOLEANS.test(exclude)) {
    throw invalid("exclude_alerts", `error converting exclude_alerts: invalid "${exclude}"`);
  }
  const limit = parameters.get("group_limit") ?? "";
  const token = parameters.get("group_next_token") ?? "";
  if (token !== "" && limit === "") {
    const reason = "group_limit needs to be present in order to paginate over the groups";
    throw invalid("group_next_token", reason);
  }
  if (limit !== "" && !/^[+-]?\d{1,9}$/.test(limit)) {
    throw invalid("group_limit", "group_limit needs to be a valid number");
  }
  if (limit !== "" && Number(limit) <= 0) {
    throw invalid("group_limit", "group_limit needs to be greater than 0");
  }
  if (token !== "") {
    const reason = `invalid group_next_token '${token}'. were rule groups changed?`;
    throw invalid("group_next_token", reason);
  }
}
