import { Group, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core';
import type { SnmpCipher, SnmpHash } from '../api/types';
import type { SnmpValues, StoredLogin } from './snmp';

interface Props {
  values: SnmpValues;
  /** `getInputProps` of the form. */
  field: (name: keyof SnmpValues) => object;
  /** The login that is stored and stays while nothing is entered. */
  stored?: StoredLogin | null | undefined;
}

const VERSIONS = [
  { value: '1', label: '1' },
  { value: '2c', label: '2c' },
  { value: '3', label: '3' },
];

const HASHES: Record<SnmpHash | 'none', string> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha224: 'SHA-224',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
  none: 'None: requests are not signed',
};

const CIPHERS: Record<SnmpCipher | 'none', string> = {
  aes128: 'AES-128',
  aes192: 'AES-192',
  aes256: 'AES-256',
  'aes256-reeder': 'AES-256 (Cisco)',
  none: 'None: requests are not encrypted',
};

const choices = (names: Record<string, string>, isStored: boolean) => [
  ...(isStored ? [{ value: '', label: 'As it is' }] : []),
  ...Object.entries(names).map(([value, label]) => ({ value, label })),
];

/** Version, port and secrets of an SNMP login. Secrets are sent and never shown again. */
export function SnmpFields({ values, field, stored }: Props) {
  const isStored = stored?.version === values.version;
  const keep = isStored ? 'Leave empty to keep' : undefined;
  const isSigned = values.hash !== 'none' && !(values.hash === '' && !isStored);
  return (
    <>
      <Group gap="sm" align="flex-start" grow preventGrowOverflow={false}>
        <Select label="SNMP version" data={VERSIONS} allowDeselect={false} {...field('version')} />
        <NumberInput
          label="UDP port"
          description={stored ? 'Another one needs the login again' : undefined}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          min={1}
          max={65_535}
          required
          hideControls
          {...field('port')}
        />
      </Group>
      {values.version === '3' ? (
        <>
          <TextInput
            label="User"
            description={keep}
            required={!isStored}
            autoComplete="off"
            {...field('user')}
          />
          <Select
            label="Authentication"
            placeholder="Choose"
            data={choices(HASHES, isStored)}
            allowDeselect={false}
            {...field('hash')}
          />
          {isSigned ? (
            <>
              <Secret
                label="Authentication password"
                description={keep ?? 'At least eight characters'}
                required={!isStored}
                {...field('authPassword')}
              />
              <Select
                label="Privacy"
                placeholder="Choose"
                data={choices(CIPHERS, isStored)}
                allowDeselect={false}
                {...field('cipher')}
              />
              {values.cipher === 'none' || (values.cipher === '' && !isStored) ? null : (
                <Secret
                  label="Privacy password"
                  description={keep ?? 'At least eight characters'}
                  required={!isStored}
                  {...field('privacyPassword')}
                />
              )}
            </>
          ) : null}
        </>
      ) : (
        <Secret label="Community" description={keep} required={!isStored} {...field('community')} />
      )}
    </>
  );
}

interface SecretProps {
  label: string;
  description: string | undefined;
  required: boolean;
}

const Secret = (props: SecretProps) => <PasswordInput autoComplete="new-password" {...props} />;
