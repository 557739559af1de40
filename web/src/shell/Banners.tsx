import { useNow } from '../format/now';
import { shortDuration } from '../format/time';
import { useLive } from '../live/store';
import { useSession } from '../session/session';
import classes from './Banners.module.css';

/** What must never be forgotten while it is so. */
export function Banners() {
  const { demo, insecure } = useSession();
  return (
    <>
      <Away />
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

/** So long the connection may be lost before the page says so. */
const UNNOTICED_MS = 5000;

/** With the server away nothing here is known to be true now. */
function Away() {
  const { health, heardAt } = useLive();
  useNow();
  const age = Date.now() - heardAt;
  if (health !== 'frozen' || age < UNNOTICED_MS) return null;
  return (
    <p className={classes.banner} data-tone="bad" role="status">
      <strong>The server cannot be reached.</strong> This page shows the state of {shortDuration(age)} ago;
      IMSys reconnects by itself.
    </p>
  );
}
