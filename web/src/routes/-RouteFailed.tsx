import { useRouter } from '@tanstack/react-router';
import { Failed } from '../ui/Failed';

/** In the place of a page whose data or code could not be fetched. */
export function RouteFailed({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return <Failed error={error} onRetry={again} />;
}
