import type { ReactNode } from 'react';
import classes from './Columns.module.css';

/** The page of one thing: what happens with it, and beside that what it is; one below the other where there is no room. */
export function Columns({ children, aside }: { children: ReactNode; aside: ReactNode }) {
  return (
    <div className={classes.columns}>
      <div className={classes.column}>{children}</div>
      {aside}
    </div>
  );
}
