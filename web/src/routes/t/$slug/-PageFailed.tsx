import type { ReactNode } from 'react';
import { Problem } from '../../../api/problem';
import { Empty } from '../../../ui/Empty';
import { Failed } from '../../../ui/Failed';
import { Page } from '../../../ui/Page';

interface Props {
  error: unknown;
  onRetry: () => void;
  /** The way to the list that the thing would be in. */
  back: ReactNode;
}

/** Instead of the page of one thing: it is not there, or could not be fetched. */
export function PageFailed({ error, onRetry, back }: Props) {
  const missing = error instanceof Problem && error.status === 404;
  return (
    <Page title={missing ? 'Not here' : 'Not loaded'} back={back}>
      {missing ? (
        <Empty title="There is nothing at this address">
          The link may be old or incomplete, or its target was removed.
        </Empty>
      ) : (
        <Failed error={error} onRetry={onRetry} />
      )}
    </Page>
  );
}
