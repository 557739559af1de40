import { useSession } from '../session/session';
import classes from './Banners.module.css';

/** What must never be forgotten while it is so. */
export function Banners() {
  const { demo, insecure } = useSession();
  return (
    <>
      {insecure ? (
        <p className={classes.banner} data-tone="bad">
          <strong>Not encrypted.</strong> Passwords and customers travel readable over plain HTTP. Put a proxy
          with TLS in front, or set <code>http.tls</code>.
        </p>
      ) : null}
      {demo ? (
        <p className={classes.banner} data-tone="info">
          <strong>Demo.</strong> A simulated town behind real protocols. Try everything; nothing here reaches
          a real router.
        </p>
      ) : null}
    </>
  );
}
