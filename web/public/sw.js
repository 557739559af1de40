// Keeps the page of the app and what it is made of, nothing else: with the server away the app opens, says so and
// reconnects. Everything that people see comes from the API, which passes by here untouched.

const KEPT = 'imsys-app';
const PAGES = /^\/($|t\/|sign-in$|setup$|providers$)/;
const BAD_GATEWAY = 502;
/** One name has one content here, whatever encoding it travelled in. */
const BY_NAME = { ignoreVary: true };

self.addEventListener('install', (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
// What the page had fetched before this was here.
self.addEventListener('message', (event) => event.waitUntil(add(String(event.data))));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && PAGES.test(pathname)) event.respondWith(page(request));
  else if (pathname.startsWith('/assets/')) event.respondWith(asset(request));
});

/** The page and the files that it names. */
async function keep() {
  const response = await fetch('/');
  if (!response.ok) return;
  await (await caches.open(KEPT)).put('/', response.clone());
  await add(await response.text());
}

/** The files that a text names. */
async function add(text) {
  const cache = await caches.open(KEPT);
  await cache.addAll(files(text));
}

const files = (text) => [...new Set(text.match(/\/assets\/[\w.-]+/g) ?? [])];

/** The page from the server; the one of before while it is away. */
async function page(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match('/', BY_NAME);
  try {
    const response = await fetch(request);
    if (response.status >= BAD_GATEWAY && kept) return kept;
    if (response.ok) await renew(response.clone(), kept);
    return response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** A page that names other files is another version: what belonged to the old one goes. */
async function renew(response, kept) {
  const named = files(await response.clone().text()).join();
  if (kept && files(await kept.clone().text()).join() !== named) await caches.delete(KEPT);
  await (await caches.open(KEPT)).put('/', response);
}

/** Files have their content in their names, so a kept one is never old. */
async function asset(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request, BY_NAME);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
