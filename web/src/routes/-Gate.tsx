import { Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Logo } from '../shell/Logo';
import { Toasts } from '../shell/Toasts';
import classes from './-Gate.module.css';

/** The frame of the pages before a session: sign-in and set-up. */
export function Gate({ title, intro, children }: { title: string; intro?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · IMSys`;
  }, [title]);
  return (
    <main className={classes.gate}>
      <div className={classes.card}>
        <Logo size={36} />
        <Title order={1} mt="md" mb={4}>
          {title}
        </Title>
        {intro ? (
          <Text c="dimmed" mb="md">
            {intro}
          </Text>
        ) : null}
        {children}
      </div>
      <Toasts />
    </main>
  );
}
