import { useEffect, useState } from "preact/hooks";
import type { Language } from "../state/view.ts";
import { loadLanguage } from "./load-texts.ts";

/** The language whose texts are there: `wanted`, or while that is being loaded the one before. */
export function useShownLanguage(wanted: Language): Language {
  const [shown, setShown] = useState(wanted);
  useEffect(() => {
    if (wanted === shown) return;
    let isCurrent = true;
    loadLanguage(wanted).then(
      () => {
        if (isCurrent) setShown(wanted);
      },
      // Without an answer of the server the page goes on in the language that it has.
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [wanted, shown]);
  return shown;
}
