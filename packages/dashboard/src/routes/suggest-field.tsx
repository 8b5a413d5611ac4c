import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";

/** Suggestions in the page; the browser narrows them as one types. */
const MAX_SUGGESTIONS = 1000;

interface Props {
  readonly label: string;
  readonly value: string;
  readonly suggestions: readonly string[];
  /** Whether the label is for readers only, as what stands around it says the same. */
  readonly isLabelHidden?: boolean;
  readonly hint?: string;
  /** What is not valid stays in the field, marked, and is not told. */
  readonly isValid?: (value: string) => boolean;
  /** Told when the field is left, on Enter, and when a suggestion is chosen. */
  readonly onValue: (value: string) => void;
}

/** A field for any text, with suggestions. */
export function SuggestField(props: Props): VNode {
  const { label, value, suggestions, isLabelHidden = false, hint, isValid, onValue } = props;
  const list = useId();
  // Kept apart until it is told: a page that is drawn anew must not take it away.
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? value;
  return (
    <label class="field-stacked">
      <span class={isLabelHidden ? "visually-hidden" : "quiet"}>{label}</span>
      <input
        class="input"
        list={list}
        value={shown}
        title={hint}
        aria-invalid={isValid?.(shown) === false}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => setTyped(event.currentTarget.value)}
        onChange={(event) => {
          const next = event.currentTarget.value;
          if (isValid?.(next) === false) return;
          setTyped(null);
          onValue(next);
        }}
      />
      <datalist id={list}>
        {suggestions.slice(0, MAX_SUGGESTIONS).map((suggestion) => (
          <option key={suggestion} value={suggestion} />
        ))}
      </datalist>
    </label>
  );
}
