//! One ICMP socket: what is set on it, sending and receiving.

use super::drops::DropCounter;
use super::packet::{self, Echo, Family};
use super::permission::Access;
use nix::cmsg_space;
use nix::sys::socket::sockopt::{RcvBufForce, ReceiveTimestampns};
use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, MultiHeaders, RecvMsg, SockaddrStorage, recvmmsg, setsockopt,
};
use nix::sys::time::TimeSpec;
use socket2::{SockAddr, SockFilter, Socket};
use std::io::{self, ErrorKind, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Messages per system call.
const BATCH: usize = 64;
/// Bytes kept of a message: the longest IPv4 header and our message fit; a longer message is not ours.
const MESSAGE: usize = 128;

/// An ICMP socket of one address family.
pub(super) struct EchoSocket {
    socket: Socket,
    family: Family,
    access: Access,
    identifier: u16,
    buffers: Vec<[u8; MESSAGE]>,
    /// What the kernel dropped.
    pub(super) drops: DropCounter,
}

/// Why a probe did not go out.
pub(super) enum NotSent {
    /// The send buffer is full: later it will go.
    Full,
    /// There is no way to the target from here.
    Failed,
}

impl EchoSocket {
    /// Sets up a socket. `receive_buffer` is in bytes.
    pub(super) fn new(
        socket: Socket,
        family: Family,
        access: Access,
        receive_buffer: usize,
    ) -> io::Result<Self> {
        let identifier = rand::random();
        socket.set_nonblocking(true)?;
        setsockopt(&socket, ReceiveTimestampns, &true)?;
        if setsockopt(&socket, RcvBufForce, &receive_buffer).is_err() {
            // Without the capability for more, the kernel cuts this to `net.core.rmem_max`.
            socket.set_recv_buffer_size(receive_buffer)?;
        }
        if access == Access::Raw {
            socket.attach_filter(&only_replies(family, identifier))?;
        }
        // A datagram socket gets its identifier, and its line in `/proc`, when it is bound.
        socket.bind(&unspecified(family).into())?;
        let drops = DropCounter::open(&socket, family, access)?;
        Ok(Self { socket, family, access, identifier, buffers: vec![[0; MESSAGE]; BATCH], drops })
    }

    /// The receive buffer in bytes of the kernel's accounting, which is twice what was asked for, or less.
    pub(super) fn receive_buffer(&self) -> io::Result<usize> {
        self.socket.recv_buffer_size()
    }

    /// Sends one probe. Each has a system call of its own, so that each has its own send time and its own error.
    pub(super) fn send(&self, target: IpAddr, echo: Echo) -> Result<(), NotSent> {
        let message = packet::request(self.family, self.identifier, echo);
        let address = SockAddr::from(SocketAddr::new(target, 0));
        match self.socket.send_to(&message, &address) {
            Ok(_) => Ok(()),
            Err(error) if is_passing(&error) => Err(NotSent::Full),
            Err(_) => Err(NotSent::Failed),
        }
    }

    /// Reads the replies that arrived until `until`: probe, sender and time of arrival of each. What arrives later stays
    /// for the next time, so that a flood cannot keep the reader here.
    pub(super) fn receive(&mut self, until: Instant, mut each: impl FnMut(Echo, IpAddr, Instant)) {
        loop {
            let (mut count, mut is_late) = (0, false);
            self.receive_batch(|echo, from, at| {
                (count, is_late) = (count + 1, at > until);
                if let Some(echo) = echo {
                    each(echo, from, at);
                }
            });
            if count < BATCH || is_late {
                return;
            }
        }
    }

    fn receive_batch(&mut self, mut each: impl FnMut(Option<Echo>, IpAddr, Instant)) {
        // Made anew for each call: nix leaves in it the lengths that the kernel wrote at the last one.
        let mut headers = MultiHeaders::<SockaddrStorage>::preallocate(BATCH, Some(cmsg_space!(TimeSpec)));
        let mut slices: Vec<_> = self.buffers.iter_mut().map(|buffer| [IoSliceMut::new(buffer)]).collect();
        let (fd, flags) = (self.socket.as_raw_fd(), MsgFlags::MSG_DONTWAIT);
        // An error here is an empty queue, or news about an earlier probe that its time-out tells as well.
        let Ok(messages) = recvmmsg(fd, &mut headers, slices.iter_mut(), flags, None) else { return };
        let clocks = (Instant::now(), SystemTime::now());
        let has_ipv4_header = self.family == Family::V4 && self.access == Access::Raw;
        for message in messages {
            let Some(from) = message.address.as_ref().and_then(sender) else { continue };
            let bytes = message.iovs().next().unwrap_or_default();
            let bytes = if has_ipv4_header { packet::without_ipv4_header(bytes) } else { Some(bytes) };
            let echo = bytes.and_then(|bytes| packet::reply(self.family, bytes));
            each(echo, from, received(&message, clocks));
        }
    }
}

fn unspecified(family: Family) -> SocketAddr {
    let address = match family {
        Family::V4 => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        Family::V6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    SocketAddr::new(address, 0)
}

/// Whether the error says only that there is no room now.
fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
        || error.raw_os_error().map(nix::errno::Errno::from_raw) == Some(nix::errno::Errno::ENOBUFS)
}

fn sender(address: &SockaddrStorage) -> Option<IpAddr> {
    let v4 = address.as_sockaddr_in().map(|address| IpAddr::V4(address.ip()));
    v4.or_else(|| address.as_sockaddr_in6().map(|address| IpAddr::V6(address.ip())))
}

/// When the kernel received the message. Its stamp is of the system's clock, which may be set; so only the age of the
/// message is taken from it.
fn received(message: &RecvMsg<'_, '_, SockaddrStorage>, (now, system_now): (Instant, SystemTime)) -> Instant {
    let stamp = message.cmsgs().ok().and_then(|mut messages| {
        messages.find_map(|message| match message {
            ControlMessageOwned::ScmTimestampns(stamp) => Some(Duration::from(stamp)),
            _ => None,
        })
    });
    let stamp = stamp.map_or(system_now, |stamp| UNIX_EPOCH + stamp);
    let age = system_now.duration_since(stamp).unwrap_or_default();
    now.checked_sub(age).unwrap_or(now)
}

/// A packet filter (classic BPF) that lets only echo replies with our identifier through. A raw socket would otherwise
/// get all ICMP of the machine, which costs time and room in the buffer.
fn only_replies(family: Family, identifier: u16) -> Vec<SockFilter> {
    const LOAD_X_IPV4_HEADER_LENGTH: u16 = 0xb1;
    const LOAD_X: u16 = 0x01;
    const LOAD_BYTE: u16 = 0x50;
    const LOAD_HALF: u16 = 0x48;
    const JUMP_IF_EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    let header = match family {
        Family::V4 => SockFilter::new(LOAD_X_IPV4_HEADER_LENGTH, 0, 0, 0),
        Family::V6 => SockFilter::new(LOAD_X, 0, 0, 0),
    };
    vec![
        header,
        SockFilter::new(LOAD_BYTE, 0, 0, 0),
        SockFilter::new(JUMP_IF_EQUAL, 0, 3, family.reply().into()),
        SockFilter::new(LOAD_HALF, 0, 0, 4),
        SockFilter::new(JUMP_IF_EQUAL, 0, 1, identifier.into()),
        SockFilter::new(RETURN, 0, 0, u32::MAX),
        SockFilter::new(RETURN, 0, 0, 0),
    ]
}
