import "../styles/modal.css";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { Icon } from "../elements/icon.tsx";
import { Modal } from "../elements/modal.tsx";
import type { MessageKey } from "../i18n/catalogue.ts";
import { rememberSingleKeys, singleKeysEnabled } from "../state/preferences.ts";

type PlainKey = Extract<MessageKey, `help.${string}`>;

interface Shortcut {
  readonly keys: readonly string[];
  readonly text: PlainKey;
}

const GROUPS: readonly { readonly title: PlainKey; readonly shortcuts: readonly Shortcut[] }[] = [
  {
    title: "help.anywhere",
    shortcuts: [
      { keys: ["Ctrl", "K"], text: "help.palette" },
      { keys: ["?"], text: "help.help" },
      { keys: ["g", "s"], text: "help.services" },
      { keys: ["g", "t"], text: "help.traces" },
      { keys: ["g", "e"], text: "help.explore" },
      { keys: ["g", "c"], text: "help.capacity" },
      { keys: ["g", "a"], text: "help.anomalies" },
      { keys: ["g", "d"], text: "help.data" },
      { keys: ["1", "2", "3", "4"], text: "help.quick-range" },
      { keys: ["←", "→"], text: "help.earlier" },
      { keys: ["-"], text: "help.widen" },
      { keys: ["l"], text: "help.live" },
      { keys: ["d"], text: "help.theme" },
    ],
  },
  {
    title: "help.on-chart",
    shortcuts: [
      { keys: ["←", "→", "Home", "End"], text: "help.cursor" },
      { keys: ["t"], text: "help.table" },
      { keys: ["f"], text: "help.forecast" },
    ],
  },
  {
    title: "help.on-trace",
    shortcuts: [
      { keys: ["↑", "↓", "Home", "End"], text: "help.span-move" },
      { keys: ["←", "→"], text: "help.span-fold" },
    ],
  },
];

/** All keys of the page, and the switch for those without Ctrl. */
export function KeyboardHelp({ onClose }: { readonly onClose: () => void }): VNode {
  const { t } = useApp();
  const [areOn, setAreOn] = useState(singleKeysEnabled);
  return (
    <Modal label={t("help.title")} class="help" onClose={onClose}>
      <div class="help-head">
        <h2>{t("help.title")}</h2>
        <button type="button" class="icon-button" aria-label={t("help.close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div class="help-groups">
        {GROUPS.map(({ title, shortcuts }) => (
          <section key={title}>
            <h3>{t(title)}</h3>
            <dl class="help-list">
              {shortcuts.map(({ keys, text }) => (
                <div key={text} class="help-row">
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{t(text)}</dd>
                </div>
              ))}
              {title === "help.on-chart" && <PointerRows />}
            </dl>
          </section>
        ))}
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={areOn}
          onChange={(event) => {
            rememberSingleKeys(event.currentTarget.checked);
            setAreOn(event.currentTarget.checked);
          }}
        />
        {t("help.single-keys")}
      </label>
    </Modal>
  );
}

function PointerRows(): VNode {
  const { t } = useApp();
  return (
    <>
      <div class="help-row">
        <dt>{t("help.drag")}</dt>
        <dd>{t("help.zoom")}</dd>
      </div>
      <div class="help-row">
        <dt>{t("help.click")}</dt>
        <dd>{t("help.pin")}</dd>
      </div>
      <div class="help-row">
        <dt>
          {t("help.click")} / <kbd>Shift</kbd>
        </dt>
        <dd>{t("help.isolate")}</dd>
      </div>
    </>
  );
}
