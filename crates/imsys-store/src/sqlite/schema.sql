CREATE TABLE tenants (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, slug TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL, settings TEXT NOT NULL
) STRICT;

CREATE TABLE people (
  id BLOB PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  password TEXT, platform INTEGER NOT NULL, created INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
  tenant BLOB NOT NULL REFERENCES tenants, person BLOB NOT NULL REFERENCES people,
  role TEXT NOT NULL, since INTEGER NOT NULL, entered INTEGER, PRIMARY KEY (tenant, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_person ON memberships (person);

CREATE TABLE invitations (
  id BLOB PRIMARY KEY, tenant BLOB NOT NULL REFERENCES tenants, email TEXT NOT NULL, name TEXT NOT NULL,
  role TEXT NOT NULL, created INTEGER NOT NULL, UNIQUE (tenant, email)
) STRICT, WITHOUT ROWID;

CREATE TABLE logins (
  hash BLOB PRIMARY KEY, person BLOB NOT NULL REFERENCES people, tenant BLOB,
  created INTEGER NOT NULL, seen INTEGER NOT NULL, agent TEXT NOT NULL, address TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX logins_person ON logins (person);

CREATE TABLE links (
  hash BLOB PRIMARY KEY, kind TEXT NOT NULL, person BLOB, tenant BLOB, expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
  id BLOB PRIMARY KEY, tenant BLOB NOT NULL REFERENCES tenants, name TEXT NOT NULL, role TEXT NOT NULL,
  prefix TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, created INTEGER NOT NULL, expires INTEGER, last_used INTEGER
) STRICT;
CREATE INDEX api_keys_tenant ON api_keys (tenant, name);

CREATE TABLE audit (
  tenant BLOB NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
  action TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL, hash BLOB NOT NULL, search TEXT NOT NULL,
  PRIMARY KEY (tenant, seq)
) STRICT, WITHOUT ROWID;

-- What acts on many things did to each: one line of the log, whose object is the act, stands for all of them.
CREATE TABLE bulk_rows (
  bulk BLOB NOT NULL, n INTEGER NOT NULL, tenant BLOB NOT NULL, action TEXT NOT NULL, object BLOB NOT NULL,
  detail TEXT NOT NULL, undo TEXT, PRIMARY KEY (bulk, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_rows_object ON bulk_rows (tenant, object);

CREATE TABLE routers (
  id BLOB PRIMARY KEY, tenant BLOB NOT NULL REFERENCES tenants, rev INTEGER NOT NULL, edition INTEGER NOT NULL,
  name TEXT NOT NULL, address TEXT NOT NULL, port INTEGER NOT NULL, tls TEXT,
  legacy_login INTEGER NOT NULL, routed TEXT NOT NULL, username TEXT NOT NULL,
  password TEXT NOT NULL, token BLOB NOT NULL UNIQUE,
  paused INTEGER NOT NULL,
  state TEXT NOT NULL, since INTEGER NOT NULL, reason TEXT, listening TEXT NOT NULL, swept INTEGER,
  facts TEXT NOT NULL, search TEXT NOT NULL, created INTEGER NOT NULL, archived INTEGER NOT NULL,
  fencing INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Whose plain webhooks from an address could be another tenant's.
CREATE INDEX routers_met ON routers (json_extract(facts, '$.address')) WHERE archived = 0;
CREATE UNIQUE INDEX routers_place ON routers (tenant, address, port) WHERE archived = 0;
-- Whose a router is, without reading the rest of its row: asked before everything else.
CREATE INDEX routers_own ON routers (id, tenant) WHERE archived = 0;
CREATE INDEX routers_name ON routers (tenant, archived, name, id);

CREATE TABLE router_due (
  router BLOB NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL,
  urgent INTEGER NOT NULL, PRIMARY KEY (router, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE router_runs (
  router BLOB NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, took_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL, error TEXT, PRIMARY KEY (router, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenant_runs (
  tenant BLOB NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, took_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL, error TEXT, PRIMARY KEY (tenant, kind)
) STRICT, WITHOUT ROWID;

-- When a router that was connected was away. The newest thousand of each are kept.
CREATE TABLE router_absences (
  router BLOB NOT NULL, began INTEGER NOT NULL, ended INTEGER, reason TEXT NOT NULL, PRIMARY KEY (router, began)
) STRICT, WITHOUT ROWID;

-- Sums of how many services had each status, by intervals of five minutes for a day and of an hour for a month.
CREATE TABLE trend (
  tenant BLOB NOT NULL, every INTEGER NOT NULL, begin INTEGER NOT NULL, counts INTEGER NOT NULL,
  online INTEGER NOT NULL, offline INTEGER NOT NULL, unknown INTEGER NOT NULL, lowest INTEGER NOT NULL,
  PRIMARY KEY (tenant, every, begin)
) STRICT, WITHOUT ROWID;

CREATE TABLE hook_counts (
  router BLOB NOT NULL, hour INTEGER NOT NULL, last INTEGER, received INTEGER NOT NULL, refused INTEGER NOT NULL,
  PRIMARY KEY (router, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
  id BLOB PRIMARY KEY, tenant BLOB NOT NULL REFERENCES tenants, rev INTEGER NOT NULL, edition INTEGER NOT NULL,
  name TEXT NOT NULL, address TEXT NOT NULL, router BLOB REFERENCES routers, reach TEXT NOT NULL,
  watched INTEGER NOT NULL, status TEXT NOT NULL, since INTEGER NOT NULL, reason TEXT, latency_us INTEGER,
  loss INTEGER, checked INTEGER, search TEXT NOT NULL, created INTEGER NOT NULL, archived INTEGER NOT NULL,
  access TEXT, snmp TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX devices_place ON devices (tenant, coalesce(router, x''), address) WHERE archived = 0;
CREATE INDEX devices_name ON devices (tenant, archived, name, id);
CREATE INDEX devices_router ON devices (router) WHERE router IS NOT NULL;

-- What devices are measured at, as the last poll by SNMP that found a change said: a poll writes it again.
CREATE TABLE device_figures (
  device BLOB PRIMARY KEY REFERENCES devices, tenant BLOB NOT NULL, data TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Logins that the agents of a tenant's devices are tried with.
CREATE TABLE snmp_logins (
  id BLOB PRIMARY KEY, tenant BLOB NOT NULL REFERENCES tenants, edition INTEGER NOT NULL, data TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX snmp_logins_tenant ON snmp_logins (tenant, created);

-- The counters of routers as they were last: what was carried is told by the next ones.
CREATE TABLE usage_baselines (
  router BLOB PRIMARY KEY REFERENCES routers, tenant BLOB NOT NULL, data TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- When devices were down. The newest thousand of each are kept.
CREATE TABLE device_outages (
  device BLOB NOT NULL REFERENCES devices, tenant BLOB NOT NULL, began INTEGER NOT NULL, ended INTEGER,
  reason TEXT NOT NULL, PRIMARY KEY (device, began)
) STRICT, WITHOUT ROWID;

CREATE TABLE customers (
  id BLOB PRIMARY KEY, tenant BLOB NOT NULL REFERENCES tenants, edition INTEGER NOT NULL, name TEXT NOT NULL,
  data TEXT NOT NULL, search TEXT NOT NULL, created INTEGER NOT NULL, archived INTEGER NOT NULL
) STRICT;
CREATE INDEX customers_name ON customers (tenant, archived, name, id);
CREATE INDEX customers_created ON customers (tenant, archived, created, id);
CREATE INDEX customers_reference
  ON customers (tenant, archived, coalesce(json_extract(data, '$.reference'), ''), id);

CREATE TABLE plans (
  id BLOB PRIMARY KEY, tenant BLOB NOT NULL REFERENCES tenants, edition INTEGER NOT NULL, name TEXT NOT NULL,
  data TEXT NOT NULL, search TEXT NOT NULL, created INTEGER NOT NULL, archived INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX plans_name ON plans (tenant, name) WHERE archived = 0;

-- The plan that a PPP profile stands for, as the last import said.
CREATE TABLE profile_plans (
  tenant BLOB NOT NULL, profile TEXT NOT NULL, plan BLOB NOT NULL REFERENCES plans, PRIMARY KEY (tenant, profile)
) STRICT, WITHOUT ROWID;

CREATE TABLE services (
  n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, tenant BLOB NOT NULL REFERENCES tenants,
  rev INTEGER NOT NULL, edition INTEGER NOT NULL,
  router BLOB NOT NULL REFERENCES routers, key TEXT NOT NULL, customer BLOB REFERENCES customers,
  plan BLOB REFERENCES plans, kind TEXT NOT NULL, label TEXT NOT NULL, access TEXT NOT NULL,
  suspended INTEGER NOT NULL, mode TEXT NOT NULL,
  customer_name TEXT NOT NULL, status TEXT NOT NULL, since INTEGER NOT NULL, confirmed INTEGER, source TEXT,
  -- The address that DHCP gave it last.
  leased TEXT,
  presence BLOB NOT NULL, search TEXT NOT NULL, touched INTEGER NOT NULL, created INTEGER NOT NULL,
  archived INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX services_key ON services (router, key) WHERE archived = 0;
CREATE INDEX services_label ON services (tenant, archived, label, id, kind, suspended);
CREATE INDEX services_customer_name ON services (tenant, archived, customer_name, id);
CREATE INDEX services_created ON services (tenant, archived, created, id);
-- The only one that a change of status touches.
CREATE INDEX services_status ON services (tenant, archived, status, since, id, kind, suspended);
CREATE INDEX services_router ON services (router, archived, label, id, kind, suspended);
CREATE INDEX services_suspended ON services (tenant, archived, label, id) WHERE suspended = 1;
CREATE INDEX services_customer ON services (customer) WHERE customer IS NOT NULL;
CREATE INDEX services_plan ON services (plan) WHERE plan IS NOT NULL;
CREATE INDEX services_touched ON services (tenant, touched);

-- What checks saw last of a router's services that do not log in (see `evidence.rs`). It is fresh until anybody else
-- writes one of them.
CREATE TABLE static_evidence (
  router BLOB PRIMARY KEY, tenant BLOB NOT NULL, fresh INTEGER NOT NULL, lines BLOB NOT NULL
) STRICT;
CREATE TRIGGER static_evidence_insert AFTER INSERT ON services WHEN NEW.kind <> 'pppoe' BEGIN
  UPDATE static_evidence SET fresh = 0 WHERE router = NEW.router AND fresh <> 0;
END;
-- Not of what the judge writes: that would cost every webhook.
CREATE TRIGGER static_evidence_update AFTER UPDATE OF router, access, archived, customer_name ON services
WHEN OLD.kind <> 'pppoe' OR NEW.kind <> 'pppoe' BEGIN
  UPDATE static_evidence SET fresh = 0 WHERE router IN (OLD.router, NEW.router) AND fresh <> 0;
END;

CREATE TABLE sessions (
  id BLOB PRIMARY KEY, tenant BLOB NOT NULL, service BLOB NOT NULL, router BLOB NOT NULL, username TEXT NOT NULL,
  mac TEXT, address TEXT, started INTEGER NOT NULL, ended INTEGER, cause TEXT, source TEXT NOT NULL,
  is_indexed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- Sessions and events are indexed in the indexes by the thousand: one by one, each would touch a page of
-- each index. What is not indexed yet is little, and read whole.
CREATE INDEX sessions_fresh ON sessions (id) WHERE is_indexed = 0;
CREATE INDEX sessions_started ON sessions (tenant, started, id);
CREATE INDEX sessions_service ON sessions (service, started, id) WHERE is_indexed = 1;
CREATE INDEX sessions_address ON sessions (address, tenant, started, id) WHERE is_indexed = 1;

-- The names and MAC addresses in the indexed sessions of each service. They hardly ever change, so an index of
-- every session by them would cost more than all else that a session costs.
CREATE TABLE session_words (
  tenant BLOB NOT NULL, word TEXT NOT NULL, service BLOB NOT NULL, PRIMARY KEY (tenant, word, service)
) STRICT, WITHOUT ROWID;

CREATE TABLE presence_events (
  n INTEGER PRIMARY KEY, tenant BLOB NOT NULL, at INTEGER NOT NULL, router BLOB NOT NULL, service BLOB,
  username TEXT NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL, alias TEXT, outcome TEXT NOT NULL, status TEXT,
  is_indexed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX presence_events_fresh ON presence_events (is_indexed) WHERE is_indexed = 0 AND status IS NOT NULL;
CREATE INDEX presence_events_status ON presence_events (service, at) WHERE is_indexed = 1 AND status IS NOT NULL;
CREATE INDEX presence_events_recent ON presence_events (tenant, at) WHERE status IS NOT NULL;

-- Reports that were acknowledged and are not in the tables yet (see `journal.rs`); empty within a moment.
CREATE TABLE presence_journal (n INTEGER PRIMARY KEY, reports BLOB NOT NULL) STRICT;

-- The change feed (see `feed.rs`), and its name.
CREATE TABLE changes (
  n INTEGER PRIMARY KEY, tenant BLOB NOT NULL, at INTEGER NOT NULL, changes BLOB NOT NULL
) STRICT;
CREATE TABLE feed (name TEXT NOT NULL) STRICT;
INSERT INTO feed VALUES (lower(hex(randomblob(8))));

-- Measurements on their way to the process that keeps the history.
CREATE TABLE measured (n INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB NOT NULL) STRICT;

CREATE TABLE unknown_users (
  tenant BLOB NOT NULL, router BLOB NOT NULL, username TEXT NOT NULL, first INTEGER NOT NULL,
  last INTEGER NOT NULL, count INTEGER NOT NULL, source TEXT NOT NULL, PRIMARY KEY (router, username)
) STRICT, WITHOUT ROWID;
CREATE INDEX unknown_users_recent ON unknown_users (tenant, last)
