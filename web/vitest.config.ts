import { defineConfig } from 'vitest/config';

// Apart from vite.config.ts: the tests need neither routes nor the compressed build.
export default defineConfig({ test: { include: ['src/**/*.test.ts'] } });
