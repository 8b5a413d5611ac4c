import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { dataOf } from "../data/use-answer.ts";
import type { View } from "../state/view.ts";

/** The service filter: narrows the lists, and on a service's page changes to another service. */
export function ServiceSelect(): VNode {
  const { t, view, services, navigate } = useApp();
  const { route } = view;
  const chosen = route.page === "service" ? route.service : view.service;
  const known = dataOf(services)?.services.map(({ service }) => service) ?? [];
  const names = [...new Set(chosen === null ? known : [...known, chosen])].sort();
  const choose = (name: string): void => {
    const service = name === "" ? null : name;
    const change: Partial<View> =
      route.page !== "service"
        ? { service }
        : {
            service,
            route: service === null ? { page: "services" } : { page: "service", service },
          };
    navigate(change);
  };
  return (
    <label class="field">
      <span class="visually-hidden">{t("filter.service")}</span>
      <select
        class="select service-select"
        value={chosen ?? ""}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="">{t("filter.all-services")}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
