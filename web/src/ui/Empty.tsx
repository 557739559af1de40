import type { ReactNode } from 'react';
import classes from './Empty.module.css';

interface Props {
  icon?: ReactNode;
  title: string;
  /** What to do next, in words. */
  children?: ReactNode;
  actions?: ReactNode;
}

/** Nothing is here: why, and what to do next. */
export function Empty({ icon, title, children, actions }: Props) {
  return (
    <div className={classes.empty}>
      {icon ? <div className={classes.icon}>{icon}</div> : null}
      <p className={classes.title}>{title}</p>
      {children ? <div className={classes.words}>{children}</div> : null}
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </div>
  );
}
