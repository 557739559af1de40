import classes from './Status.module.css';

/** What a state means to a reader. Each has a colour and a shape of its own, so that colour is never alone. */
export type Tone = 'good' | 'bad' | 'warn' | 'idle' | 'paused' | 'archived';

interface Props {
  tone: Tone;
  label: string;
  /** A change that just happened: shown with a short glow. */
  fresh?: boolean;
  /** On a soft ground of its colour, for headings. */
  filled?: boolean;
}

export function Status({ tone, label, fresh = false, filled = false }: Props) {
  return (
    <span
      className={classes.status}
      data-tone={tone}
      data-fresh={fresh || undefined}
      data-filled={filled || undefined}
    >
      <Glyph tone={tone} />
      {label}
    </span>
  );
}

/** The shape alone: disc, cross, triangle, dashed ring, two bars, box. */
export function Glyph({ tone }: { tone: Tone }) {
  return (
    <svg className={classes.glyph} data-tone={tone} viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[tone]}
    </svg>
  );
}

const SHAPES: Record<Tone, React.ReactNode> = {
  good: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  bad: (
    <g fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round">
      <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" />
    </g>
  ),
  warn: <path d="M6 1.2l5 9.3H1z" fill="currentColor" />,
  idle: (
    <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="2.4 1.8" />
  ),
  archived: <path d="M1 2h10v2.6H1zM2 5.6h8V11H2z" fill="currentColor" />,
  paused: <path d="M2.5 1.5h2.6v9H2.5zM6.9 1.5h2.6v9H6.9z" fill="currentColor" />,
};
