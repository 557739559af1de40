import { useQuery } from '@tanstack/react-query';
import { routersQuery } from '../../../../api/routers';
import type { Device } from '../../../../api/types';
import { loss, millis } from '../../../../format/number';
import { Lasting } from '../../../../ui/Ago';
import { Safe } from '../../../../ui/Safe';
import { DeviceStatus } from '../../../../words/DeviceStatus';
import { DeviceLink } from '../../../../words/Links';
import classes from './-DeviceCard.module.css';

/** A device on a phone, in two lines: which one and how it is; then where it is, how fast, and since when. */
export function DeviceCard({ device }: { device: Device }) {
  const routers = useQuery(routersQuery).data?.items;
  const { address, name, latencyMs, lossPct, archived, archivedAt, since } = device;
  const rest = [
    address === name ? null : address,
    routers?.find(({ id }) => id === device.routerId)?.name,
    archived || latencyMs == null ? null : millis(latencyMs),
    archived || !lossPct ? null : `${loss(lossPct)} lost`,
  ];
  return (
    <>
      <div className={classes.line}>
        <span className={classes.name}>
          <DeviceLink id={device.id} name={name} />
        </span>
        <span className={classes.end}>
          <DeviceStatus {...device} />
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
        <span className={classes.end}>
          <Lasting at={archivedAt ?? since} />
        </span>
      </div>
    </>
  );
}
