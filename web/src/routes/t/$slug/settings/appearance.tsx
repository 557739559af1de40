import { Radio, Stack, useMantineColorScheme } from '@mantine/core';
import { createFileRoute } from '@tanstack/react-router';
import { Panel } from '../../../../ui/Panel';
import classes from './-Settings.module.css';

export const Route = createFileRoute('/t/$slug/settings/appearance')({ component: Appearance });

const SCHEMES = [
  { value: 'auto', label: 'As the system', description: 'Follows this computer or phone' },
  { value: 'light', label: 'Light', description: 'For bright rooms' },
  { value: 'dark', label: 'Dark', description: 'For the night shift' },
] as const;

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Panel title="Colours" className={classes.narrow} aside="On this device">
      <Radio.Group
        aria-label="Colours"
        value={colorScheme}
        onChange={(value) =>
          setColorScheme(SCHEMES.find((scheme) => scheme.value === value)?.value ?? 'auto')
        }
      >
        <Stack gap="sm">
          {SCHEMES.map(({ value, label, description }) => (
            <Radio key={value} value={value} label={label} description={description} />
          ))}
        </Stack>
      </Radio.Group>
    </Panel>
  );
}
