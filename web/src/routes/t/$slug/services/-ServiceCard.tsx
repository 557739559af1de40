import { Link } from '@tanstack/react-router';
import type { Service } from '../../../../api/types';
import { useSession } from '../../../../session/session';
import { Lasting } from '../../../../ui/Ago';
import { Safe } from '../../../../ui/Safe';
import { ServiceStatus } from '../../../../words/ServiceStatus';
import { serviceName } from '../../../../words/serviceName';
import { WrongMac } from '../../../../words/WrongMac';
import classes from './-ServiceCard.module.css';

/** A service on a phone, in two lines: whose it is and how it is; then what else is known, and nothing for what is not. */
export function ServiceCard({ service }: { service: Service }) {
  const { slug } = useSession().tenant;
  const { id, customerName, planName, routerName, address } = service;
  const since = service.archivedAt ?? service.since;
  const name = serviceName(service);
  const rest = [customerName ? name : null, address === name ? null : address, planName, routerName];
  return (
    <>
      <div className={classes.line}>
        <Link to="/t/$slug/services/$id" params={{ slug, id }} className={classes.name}>
          <Safe text={customerName ?? name} />
        </Link>
        <span className={classes.status}>
          <ServiceStatus {...service} />
          <WrongMac mac={service.wrongMac} />
        </span>
      </div>
      <div className={classes.line}>
        <span className={classes.rest}>
          {rest.filter(Boolean).map((text) => (
            <span key={text}>
              <Safe text={text} />
            </span>
          ))}
        </span>
        {since ? (
          <span className={classes.since}>
            <Lasting at={since} />
          </span>
        ) : null}
      </div>
    </>
  );
}
