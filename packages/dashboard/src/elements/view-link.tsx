import type { ComponentChildren, JSX, VNode } from "preact";
import { useApp } from "../app-context.ts";
import { formatView, type View } from "../state/view.ts";

type Handlers = Pick<
  JSX.IntrinsicElements["a"],
  "onKeyDown" | "onMouseMove" | "onPointerDown" | "onMouseLeave" | "onBlur"
>;

interface Props extends Handlers {
  /** What changes against the present view. */
  readonly to: Partial<View>;
  readonly children: ComponentChildren;
  readonly class?: string;
  /** For the link of the page that is shown. */
  readonly current?: boolean;
  readonly title?: string;
  /** What it is for those who do not see it, where its children do not say so. */
  readonly label?: string;
}

/** A real link to another view: opens in a new tab as usual, else changes the view in place. */
export function ViewLink({ to, children, current = false, label, ...rest }: Props): VNode {
  const { view, navigate } = useApp();
  const onClick = (event: MouseEvent): void => {
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (event.button !== 0 || !isPlain) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a
      {...rest}
      aria-label={label}
      href={formatView({ ...view, ...to })}
      aria-current={current ? "page" : undefined}
      onClick={onClick}
    >
      {children}
    </a>
  );
}
