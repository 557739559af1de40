import { VisuallyHidden } from '@mantine/core';
import { plain } from '../format/escape';
import { Glyph } from '../ui/Status';
import classes from './WrongMac.module.css';

/** Another device than the registered one is at a service's address. Short, to stand beside a status. */
export function WrongMac({ mac }: { mac: string | null | undefined }) {
  if (!mac) return null;
  return (
    <span
      className={classes.mark}
      title={`Wrong MAC: the device at this address is ${plain(mac)}, and another one is registered`}
    >
      <Glyph tone="warn" />
      <VisuallyHidden component="span">Wrong </VisuallyHidden>MAC
    </span>
  );
}
