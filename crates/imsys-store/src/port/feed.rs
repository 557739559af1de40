//! The change feed: one ordered log of what changed, for those who react to it.

use super::Result;
use crate::model::{Changed, Cursor, Feed};
use async_trait::async_trait;
use tokio::sync::watch;

/// Every change that others react to, in the order in which it was committed. An entry is written in the same unit as what
/// it tells of; it is kept for a day, and less where more than half a million follow. Who reacts keeps a cursor and is
/// told everything once or more: after a crash, and without any hint. Of one service, a later entry has a higher `rev`.
#[async_trait]
pub trait ChangeFeed: Send + Sync {
    /// Where the feed stands.
    async fn feed(&self) -> Result<Feed>;
    /// What came after a place, the oldest first, `limit` entries at most. `None` when that is no longer known: the place
    /// is too old, or another feed's; what is stored has to be read anew.
    async fn changes_after(&self, after: Cursor, limit: u32) -> Result<Option<Vec<Changed>>>;
    /// A hint that the feed has grown: the newest place that this process has committed. What other processes commit may
    /// stay unsaid.
    fn changed(&self) -> watch::Receiver<Cursor>;
}
