import type { Service } from '../api/types';

/** What a service is called: by what its router recognises it. */
export const serviceName = ({
  kind,
  username,
  address,
  mac,
}: Pick<Service, 'kind' | 'username' | 'address' | 'mac'>): string =>
  (kind === 'dhcp' ? mac : (username ?? address)) ?? '';
