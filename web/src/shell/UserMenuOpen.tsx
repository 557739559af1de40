import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import {
  IconBuildingBroadcastTower,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSun,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { signOut } from '../api/session';
import { initials } from '../format/name';
import { ROLES, useSession } from '../session/session';
import { leave } from '../session/travel';
import { Safe } from '../ui/Safe';
import { toast } from '../ui/toast';
import classes from './UserMenu.module.css';

export default function UserMenuOpen() {
  const { user, role } = useSession();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const out = async () => {
    try {
      await signOut();
      leave('/sign-in');
    } catch (error) {
      void toast((error as Error).message, 'bad');
    }
  };
  return (
    <Menu defaultOpened position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.face} aria-label={`Account of ${user.name}`}>
          {initials(user.name)}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>
            <Safe text={user.name} />
          </strong>
          <span>{user.email}</span>
          <span>{ROLES[role].label}</span>
        </div>
        <Menu.Divider />
        {SCHEMES.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={15} aria-hidden />}
            rightSection={colorScheme === value ? '✓' : null}
            onClick={() => setColorScheme(value)}
            closeMenuOnClick={false}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {user.platform ? (
          <Menu.Item
            leftSection={<IconBuildingBroadcastTower size={15} aria-hidden />}
            onClick={() => void navigate({ to: '/providers' })}
          >
            Providers on this server
          </Menu.Item>
        ) : null}
        <Menu.Item leftSection={<IconLogout size={15} aria-hidden />} onClick={() => void out()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const SCHEMES = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const;
