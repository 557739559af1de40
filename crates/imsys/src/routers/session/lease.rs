//! For how long a router's session may act.
//!
//! By itself a process serves every router for good. Among several, a router's session holds a lease: what
//! it has not renewed in time it must not use, even when the process was stopped and woken meanwhile. So
//! the connection is looked after here, at its last step: not a byte goes out without a lease. The store
//! refuses late writes by the fencing token.

use imsys_domain::{TenantId, Timestamp};
use imsys_store::{Actor, FencingToken, Store, TenantStore};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tokio::time::Instant;

/// How long a print of a whole table may take: less than what is left of a lease that is renewed in time, so
/// that the next owner finds no command of the one before.
pub(crate) const PRINT: Duration = Duration::from_secs(10);

/// The right of one session to act. Cheap to clone; every clone is the same right.
#[derive(Clone)]
pub(crate) struct RouterLease(Option<Arc<Lease>>);

struct Lease {
    token: FencingToken,
    /// Told only to those who wait for the end; moved with each renewal.
    until: watch::Sender<Instant>,
}

impl RouterLease {
    /// Of a process that shares its routers with no other.
    pub(crate) const fn for_good() -> Self {
        Self(None)
    }

    /// With this token, until then.
    pub(crate) fn leased(token: FencingToken, until: Instant) -> Self {
        Self(Some(Arc::new(Lease { token, until: watch::Sender::new(until) })))
    }

    /// The lease was renewed. What has ended stays so: the session may have let its router go.
    pub(crate) fn extend(&self, until: Instant) {
        if let Some(lease) = &self.0 {
            lease.until.send_if_modified(|end| {
                let holds = Instant::now() < *end;
                if holds {
                    *end = until;
                }
                holds
            });
        }
    }

    /// The lease is given back, or was lost: not a word more.
    pub(crate) fn end(&self) {
        self.extend(Instant::now());
    }

    /// Whether the session may act now.
    pub(crate) fn holds(&self) -> bool {
        self.0.as_ref().is_none_or(|lease| Instant::now() < *lease.until.borrow())
    }

    /// Whether a token with this number, of the same router, was issued after this one.
    pub(crate) fn is_superseded(&self, number: i64) -> bool {
        self.0.as_ref().is_some_and(|lease| lease.token.number < number)
    }

    /// Waits until it may not any more.
    pub(crate) async fn ended(&self) {
        let Some(lease) = &self.0 else { return std::future::pending().await };
        let mut until = lease.until.subscribe();
        loop {
            let end = *until.borrow_and_update();
            if Instant::now() >= end {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep_until(end) => {}
                // The sender lives in what is borrowed here.
                _ = until.changed() => {}
            }
        }
    }

    /// The store with this session's fencing token.
    pub(crate) fn store(&self, store: &dyn Store, tenant: TenantId, now: Timestamp) -> Arc<dyn TenantStore> {
        match &self.0 {
            Some(lease) => store.fenced(tenant, lease.token, now),
            None => store.tenant(tenant, Actor::system(now)),
        }
    }
}

/// A router's stream that only a session with a lease can write to.
pub(crate) struct FencedStream<S> {
    pub(crate) stream: S,
    pub(crate) lease: RouterLease,
}

impl<S: AsyncRead + Unpin> AsyncRead for FencedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for FencedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.lease.holds() {
            true => Pin::new(&mut self.stream).poll_write(context, bytes),
            false => Poll::Ready(Err(io::ErrorKind::PermissionDenied.into())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.lease.holds() {
            true => Pin::new(&mut self.stream).poll_flush(context),
            false => Poll::Ready(Err(io::ErrorKind::PermissionDenied.into())),
        }
    }

    /// Without a lease nobody takes leave in words: dropping the stream closes it.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.lease.holds() {
            true => Pin::new(&mut self.stream).poll_shutdown(context),
            false => Poll::Ready(Ok(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imsys_domain::RouterId;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    fn leased(seconds: u64) -> RouterLease {
        let token = FencingToken { router: RouterId::new(Timestamp(0), [1; 10]), number: 1 };
        RouterLease::leased(token, Instant::now() + Duration::from_secs(seconds))
    }

    #[tokio::test(start_paused = true)]
    async fn a_lease_ends_in_its_time_and_a_renewed_one_later() {
        let (begin, lease) = (Instant::now(), leased(10));
        tokio::time::sleep(Duration::from_secs(9)).await;
        lease.extend(begin + Duration::from_secs(20));
        tokio::time::sleep(Duration::from_secs(6)).await;
        assert!(lease.holds());
        lease.ended().await;
        assert_eq!((begin.elapsed().as_secs(), lease.holds()), (20, false));
        lease.extend(begin + Duration::from_secs(60));
        assert!(!lease.holds(), "a renewal that comes too late revives nothing");
    }

    #[tokio::test]
    async fn without_a_lease_not_a_byte_goes_out() {
        let (stream, mut router) = duplex(64);
        let lease = leased(3600);
        let mut ours = FencedStream { stream, lease: lease.clone() };
        ours.write_all(b"before").await.unwrap();
        lease.end();
        let refused = ours.write_all(b"after").await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        ours.shutdown().await.unwrap();
        drop(ours);
        let mut seen = Vec::new();
        router.read_to_end(&mut seen).await.unwrap();
        assert_eq!(seen, b"before");
    }
}
