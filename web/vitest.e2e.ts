import { defineConfig } from 'vitest/config';

// `IMSYS_URL` is the sign-in link that `imsys demo` prints after `ready`.
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    globalSetup: 'e2e/signIn.ts',
    // One server and two cores: one page at a time.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
