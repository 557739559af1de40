import type { ReactNode } from 'react';
import classes from './Notice.module.css';

interface Props {
  tone: 'warn' | 'bad';
  title?: string;
  children: ReactNode;
}

/** Something to know before going on. */
export function Notice({ tone, title, children }: Props) {
  return (
    <div className={classes.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      {title ? <strong className={classes.title}>{title}</strong> : null}
      {children}
    </div>
  );
}
