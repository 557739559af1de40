import { Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';

interface Item {
  label: string;
  whyNot: string | null;
  /** It cannot be undone. */
  danger?: boolean;
  onClick: () => void;
}

/** What is seldom done with the thing of a page. */
export function MoreMenu({ items }: { items: Item[] }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" px={9} aria-label="More">
          <IconDots size={16} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ label, whyNot, danger, onClick }) => (
          <Menu.Item
            key={label}
            disabled={Boolean(whyNot)}
            title={whyNot ?? undefined}
            {...(danger ? { color: 'red' } : {})}
            onClick={onClick}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
