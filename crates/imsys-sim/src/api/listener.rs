//! Where clients check_rate.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;

use super::connection::serve;
use super::login::allows;
use crate::router::inner::Inner;

/// How long to wait when the address is still taken by something that is just closing.
const BIND_AGAIN: Duration = Duration::from_millis(50);

/// Takes an address for the API.
///
/// # Errors
/// The address is taken or not of this machine.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(1_024)
}

/// Accepts clients while the router listens; ends never. All its clients end with it.
pub(crate) async fn run(router: Arc<Inner>, mut listener: TcpListener) {
    let mut listening = router.listening();
    let mut clients = JoinSet::new();
    let mut number = 0;
    loop {
        while *listening.borrow_and_update() {
            tokio::select! {
                accepted = listener.accept() => {
                    number += 1;
                    welcome(&router, &mut clients, accepted, number);
                }
                _ = listening.changed() => {}
            }
        }
        drop(listener);
        if listening.wait_for(|on| *on).await.is_err() {
            return;
        }
        listener = bind_again(router.address()).await;
    }
}

async fn bind_again(address: SocketAddr) -> TcpListener {
    loop {
        match bind(address) {
            Ok(listener) => return listener,
            Err(error) => tracing::debug!(%address, %error, "the address is still taken"),
        }
        tokio::time::sleep(BIND_AGAIN).await;
    }
}

fn welcome(
    router: &Arc<Inner>,
    clients: &mut JoinSet<()>,
    accepted: io::Result<(TcpStream, SocketAddr)>,
    number: u64,
) {
    while clients.try_join_next().is_some() {}
    let Ok((stream, peer)) = accepted else { return };
    if !is_welcome(router, peer.ip(), clients.len()) || stream.set_nodelay(true).is_err() {
        return;
    }
    // From here on the client is ended with all others; it is too late for one that came just before.
    let kills = router.kills();
    if *router.listening().borrow() {
        clients.spawn(serve(stream, peer.ip(), number, router.clone(), kills));
    }
}

/// `/ip/service` may name addresses and a number of sessions.
fn is_welcome(router: &Inner, peer: IpAddr, clients: usize) -> bool {
    let state = router.lock();
    let addresses =
        ["address", "available-from"].map(|column| state.named_text("ip/service", b"api", column));
    let most = String::from_utf8_lossy(state.named_text("ip/service", b"api", "max-sessions")).into_owned();
    let limited =
        state.menu("ip/service").is_some_and(|menu| menu.column("max-sessions", state.version).is_some());
    let full = limited && most.parse().is_ok_and(|most: usize| clients >= most);
    addresses.iter().all(|list| allows(list, peer)) && !full
}
