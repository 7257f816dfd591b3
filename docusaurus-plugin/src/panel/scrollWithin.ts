/** Scrolls so far that the element is seen, and nothing around the scroller with it. */
export function scrollWithin(scroller: Element | null | undefined, element: Element | null): void {
  if (!scroller || !element) {
    return;
  }
  const outer = scroller.getBoundingClientRect();
  const inner = element.getBoundingClientRect();
  if (inner.top < outer.top) {
    scroller.scrollTop += inner.top - outer.top;
  } else if (inner.bottom > outer.bottom) {
    // What is taller than there is room for begins at the top.
    scroller.scrollTop += Math.min(inner.bottom - outer.bottom, inner.top - outer.top);
  }
}
