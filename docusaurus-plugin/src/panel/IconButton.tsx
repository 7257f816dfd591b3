import type {ReactNode, Ref} from 'react';

/** A square button with an icon; its label is its name and its tooltip. */
export function IconButton({
  label,
  onClick,
  pressed,
  expanded,
  buttonRef,
  children,
}: {
  label: string;
  onClick: () => void;
  pressed?: boolean;
  expanded?: boolean;
  buttonRef?: Ref<HTMLButtonElement>;
  children: ReactNode;
}): ReactNode {
  return (
    <button
      ref={buttonRef}
      type="button"
      className="dc-ib"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
