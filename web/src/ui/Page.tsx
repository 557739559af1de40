import { type ReactNode, useEffect } from 'react';
import { plain } from '../format/escape';
import classes from './Page.module.css';

interface Props {
  /** In the tab of the browser, and the heading unless `heading` is given. */
  title: string;
  heading?: ReactNode;
  /** Beside the heading: a count, a status. */
  note?: ReactNode;
  /** Below the heading: one sentence that says how things are. */
  sub?: ReactNode;
  actions?: ReactNode;
  /** Above the heading: the way back. */
  back?: ReactNode;
  children: ReactNode;
}

/** A page: its heading with what can be done, then its content. */
export function Page({ title, heading, note, sub, actions, back, children }: Props) {
  useEffect(() => {
    document.title = `${plain(title)} · IMSys`;
  }, [title]);
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.words}>
          {back ? <div className={classes.back}>{back}</div> : null}
          <div className={classes.line}>
            <h1 className={classes.heading}>{heading ?? title}</h1>
            {note ? <div className={classes.note}>{note}</div> : null}
          </div>
          {sub ? <p className={classes.sub}>{sub}</p> : null}
        </div>
        {actions ? <div className={classes.actions}>{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}
