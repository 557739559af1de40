//! One connection to each router: held as long as it works, with back-off, and shared by all who ask.
//!
//! * [`broker`]: everybody who wants something of a router asks there. `actor`: one router's session, an actor
//!   with an `inbox`. `watch`: what is read over its connection: listen rows and questions about users; `sync`: whole
//!   tables, beside which its inbox is served; `rows`: for the judge.
//! * [`connection`]: opening it, and every reason why that fails; [`problem`]: those reasons in words.
//!   [`credentials`]: what we log in with; `logins`: refused logins are counted; `odd`: fields that could not be read.
//! * [`lease`]: for how long a session may act; [`peers`]: routers that another process owns; [`read`]: what
//!   slices read, as values that go there and back.

mod actor;
pub(crate) mod broker;
pub(crate) mod connection;
pub(crate) mod credentials;
mod inbox;
pub(crate) mod lease;
mod logins;
mod odd;
pub(crate) mod peers;
pub(crate) mod problem;
pub(crate) mod read;
mod rows;
mod sabotage;
mod sync;
mod watch;

pub use broker::{Broker, Needs};
pub use connection::Trouble;
pub use inbox::Lane;
pub use problem::Problem;
pub use read::{Reads, RouterRead};
pub use sabotage::Sabotage;
