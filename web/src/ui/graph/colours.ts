/** The value of a colour of the theme, `--good`. */
export type Colour = (name: string) => string;

/** Colours as they are for `element` when they are asked for: light or dark. */
export function colours(element: HTMLElement): Colour {
  return (name) => getComputedStyle(element).getPropertyValue(name);
}

/** Lines of a graph, first to last. */
export const LINES = [
  '--graph-line',
  '--warn-fill',
  '--good-fill',
  '--paused-fill',
  '--bad-fill',
  '--idle-fill',
];

/** Told apart without their colours. */
export const DASHES: number[][] = [[], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3]];
