import type {
  DeviceReason,
  DeviceStatus,
  EndCause,
  Reach,
  RouterState,
  ServiceKind,
  ServiceStatus,
  SnmpState,
  Source,
  UsageSource,
  Verdict,
} from '../api/types';
import type { Tone } from '../ui/Status';

interface Word {
  tone: Tone;
  label: string;
}

export const SERVICE: Record<ServiceStatus, Word> = {
  online: { tone: 'good', label: 'Online' },
  offline: { tone: 'bad', label: 'Offline' },
  unknown: { tone: 'idle', label: 'Unknown' },
};

export const ROUTER: Record<RouterState, Word> = {
  up: { tone: 'good', label: 'Up' },
  down: { tone: 'bad', label: 'Down' },
  new: { tone: 'warn', label: 'Not set up' },
};

export const DEVICE: Record<DeviceStatus, Word> = {
  up: { tone: 'good', label: 'Up' },
  down: { tone: 'bad', label: 'Down' },
  unknown: { tone: 'idle', label: 'Unknown' },
};

/** Why a device is down or unknown. */
export const DEVICE_REASON: Record<DeviceReason, { label: string; long: string }> = {
  'no-answer': { label: 'no answer', long: 'it was asked and does not answer' },
  'never-asked': { label: 'not asked yet', long: 'it was added or changed a moment ago' },
  'router-away': {
    label: 'router away',
    long: 'its router cannot be reached, so nobody can ask it',
  },
  'no-permission': {
    label: 'ping not permitted',
    long: 'this server may not send pings, or the API user of the router lacks the policy “test”',
  },
  'not-sent': {
    label: 'no route',
    long: 'there is no route to it, or its address is not allowed any more',
  },
  'packets-dropped': {
    label: 'packets dropped',
    long: 'this server dropped packets, and the answer may have been among them',
  },
  'own-uplink': {
    label: 'own connection',
    long: 'most devices fell silent at once, so the connection of this server is the likely cause',
  },
};

/** Who asks a device. */
export const REACH: Record<Reach, string> = { router: 'its router', direct: 'this server' };

/** Whether a device answers SNMP. */
export const SNMP: Record<SnmpState, { label: string; long: string }> = {
  answers: { label: 'answers', long: 'it is read by SNMP as often as it is asked' },
  silent: { label: 'no answer', long: 'it does not answer SNMP, or to none of the logins' },
  refused: { label: 'refused', long: 'it answers SNMP and refuses the login' },
  untried: { label: 'not tried yet', long: 'it is tried soon' },
  'no-route': {
    label: 'no route',
    long: 'this server asks, and its router does not name its network as routed from here',
  },
  'no-login': { label: 'no login', long: 'no login is bound to its network or router' },
};

export const KIND: Record<ServiceKind, string> = { pppoe: 'PPPoE', static: 'Static', dhcp: 'DHCP' };

/** Where a status comes from. */
export const SOURCE: Record<Source, { label: string; long: string }> = {
  webhook: { label: 'router event', long: 'the router reported it the moment it happened' },
  listen: { label: 'active sessions', long: 'seen in the active sessions of the router' },
  sweep: { label: 'full sync', long: 'read in a full sync with the router' },
  router: { label: 'router state', long: 'the router cannot be reached, or says nothing, so nobody can say' },
  arp: { label: 'ARP table', long: 'read from the ARP table of the router' },
  probe: { label: 'probe', long: 'the router asked for it on the wire' },
  queue: { label: 'traffic', long: 'the counters of its queue on the router moved' },
  lease: { label: 'DHCP lease', long: 'read from the leases of the DHCP server of the router' },
};

/** What counts the bytes of a service. */
export const COUNTED_BY: Record<UsageSource, string> = {
  interface: 'the interface of its PPPoE session',
  queue: 'the simple queue for its address',
};

/** Why a session ended. */
export const ENDED: Record<EndCause, { label: string; long: string }> = {
  user: {
    label: 'disconnected by client',
    long: 'the device of the customer ended the session, or its link went down',
  },
  kicked: { label: 'disconnected by IMSys', long: 'IMSys removed the session' },
  reboot: { label: 'router restarted', long: 'the router restarted' },
  superseded: { label: 'replaced', long: 'another session took its place before its end was seen' },
  expired: { label: 'lease ended', long: 'the device of the customer holds no DHCP lease any more' },
  blind: { label: 'not seen', long: 'it ended while the router was out of reach' },
};

export const VERDICT: Record<Verdict, Tone> = { ok: 'good', warn: 'warn', bad: 'bad', info: 'idle' };
