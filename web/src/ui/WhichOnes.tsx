import { SegmentedControl } from '@mantine/core';

interface Props {
  /** Names the choice for those who cannot see it. */
  label: string;
  /** What those are called that are not archived. */
  living?: string;
  archived: boolean;
  onChange: (archived: boolean) => void;
}

/** The choice between what is in use and what is archived. */
export function WhichOnes({ label, living = 'In use', archived, onChange }: Props) {
  return (
    <SegmentedControl
      size="xs"
      aria-label={label}
      data={[
        { value: 'living', label: living },
        { value: 'archived', label: 'Archived' },
      ]}
      value={archived ? 'archived' : 'living'}
      onChange={(which) => onChange(which === 'archived')}
    />
  );
}
