import "../styles/modal.css";
import type { VNode } from "preact";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { Modal } from "../elements/modal.tsx";
import { type Command, matchingCommands, paletteCommands } from "./palette-commands.ts";

/** Most commands that are listed; typing narrows the rest. */
const MAX_LISTED = 40;

interface Props {
  readonly onClose: () => void;
  readonly onHelp: () => void;
}

/** Every place and setting behind one field: type, choose with the arrows, Enter. */
export function CommandPalette({ onClose, onHelp }: Props): VNode {
  const app = useApp();
  const { t } = app;
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const commands = useMemo(() => paletteCommands(app, onHelp), [app, onHelp]);
  const found = matchingCommands(commands, query).slice(0, MAX_LISTED);
  const optionId = (index: number): string => `${listId}-${index}`;
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    document.getElementById(optionId(active))?.scrollIntoView({ block: "nearest" });
  });
  const run = (command: Command | undefined): void => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && found.length > 0) setActive((active + step + found.length) % found.length);
    else if (event.key === "Enter") run(found[active]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal label={t("palette.title")} class="palette" onClose={onClose}>
      <input
        ref={input}
        class="input palette-input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found.length > 0 ? optionId(active) : undefined}
        aria-label={t("palette.title")}
        placeholder={t("palette.placeholder")}
        autocomplete="off"
        spellcheck={false}
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={listId} class="palette-list" role="listbox" aria-label={t("palette.title")}>
        {found.map((command, i) => (
          <button
            key={command.key}
            id={optionId(i)}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={i === active}
            class="palette-option"
            onMouseMove={() => setActive(i)}
            onClick={() => run(command)}
          >
            {command.label}
          </button>
        ))}
      </div>
      <p class="palette-count" role="status">
        {found.length === 0
          ? t("palette.none", { text: query })
          : t("palette.results", { count: found.length })}
      </p>
    </Modal>
  );
}
