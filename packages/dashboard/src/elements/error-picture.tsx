import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { ApiFailure } from "../data/api-client.ts";
import { failureText } from "./failure-text.ts";
import { Icon } from "./icon.tsx";

interface Props {
  readonly what: string;
  readonly failure: ApiFailure;
}

/** The picture of a failure: what, why, and a way to try again. */
export function ErrorPicture({ what, failure }: Props): VNode {
  const { t, format, refresh } = useApp();
  return (
    <div class="picture picture-error" role="alert">
      <Icon name="error" />
      <p class="picture-title">{t("state.error", { what })}</p>
      <p class="picture-detail">{failureText(failure, t, format)}</p>
      <p class="picture-steps">
        <button type="button" class="button" onClick={refresh}>
          <Icon name="refresh" />
          {t("state.retry")}
        </button>
      </p>
    </div>
  );
}
