import { Button } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { Empty } from './Empty';

/** Something could not be fetched: what the server said, and a way to try again. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div role="alert">
      <Empty
        icon={<IconCloudOff size={28} stroke={1.6} />}
        title="This could not be loaded"
        actions={
          onRetry ? (
            <Button variant="default" onClick={onRetry}>
              Try again
            </Button>
          ) : null
        }
      >
        {error instanceof Error ? error.message : String(error)}
      </Empty>
    </div>
  );
}
