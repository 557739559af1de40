import { Menu, UnstyledButton } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useSession } from '../session/session';
import classes from './TenantSwitch.module.css';

export default function TenantSwitchOpen() {
  const { tenant, memberships } = useSession();
  const navigate = useNavigate();
  return (
    <Menu defaultOpened width="target" position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes.switch}>
          <span>{tenant.name}</span>
          <IconSelector size={15} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {memberships.map(({ tenantId, name, slug }) => (
          <Menu.Item
            key={tenantId}
            onClick={() => void navigate({ to: '/t/$slug', params: { slug } })}
            rightSection={tenantId === tenant.id ? <IconCheck size={14} aria-label="chosen" /> : null}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
