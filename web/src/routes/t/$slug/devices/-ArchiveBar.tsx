import { IconArchive } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { archiveDevice, restoreDevice } from '../../../../api/devices';
import { plural } from '../../../../format/number';
import { ActionButton } from '../../../../ui/ActionButton';
import { Confirm } from '../../../../ui/Confirm';
import { SelectionBar } from '../../../../ui/SelectionBar';
import { toast } from '../../../../ui/toast';

/** What can be done with the devices that are ticked: archive them, one after the other, and back. */
export default function ArchiveBar({
  chosen,
  onClear,
}: {
  chosen: ReadonlySet<string>;
  onClear: () => void;
}) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const many = plural(chosen.size, 'device');
  const all = async (ids: string[], work: (id: string) => Promise<unknown>, words: string) => {
    const { done, error } = await inTurn(ids, work);
    void queries.invalidateQueries();
    if (error) void toast(`${plural(done.length, 'device')} ${words}, then: ${error.message}`, 'bad');
    return done;
  };
  const restore = async (ids: string[]) => {
    const back = await all(ids, restoreDevice, 'restored');
    if (back.length === ids.length) void toast(`${plural(back.length, 'device')} restored`);
  };
  const archive = async () => {
    const done = await all([...chosen], archiveDevice, 'archived');
    if (done.length === chosen.size) {
      void toast(`${many} archived`, 'good', { label: 'Undo', run: () => void restore(done) });
    }
    onClear();
  };
  return (
    <>
      <SelectionBar label="Selected devices" many={many} onClear={onClear}>
        <ActionButton
          size="compact-md"
          variant="default"
          leftSection={<IconArchive size={15} />}
          onClick={() => setAsking(true)}
        >
          Archive
        </ActionButton>
      </SelectionBar>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Archive ${many}?`}
        confirm={`Archive ${many}`}
        onConfirm={archive}
      >
        They leave the list and are not asked any more. Their history is kept, and it can be undone.
      </Confirm>
    </>
  );
}

/** Does the work for one after the other until it fails; the ids that it was done for. */
async function inTurn(
  ids: string[],
  work: (id: string) => Promise<unknown>,
): Promise<{ done: string[]; error?: Error }> {
  const done: string[] = [];
  for (const id of ids) {
    try {
      await work(id);
    } catch (error) {
      return { done, error: error as Error };
    }
    done.push(id);
  }
  return { done };
}
