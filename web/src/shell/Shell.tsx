import { ActionIcon, UnstyledButton } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useSession } from '../session/session';
import { Banners } from './Banners';
import { LiveMark } from './LiveMark';
import { Navigation } from './Navigation';
import classes from './Shell.module.css';
import { Toasts } from './Toasts';
import { UserMenu } from './UserMenu';

const Palette = lazy(() => import('./Palette'));
const NavDrawer = lazy(() => import('./NavDrawer'));

/** The frame around every page of a tenant. */
export function Shell({ children }: { children: ReactNode }) {
  const { tenant } = useSession();
  const [nav, navigation] = useDisclosure();
  const [palette, openPalette] = usePalette();
  const place = useLocation({ select: (location) => location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving somewhere closes the drawer
  useEffect(() => navigation.close(), [place]);

  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        Skip to content
      </a>
      <aside className={classes.side}>
        <Navigation />
      </aside>
      <div className={classes.rest}>
        <header className={classes.top}>
          <ActionIcon
            className={classes.burger}
            onClick={navigation.open}
            aria-label="Open navigation"
            size="lg"
          >
            <IconMenu2 size={20} />
          </ActionIcon>
          <span className={classes.tenant}>{tenant.name}</span>
          <UnstyledButton
            className={classes.search}
            onClick={openPalette}
            aria-label="Search or go to… Ctrl K"
          >
            <IconSearch size={15} aria-hidden />
            <span className={classes.searchWords}>Search or go to…</span>
            <kbd className={classes.keys}>Ctrl K</kbd>
          </UnstyledButton>
          <div className={classes.end}>
            <LiveMark />
            <UserMenu />
          </div>
        </header>
        <Banners />
        <main id="main" tabIndex={-1} className={classes.main}>
          {children}
        </main>
      </div>
      <Suspense>
        {nav ? <NavDrawer onClose={navigation.close} /> : null}
        {palette ? <Palette /> : null}
      </Suspense>
      <Toasts />
    </div>
  );
}

/** The palette's code is fetched when it is first asked for; from then on it listens to its key itself. */
/** Until then the page itself is fetched and drawn. */
const PREFETCH_AFTER_MS = 1500;

function usePalette(): [boolean, () => void] {
  const [loaded, setLoaded] = useState(false);
  const open = () => {
    setLoaded(true);
    void import('@mantine/spotlight').then(({ spotlight }) => spotlight.open());
  };
  useHotkeys(loaded ? [] : [['mod+K', open]], []);
  // Fetched before somebody asks: what they type right behind Ctrl-K must not be lost.
  useEffect(() => {
    const fetching = setTimeout(() => {
      void import('./Palette');
      void import('@mantine/spotlight');
    }, PREFETCH_AFTER_MS);
    return () => clearTimeout(fetching);
  }, []);
  return [loaded, open];
}
