import { Button } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { isAway, useReturn } from './away';
import { Empty } from './Empty';

/** Something could not be fetched: what the server said, and a way to try again. With the server away it goes on by itself. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  useReturn(error, onRetry);
  const away = isAway(error);
  return (
    <div role="alert">
      <Empty
        icon={<IconCloudOff size={28} stroke={1.6} />}
        title={away ? 'The server cannot be reached' : 'This could not be loaded'}
        actions={
          onRetry ? (
            <Button variant="default" onClick={onRetry}>
              Try again
            </Button>
          ) : null
        }
      >
        {away
          ? 'IMSys tries again every few seconds and goes on by itself.'
          : error instanceof Error
            ? error.message
            : String(error)}
      </Empty>
    </div>
  );
}
