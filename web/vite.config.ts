import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Leaves `x.br` and `x.gz` beside every file that a browser asks for by name and that compresses. */
function compressBeside(): Plugin {
  let folder = '';
  return {
    name: 'compress-beside',
    apply: 'build',
    configResolved: (config) => {
      folder = config.build.outDir;
    },
    closeBundle: () => {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|svg|json|webmanifest)$/.test(name)) continue;
        const file = join(folder, name);
        const body = readFileSync(file);
        writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }));
        writeFileSync(
          `${file}.br`,
          brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        );
      }
    },
  };
}

const modules = (names: string[]) => new RegExp(`/node_modules/(${names.join('|')})/`);

const BASE = modules([
  'react',
  'react-dom',
  'scheduler',
  '@tanstack/(react-router|router-core|history|react-query|query-core|react-store|store)',
]);

/** What the frame of the page and every table use. */
const FRAME = modules([
  '@mantine/hooks',
  '@mantine/core/esm/core',
  '@mantine/core/esm/components/(ActionIcon|Button|Loader|Paper|Portal|Skeleton|Stack|Text|Title|Transition|UnstyledButton|VisuallyHidden)',
  '@tanstack/(react-table|table-core|react-virtual|virtual-core)',
  '@tabler/icons-react',
  'clsx',
  'openapi-fetch',
]);

/** What of this code every page uses; not what dialogs, menus and graphs need, which is fetched when there is one. */
const APP =
  /\/src\/(api(?!\/(?:metrics|snmp|usage))|format|live|session|words)\/|\/src\/shell\/(?!Palette|actions|NavDrawer|Toaster|\w+Open)|\/src\/ui\/(?!AskedAction|CodeBlock|Confirm|DayBars|LinkOnce|MoreMenu|PageSkeleton|PanelList|SelectionBar|Sheet|TimelineBar|TrendChart|WhichOnes|download|graph\/|trend)/;

/** While developing, the API of a running server: `IMSYS_API=http://127.0.0.1:8080 npm run dev`. */
const api = { '/api': { target: process.env.IMSYS_API ?? 'http://127.0.0.1:8080' } };

export default defineConfig({
  plugins: [
    tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single' }),
    react(),
    compressBeside(),
  ],
  // The server replaces this word in every answer (crates/imsys-web/src/respond.rs).
  html: { cspNonce: '__IMSYS_NONCE__' },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        // The libraries of every page in two files that seldom change; the rest splits along the pages.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'base', test: BASE },
            { name: 'frame', test: FRAME },
            { name: 'app', test: APP },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: api },
  preview: { proxy: api },
});
