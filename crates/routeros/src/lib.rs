//! The API of MikroTik RouterOS 6 and 7: read and change a router over its binary protocol (TCP
//! 8728, TLS 8729).
//!
//! A tour, from the wire up:
//!
//! - [`codec`] turns bytes into sentences and back. It has no socket and no clock, and both ends of
//!   a connection can use it.
//! - [`value`] reads what attributes mean: durations, dates, addresses, old charsets.
//! - [`menu`](mod@menu) has a struct for every menu that an access network needs; [`menu!`] declares more.
//!   Rows are read into them straight from the read buffer.
//! - [`client`] runs many commands at a time over any stream, each with a deadline, and follows
//!   changes with `listen`. Start with [`client::Client`].
//! - [`connect`](mod@connect) opens that stream: TCP, or TLS to a pinned certificate, over any connection.
//! - [`script`] and [`challenge`] are the two crafts beside it: string literals for generated scripts, and
//!   the login of RouterOS before 6.43.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use routeros::{
//!     client::{Change, Client, ClientOptions, Command, LoginForm},
//!     connect::connect,
//!     menu::PppActive,
//! };
//!
//! # async fn tour() -> Result<(), Box<dyn std::error::Error>> {
//! let soon = Duration::from_secs(10);
//! let stream = connect("192.168.88.1:8728".parse()?, None, soon).await?;
//! let client = Client::new(stream, ClientOptions::default());
//! client.login("api", "secret", LoginForm::Modern).await?;
//!
//! for session in client.print::<PppActive>(Command::new("/ppp/active/print"), soon).await? {
//!     println!("{} is online for {:?}", session.name, session.uptime);
//! }
//!
//! let suspend = Command::new("/ppp/secret/set").attr(".id", "*1").attr("disabled", "yes");
//! client.run(suspend, soon).await?;
//!
//! let mut sessions = client.listen::<PppActive>(Command::new("/ppp/active/listen")).await?;
//! while let Some(change) = sessions.next().await {
//!     match change? {
//!         Change::Row(session) => println!("{} came up", session.name),
//!         Change::Dead { id } => println!("the session {id:?} ended"),
//!     }
//! }
//! client.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! A value that is not what its field promises costs that field, never its row, the table or the connection:
//! [`client::Client::watched`] tells of each.
//!
//! Everything that waits is bounded: words, sentences, rows and bytes of a reply, commands in flight, and
//! time. A router that breaks a bound costs an error that says which, never memory.

pub mod challenge;
pub mod client;
pub mod codec;
pub mod connect;
pub mod menu;
mod row;
pub mod script;
pub mod value;

pub use row::{AnyRow, FieldError, FieldOrder, FromRow};
#[doc(hidden)]
pub use row::{find_field, read_field};
