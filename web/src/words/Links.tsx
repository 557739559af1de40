import { Link } from '@tanstack/react-router';
import { useSession } from '../session/session';
import { Safe } from '../ui/Safe';

interface Props {
  id: string | null | undefined;
  name: string | null | undefined;
}

/** A service by its user name or address. */
export function ServiceLink({ id, name }: Props) {
  const { slug } = useSession().tenant;
  if (!id) return <Safe text={name} />;
  return (
    <Link to="/t/$slug/services/$id" params={{ slug, id }}>
      <Safe text={name} />
    </Link>
  );
}

export function CustomerLink({ id, name }: Props) {
  const { slug } = useSession().tenant;
  if (!id) return <Safe text={name} />;
  return (
    <Link to="/t/$slug/customers/$id" params={{ slug, id }}>
      <Safe text={name} />
    </Link>
  );
}

export function RouterLink({ id, name }: Props) {
  const { slug } = useSession().tenant;
  if (!id) return <Safe text={name} />;
  return (
    <Link to="/t/$slug/routers/$id" params={{ slug, id }}>
      <Safe text={name} />
    </Link>
  );
}

export function DeviceLink({ id, name }: Props) {
  const { slug } = useSession().tenant;
  if (!id) return <Safe text={name} />;
  return (
    <Link to="/t/$slug/devices/$id" params={{ slug, id }}>
      <Safe text={name} />
    </Link>
  );
}
