import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRouter, RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import './theme/styles';
import { queryClient } from './api/cache';
import { routeTree } from './routeTree.gen';
import { theme, variables } from './theme/theme';
import { partMissing } from './ui/away';

const router = createRouter({
  routeTree,
  context: { queries: queryClient },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  stringifySearch: stringify,
  parseSearch: parse,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** Leaves the app with the browser, so that it opens while the server is away; only where the connection is secure. */
async function keepApp(): Promise<void> {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register('/sw.js');
  const { active } = await navigator.serviceWorker.ready;
  const fetched = performance.getEntriesByType('resource').map(({ name }) => name);
  active?.postMessage(fetched.join(' '));
}

/** Search parameters as plain text: `?q=lake&status=offline`, nothing quoted, so that people can read and write them. */
function stringify(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString();
  return text && `?${text}`;
}

function parse(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

// A part of the app that cannot be fetched: the router would reload at once, also while the server is away.
addEventListener('vite:preloadError', (event) =>
  Object.assign((event as Event & { payload: Error }).payload, partMissing),
);
if (import.meta.env.PROD) void keepApp();

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
// The scroll lock of dialogs adds a style element and looks for its nonce under this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });

const root = document.getElementById('root');
if (!root) throw new Error('the page has a root element');
createRoot(root).render(
  <MantineProvider
    theme={theme}
    cssVariablesResolver={variables}
    defaultColorScheme="auto"
    getStyleNonce={() => nonce}
  >
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>,
);
