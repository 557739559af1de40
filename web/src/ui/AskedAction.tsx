import { type ReactNode, useState } from 'react';
import { ActionButton } from './ActionButton';
import { Confirm } from './Confirm';
import { attempt } from './toast';

interface Props {
  /** The verb, on the button and in the dialog. */
  verb: string;
  whyNot: string | null;
  /** The question, naming what it is about. */
  title: ReactNode;
  /** What follows from it. */
  children: ReactNode;
  work: () => Promise<unknown>;
}

/** The button of a row whose work is asked about first; what goes wrong is said in the corner. */
export function AskedAction({ verb, whyNot, title, children, work }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <ActionButton size="compact-sm" variant="default" whyNot={whyNot} onClick={() => setAsking(true)}>
        {verb}
      </ActionButton>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={title}
        confirm={verb}
        onConfirm={() => attempt(work())}
      >
        {children}
      </Confirm>
    </>
  );
}
