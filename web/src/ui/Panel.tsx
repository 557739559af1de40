import type { ReactNode } from 'react';
import classes from './Panel.module.css';

interface Props {
  title?: ReactNode;
  /** Beside the title, at the end of the line. */
  aside?: ReactNode;
  children: ReactNode;
  /** The content brings its own distance from the border (tables, bars). */
  flush?: boolean;
  className?: string;
}

/** A piece of a page with a heading. */
export function Panel({ title, aside, children, flush = false, className }: Props) {
  return (
    <section className={`${classes.panel} ${className ?? ''}`}>
      {title || aside ? (
        <header className={classes.head}>
          <h2 className={classes.title}>{title}</h2>
          {aside ? <div className={classes.aside}>{aside}</div> : null}
        </header>
      ) : null}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
