/** The types of the HTTP contract by the names that the pages use. */
import type { components, paths } from './schema';

type Schemas = components['schemas'];

export type Role = Schemas['Role'];
export type ServiceStatus = Schemas['StatusName'];
export type ServiceKind = Schemas['KindName'];
export type Source = Schemas['SourceName'];
export type EndCause = Schemas['EndCauseName'];
export type RouterState = Schemas['RouterStateName'];
export type DeviceStatus = Schemas['DeviceStatusName'];
export type DeviceReason = Schemas['DeviceReasonName'];
export type Reach = Schemas['ReachName'];
export type SnmpState = Schemas['SnmpStateName'];
export type Period = Schemas['PeriodName'];
export type Verdict = Schemas['VerdictName'];
export type Money = Schemas['MoneyItem'];

export type Session = Schemas['Session'];
export type SetupInfo = Schemas['SetupInfo'];
export type Overview = Schemas['Overview'];
export type Trend = Schemas['Trend'];
export type Absence = Schemas['Absence'];
export type Trouble = Schemas['TroubledRouter'];
export type RecentChange = Schemas['RecentChange'];
export type Service = Schemas['ServiceItem'];
export type ServiceSession = Schemas['SessionItem'];
export type Diagnosis = Schemas['DiagnosisItem'];
export type Timeline = Schemas['Timeline'];
export type Customer = Schemas['CustomerItem'];
export type Plan = Schemas['PlanItem'];
export type Job = Schemas['JobItem'];
export type JobState = Schemas['JobStateName'];
export type Run = Schemas['RunItem'];
export type JobStanding = Schemas['StandingItem'];
export type Router = Schemas['RouterItem'];
export type Device = Schemas['DeviceItem'];
export type Outage = Schemas['OutageItem'];
export type Metrics = Schemas['Metrics'];
export type Series = Schemas['Series'];
export type Reading = Schemas['Reading'];
export type Port = Schemas['PortItem'];
export type SnmpLogin = Schemas['LoginItem'];
export type SnmpSetting = Schemas['SnmpSetting'];
export type SnmpHash = Schemas['SnmpHash'];
export type SnmpCipher = Schemas['SnmpCipher'];
export type Usage = Schemas['Usage'];
export type UsageDay = Schemas['UsageDay'];
export type UsageRate = Schemas['UsageRate'];
export type UsageSource = Schemas['CounterSourceName'];
export type TestResult = Schemas['TestResult'];
export type ImportResult = Schemas['ImportResult'];
export type ImportRow = Schemas['ImportRow'];
export type SheetResult = Schemas['SheetResult'];
export type SheetRow = Schemas['SheetRow'];
export type BulkDone = Schemas['BulkDone'];
export type BulkRow = Schemas['BulkRowItem'];
export type Proposals = Schemas['Proposals'];
export type Proposal = Schemas['ProposalItem'];
export type Profile = Schemas['ProfileItem'];
export type WayBack = Schemas['WayBack'];
export type UnknownUser = Schemas['UnknownUserItem'];
export type Member = Schemas['Member'];
export type Provider = Schemas['Tenant'];
export type ApiKey = Schemas['ApiKey'];
export type AuditEntry = Schemas['AuditEntry'];
export type Settings = Schemas['Settings'];

export type ServiceInput = Schemas['NewService'];
export type ServiceChange = Schemas['ServicePatch'];
export type CustomerInput = Schemas['NewCustomer'];
export type CustomerChange = Schemas['CustomerPatch'];
export type PlanInput = Schemas['NewPlan'];
export type PlanChange = Schemas['PlanPatch'];
export type RouterInput = Schemas['NewRouter'];
export type RouterChange = Schemas['RouterPatch'];
export type DeviceInput = Schemas['NewDevice'];
export type DeviceChange = Schemas['DevicePatch'];
export type SnmpLoginInput = Schemas['NewLogin'];
export type SnmpLoginChange = Schemas['LoginPatch'];

/** What a list can be asked for, besides which page of it. */
export type Filters<P extends keyof paths> = Omit<Asked<P>, 'limit' | 'cursor'>;
type Asked<P> = P extends keyof paths
  ? paths[P] extends { get: { parameters: { query?: infer Q } } }
    ? NonNullable<Q>
    : never
  : never;

/** One page of a list. `next` is the cursor of the page after it; absent on the last. */
export interface List<T> {
  items: T[];
  next?: string | null;
  total: number;
}

/** What the live stream tells of one thing. */
export type ServiceTold = Schemas['ServiceChanged'];
export type RouterTold = Schemas['RouterChanged'];
export type DeviceTold = Schemas['DeviceChanged'];
export type OverviewTold = Schemas['CountsChanged'];
