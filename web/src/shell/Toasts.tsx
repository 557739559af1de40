import { lazy, Suspense, useSyncExternalStore } from 'react';
import { toastsWanted } from '../ui/toast';

const Toaster = lazy(() => import('./Toaster'));

/** The corner where things are said; its code is fetched when there is something to say. */
export function Toasts() {
  const wanted = useSyncExternalStore(toastsWanted.subscribe, toastsWanted.read);
  return <Suspense>{wanted ? <Toaster /> : null}</Suspense>;
}
