import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { Icon } from "../elements/icon.tsx";
import { ViewLink } from "../elements/view-link.tsx";

/** A path that is no page. */
export function NotFoundRoute({ path }: { readonly path: string }): VNode {
  const { t } = useApp();
  return (
    <div class="picture picture-empty">
      <Icon name="empty" />
      <h1 class="picture-title">{t("not-found.title")}</h1>
      <p class="picture-detail">
        <code>{path}</code>
      </p>
      <p class="picture-steps">
        <ViewLink to={{ route: { page: "services" } }} class="button">
          {t("not-found.step")}
        </ViewLink>
      </p>
    </div>
  );
}
