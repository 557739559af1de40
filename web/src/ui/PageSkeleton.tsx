import { Skeleton, Stack } from '@mantine/core';

/** A page on its way. */
export function PageSkeleton() {
  return (
    <Stack p="lg" gap="md" aria-busy aria-label="Loading">
      <Skeleton height={26} width={200} />
      <Skeleton height={120} />
      <Skeleton height={320} />
    </Stack>
  );
}
