import { describe, expect, it } from 'vitest';
import { problemOf } from '../api/problem';
import { lines } from './lines';
import { placed } from './serverErrors';
import { isKept, ownLogin, ownLoginRules, SNMP_PLACES, snmpErrors, snmpSetting, snmpValues } from './snmp';

const COMMUNITY = { version: '2c', port: 161 };
const USER = { version: '3', port: 1161 };

describe('a stored SNMP login', () => {
  it('is kept while nothing is entered', () => {
    for (const stored of [COMMUNITY, USER]) {
      expect(isKept(snmpValues(stored), stored)).toBe(true);
      expect(snmpErrors(snmpValues(stored), stored)).toEqual({});
    }
    expect(isKept({ ...snmpValues(COMMUNITY), community: 'roof' }, COMMUNITY)).toBe(false);
  });

  it('is needed again for another version or port', () => {
    const needed = 'The community is needed, again: a stored login is replaced as a whole';
    expect(snmpErrors({ ...snmpValues(COMMUNITY), version: '1' }, COMMUNITY)).toEqual({ community: needed });
    expect(snmpErrors({ ...snmpValues(COMMUNITY), port: 1161 }, COMMUNITY)).toEqual({ community: needed });
    expect(Object.keys(snmpErrors({ ...snmpValues(COMMUNITY), version: '3' }, COMMUNITY))).toEqual([
      'user',
      'hash',
    ]);
  });

  it('of version 3 is never weakened by what was left empty', () => {
    const named = { ...snmpValues(USER), user: 'noc' };
    expect(snmpErrors(named, USER)).toEqual({ hash: 'Choose one' });
    expect(Object.keys(snmpErrors({ ...named, hash: 'sha1' }, USER))).toEqual(['authPassword', 'cipher']);
    expect(snmpErrors({ ...named, hash: 'none' }, USER)).toEqual({});
  });
});

describe('what is sent', () => {
  it('of versions 1 and 2c is the community alone', () => {
    const values = { ...snmpValues(), community: ' with spaces ', user: 'left over' };
    expect(snmpSetting(values)).toEqual({ version: '2c', port: 161, community: ' with spaces ' });
  });

  it('of version 3 is the user with what signs and encrypts', () => {
    const values = {
      ...snmpValues(),
      version: '3',
      port: '1161',
      community: 'left over',
      user: ' noc ',
      authPassword: 'password1',
      privacyPassword: 'password2',
    };
    const user = { version: '3', port: 1161, user: 'noc' };
    const auth = { hash: 'sha1', password: 'password1' };
    expect(snmpSetting(values)).toEqual({
      ...user,
      auth,
      privacy: { cipher: 'aes128', password: 'password2' },
    });
    expect(snmpSetting({ ...values, cipher: 'none' })).toEqual({ ...user, auth });
    expect(snmpSetting({ ...values, hash: 'none' })).toEqual(user);
  });
});

it('a login of its own is set, kept, and taken away', () => {
  const stored = { ...snmpValues(COMMUNITY), own: true };
  expect(ownLogin(stored, COMMUNITY)).toEqual({});
  expect(ownLogin({ ...stored, own: false }, COMMUNITY)).toEqual({ snmp: null });
  expect(ownLogin({ ...snmpValues(), own: false }, null)).toEqual({});
  const fresh = { ...snmpValues(), own: true };
  expect(ownLoginRules(null).community('', fresh)).toBe('The community is needed');
  expect(ownLoginRules(null).community('', { ...fresh, own: false })).toBeNull();
  expect(ownLogin({ ...fresh, community: 'roof' }, null)).toEqual({
    snmp: { version: '2c', port: 161, community: 'roof' },
  });
});

it('a refusal of the server is said at the field of the form', () => {
  const errors = [
    { field: 'snmp.auth.password', message: 'must have 8 to 255 characters and no line break' },
    { field: 'snmp.privacy', message: 'needs auth' },
  ];
  const { fields, rest } = placed(
    problemOf(422, { code: 'invalid', errors }),
    Object.keys(snmpValues()),
    SNMP_PLACES,
  );
  expect(fields).toEqual({
    authPassword: 'Must have 8 to 255 characters and no line break',
    cipher: 'Needs auth',
  });
  expect(rest).toBeUndefined();
});

it('networks stand one a line, or between commas', () => {
  expect(lines(' 10.0.0.0/24\n\n10.0.1.0/24, 10.0.2.0/24\r\n')).toEqual([
    '10.0.0.0/24',
    '10.0.1.0/24',
    '10.0.2.0/24',
  ]);
  expect(lines(' \n')).toEqual([]);
});
