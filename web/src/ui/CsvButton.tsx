import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

/** Downloads the list as it is filtered now, all of it. */
export function CsvButton({ href }: { href: string }) {
  return (
    <Button component="a" href={href} download variant="default" leftSection={<IconDownload size={16} />}>
      CSV
    </Button>
  );
}
