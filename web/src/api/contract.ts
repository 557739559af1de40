export type Role = 'admin' | 'technician' | 'support' | 'cashier' | 'read-only';
export type ServiceStatus = 'online' | 'offline' | 'unknown';
export type ServiceKind = 'pppoe' | 'static';
export type Source = 'webhook' | 'listen' | 'sweep' | 'router';
export type EndCause = 'user' | 'kicked' | 'reboot' | 'superseded' | 'blind';
export type RouterState = 'up' | 'down' | 'new';
export type Period = 'day' | 'week' | 'month' | 'year';
export interface Money {
  minor: number;
  currency: string;
}
export interface Membership {
  tenantId: string;
  name: string;
  slug: string;
  role: Role;
}
export interface Session {
  user: { id: string; email: string; name: string; platform: boolean };
  tenant: { id: string; name: string; slug: string } | null;
  role: Role | null;
  rights: string[];
  memberships: Membership[];
  demo: boolean;
  insecure: boolean;
  version: string;
}
export interface SetupInfo {
  kind: 'first' | 'invite' | 'reset' | 'demo';
  email?: string | null;
  tenantName?: string | null;
}
export interface ServiceCounts {
  online: number;
  offline: number;
  unknown: number;
  suspended: number;
  total: number;
}
export interface Trouble {
  id: string;
  name: string;
  state: RouterState;
  since: string;
  reason: string | null;
  services: number;
}
export interface RecentChange {
  at: string;
  serviceId: string;
  username: string;
  customerName: string | null;
  routerId: string;
  routerName: string;
  status: ServiceStatus;
  isOnline: boolean | null;
  source: Source;
}
export interface Overview {
  services: ServiceCounts;
  routers: { up: number; down: number; unknown: number; total: number };
  trouble: Trouble[];
  recent: RecentChange[];
  unknownUsers: number;
  checklist: { hasRouter: boolean; hasService: boolean; hasWebhook: boolean };
}
export interface Service {
  id: string;
  rev: number;
  etag: string;
  kind: ServiceKind;
  username: string | null;
  address: string | null;
  mac: string | null;
  interface: string | null;
  vrf: string | null;
  routerId: string;
  routerName: string;
  customerId: string | null;
  customerName: string | null;
  planId: string | null;
  planName: string | null;
  isOnline: boolean | null;
  status: ServiceStatus;
  since: string;
  confirmedAt: string | null;
  source: Source | null;
  suspended: boolean;
  enforcement: { mode: 'observe' | 'manage' };
  createdAt: string;
  archived: boolean;
}
export interface ServiceSession {
  id: string;
  serviceId: string;
  routerId: string;
  username: string;
  mac: string | null;
  address: string | null;
  startedAt: string;
  endedAt: string | null;
  cause: EndCause | null;
  source: Source;
  uptimeSeconds: number;
}
export interface Timeline {
  from: string;
  to: string;
  segments: { from: string; to: string; status: ServiceStatus; source: Source | null }[];
}
export type Verdict = 'ok' | 'warn' | 'bad' | 'info';
export interface Diagnosis {
  status: ServiceStatus;
  headline: string;
  since: string;
  confirmedAt: string | null;
  source: Source | null;
  evidence: { at: string | null; witness: string; text: string; verdict: Verdict }[];
  advice: string[];
}
export interface Customer {
  id: string;
  etag: string;
  name: string;
  email: string | null;
  phone: string | null;
  address: string | null;
  notes: string | null;
  reference: string | null;
  createdAt: string;
}
export interface Plan {
  id: string;
  etag: string;
  name: string;
  price: Money;
  period: Period;
  downKbps: number | null;
  upKbps: number | null;
}
export interface Router {
  id: string;
  rev: number;
  etag: string;
  listening: boolean;
  name: string;
  address: string;
  port: number;
  tls: false | string;
  username: string;
  identity: string | null;
  version: string | null;
  board: string | null;
  state: RouterState;
  since: string;
  reason: string | null;
  lastSweepAt: string | null;
  services: { online: number; offline: number; unknown: number; total: number };
  hooks: { lastWebhookAt: string | null; received24h: number; refused24h: number };
  deviceModeFetch: boolean | null;
}
export interface TestResult {
  ok: boolean;
  identity: string | null;
  version: string | null;
  board: string | null;
  problems: { code: string; severity: 'error' | 'warning'; message: string; fix: string }[];
}
export interface ImportRow {
  username: string;
  name: string | null;
  profile: string | null;
  disabled: boolean;
  action: 'create' | 'update' | 'skip';
  reason: string;
  serviceId: string | null;
}
export interface ImportResult {
  created: number;
  updated: number;
  skipped: number;
  rows: ImportRow[];
}
export interface Profile {
  name: string;
  hooked: boolean;
  hasOwnScript: boolean;
  secrets: number;
}
export interface UnknownUser {
  username: string;
  firstSeen: string;
  lastSeen: string;
  count: number;
  source: Source;
}
export interface Member {
  id: string;
  email: string;
  name: string;
  role: Role;
  pending: boolean;
  createdAt: string;
}
export interface ApiKey {
  id: string;
  name: string;
  role: Role;
  prefix: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
  createdAt: string;
}
export interface AuditEntry {
  seq: number;
  at: string;
  actor: string;
  action: string;
  object: string;
  detail: string;
}
export interface Settings {
  name: string;
  currency: string;
  sweepSeconds: number;
  historyMonths: number;
}
