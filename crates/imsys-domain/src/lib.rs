//! The ISP itself: the types that cannot be wrong and the decisions that follow from them.
//!
//! Nothing here waits, reads a clock, draws a random number, logs or knows a database. Callers pass
//! `now` and fresh ids in and get values out, so every rule can be tested in virtual time.
//!
//! * [`presence`]: who is online. Every witness (webhook, listen row, table) becomes an
//!   [`presence::Observation`]; [`presence::judge`] is the only place that decides.
//! * [`import`]: PPP secrets of a router become services; [`sheet`]: so do the rows of a file;
//!   [`propose`]: who might be a static customer.
//! * [`access`]: roles and what each of them may do; [`entry`]: how people come in and leave; [`guessing`]: how
//!   often a password may be tried.
//! * [`diagnosis`]: why is this customer offline, in sentences.
//! * [`bucket`]: how often somebody may do something; [`aging`]: whether what is old may be deleted; [`seldom`]: what
//!   happens again and again is told once a minute. [`trend`]: how many services were online over time. [`usage`]: how much
//!   each carried.
//! * [`tenant`], [`people`], [`customer`], [`plan`], [`service`], [`router`], [`device`], [`host`]: the things themselves, checked once at the edge. [`reach`]:
//!   which addresses the server may be sent to.
//! * [`edition`]: who may change a thing; [`hindrance`]: why a change is not possible; [`bulk`]: acts on many services
//!   and their undo; [`audit`]: what the log says of each change.
//! * [`ids`], [`time`], [`money`], [`mac`], [`net`], [`text`]: the small types all of them share.
//! * [`search`]: what things are found by.
//!
//! Start with [`presence`].

pub mod access;
pub mod aging;
pub mod audit;
pub mod bucket;
pub mod bulk;
pub mod customer;
pub mod device;
pub mod diagnosis;
pub mod edition;
pub mod entry;
pub mod guessing;
pub mod hindrance;
pub mod host;
pub mod ids;
pub mod import;
pub mod mac;
pub mod money;
pub mod net;
pub mod people;
pub mod plan;
pub mod presence;
pub mod propose;
pub mod reach;
pub mod router;
pub mod search;
pub mod seldom;
pub mod service;
pub mod sheet;
pub mod tenant;
pub mod text;
pub mod time;
pub mod trend;
pub mod usage;

pub use ids::{
    ApiKeyId, BulkId, CustomerId, DeviceId, PersonId, PlanId, RouterId, ServiceId, SessionId, SnmpLoginId,
    TenantId,
};
pub use time::Timestamp;
