/** An SNMP login in a form: what may be empty, what is sent, and where a refusal is said. */
import type { SnmpCipher, SnmpHash, SnmpSetting } from '../api/types';

/** What is known of a login that is stored: its secrets are never shown. */
export interface StoredLogin {
  version: string;
  port: number;
}

export interface SnmpValues {
  version: string;
  port: number | string;
  community: string;
  user: string;
  /** Empty: as it is stored. */
  hash: SnmpHash | 'none' | '';
  authPassword: string;
  cipher: SnmpCipher | 'none' | '';
  privacyPassword: string;
}

const PORT = 161;

/** The form of a new login, or of one that is stored, whose secrets are empty. */
export function snmpValues(stored?: StoredLogin | null): SnmpValues {
  return {
    version: stored?.version ?? '2c',
    port: stored?.port ?? PORT,
    community: '',
    user: '',
    hash: stored ? '' : 'sha1',
    authPassword: '',
    cipher: stored ? '' : 'aes128',
    privacyPassword: '',
  };
}

/** Nothing was entered: what is stored stays, and nothing is sent. */
export function isKept(values: SnmpValues, stored?: StoredLogin | null): boolean {
  if (!stored || values.version !== stored.version || Number(values.port) !== stored.port) return false;
  const { community, user, hash, authPassword, cipher, privacyPassword } = values;
  return values.version === '3'
    ? !(user || hash || authPassword || cipher || privacyPassword)
    : community === '';
}

export function snmpSetting(values: SnmpValues): SnmpSetting {
  const { version, community, user, hash, authPassword, cipher, privacyPassword } = values;
  const port = Number(values.port);
  if (version !== '3') return { version, port, community };
  const isSigned = hash !== '' && hash !== 'none';
  const isSealed = isSigned && cipher !== '' && cipher !== 'none';
  return {
    version,
    port,
    user: user.trim(),
    ...(isSigned ? { auth: { hash, password: authPassword } } : {}),
    ...(isSealed ? { privacy: { cipher, password: privacyPassword } } : {}),
  };
}

/** What is missing, before anything is sent; the rest is for the server to judge. */
export function snmpErrors(
  values: SnmpValues,
  stored?: StoredLogin | null,
): Partial<Record<keyof SnmpValues, string>> {
  if (isKept(values, stored)) return {};
  const again = stored ? ', again: a stored login is replaced as a whole' : '';
  if (values.version !== '3') return values.community ? {} : { community: `The community is needed${again}` };
  const { user, hash, authPassword, cipher, privacyPassword } = values;
  const isSigned = hash !== '' && hash !== 'none';
  return {
    ...(user.trim() ? {} : { user: `The user is needed${again}` }),
    ...(hash ? {} : { hash: 'Choose one' }),
    ...(isSigned && !authPassword ? { authPassword: 'The password is needed' } : {}),
    ...(isSigned && !cipher ? { cipher: 'Choose one' } : {}),
    ...(isSigned && cipher && cipher !== 'none' && !privacyPassword
      ? { privacyPassword: 'The password is needed' }
      : {}),
  };
}

/** A form of something that may have a login of its own. */
export interface OwnLoginValues extends SnmpValues {
  own: boolean;
}

/** Rules of the fields, for a login that is wanted. */
export function ownLoginRules(stored?: StoredLogin | null) {
  const rule =
    (name: keyof SnmpValues) =>
    (_: unknown, values: OwnLoginValues): string | null =>
      (values.own && snmpErrors(values, stored)[name]) || null;
  return {
    community: rule('community'),
    user: rule('user'),
    hash: rule('hash'),
    authPassword: rule('authPassword'),
    cipher: rule('cipher'),
    privacyPassword: rule('privacyPassword'),
  };
}

/** What a change says of it: nothing while it stays, null to take it away. */
export function ownLogin(values: OwnLoginValues, stored?: StoredLogin | null): { snmp?: SnmpSetting | null } {
  if (!values.own) return stored ? { snmp: null } : {};
  return isKept(values, stored) ? {} : { snmp: snmpSetting(values) };
}

/** The fields of the form by the names that the server has for them. */
export const SNMP_PLACES = {
  snmp: 'version',
  'snmp.version': 'version',
  'snmp.port': 'port',
  'snmp.community': 'community',
  'snmp.user': 'user',
  'snmp.auth': 'hash',
  'snmp.auth.hash': 'hash',
  'snmp.auth.password': 'authPassword',
  'snmp.privacy': 'cipher',
  'snmp.privacy.cipher': 'cipher',
  'snmp.privacy.password': 'privacyPassword',
} as const satisfies Record<string, keyof SnmpValues>;
