//! Answers pings on a TUN device with a delay and a loss that it notes down.

use crate::namespace::ip;
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};
use tokio_tun::Tun;

/// What became of each probe: how long it was held before it was answered, or that it was dropped (`None`). By target, in
/// the order of arrival.
pub(crate) type Truth = HashMap<IpAddr, Vec<Option<Duration>>>;

/// The responder at work.
pub(crate) struct Responder {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<Truth>,
}

/// So many addresses behind the device, IPv4 and IPv6 in turn.
pub(crate) fn targets(count: u16) -> Vec<IpAddr> {
    let target = |n: u16| {
        let [high, low] = (n + 256).to_be_bytes();
        if n.is_multiple_of(2) {
            IpAddr::V4(Ipv4Addr::new(10, 77, high, low))
        } else {
            IpAddr::V6(Ipv6Addr::new(0xfd77, 0, 0, 0, 0, 0, 1, n))
        }
    };
    (0..count).map(target).collect()
}

impl Responder {
    /// Makes the device in the namespace of this thread and starts to answer.
    pub(crate) fn start() -> Self {
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let tun = Tun::builder().name("doctor0").up().build().unwrap().remove(0);
                // Long enough for every probe of a test: the device must lose none by itself.
                ip("link set doctor0 txqueuelen 60000").unwrap();
                ip("addr add 10.77.0.1/16 dev doctor0").unwrap();
                ip("addr add fd77::1/64 dev doctor0 nodad").unwrap();
                ready.send(()).unwrap();
                answer_until(tun, stopped).await
            })
        });
        is_ready.recv().expect("the device is up");
        Self { stop, thread }
    }

    /// Stops answering, removes the device, and tells the truth.
    pub(crate) fn stop(self) -> Truth {
        self.stop.send(()).unwrap();
        self.thread.join().unwrap()
    }
}

/// A reply that waits for its time.
struct Held {
    packet: Vec<u8>,
    since: Instant,
    target: IpAddr,
    nth: usize,
}

async fn answer_until(tun: Tun, mut stopped: oneshot::Receiver<()>) -> Truth {
    let (mut truth, mut held) = (Truth::new(), BTreeMap::<(Instant, u64), Held>::new());
    let mut buffer = [0; 2048];
    for number in 0.. {
        let next = held.first_key_value().map(|((at, _), _)| *at);
        tokio::select! {
            _ = &mut stopped => break,
            () = async { sleep_until(next.unwrap()).await }, if next.is_some() => {
                let (_, reply) = held.pop_first().unwrap();
                truth.get_mut(&reply.target).unwrap()[reply.nth] = Some(reply.since.elapsed());
                tun.send(&reply.packet).await.unwrap();
            }
            length = tun.recv(&mut buffer) => {
                let Some((target, packet)) = reply(&buffer[..length.unwrap()]) else { continue };
                let probes = truth.entry(target).or_default();
                let (since, nth) = (Instant::now(), probes.len());
                probes.push(None);
                if let Some(delay) = fate(target, nth) {
                    held.insert((since + delay, number), Held { packet, since, target, nth });
                }
            }
        }
    }
    truth
}

/// The delay of a target's nth probe, 1 to 60 ms; `None` for about 2 % of them.
fn fate(target: IpAddr, nth: usize) -> Option<Duration> {
    let bits = match target {
        IpAddr::V4(address) => u64::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() as u64,
    };
    let seed = (bits << 8 | nth as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let random = (seed ^ seed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32;
    (random % 1000 >= 20).then(|| Duration::from_millis(1 + random / 1000 % 60))
}

/// The target and the reply, if the packet is an echo request.
fn reply(packet: &[u8]) -> Option<(IpAddr, Vec<u8>)> {
    let mut reply = packet.to_vec();
    let (target, message) = match packet.first()? >> 4 {
        4 if packet[9] == 1 => {
            reply[12..20].rotate_left(4);
            (IpAddr::from(<[u8; 4]>::try_from(&packet[16..20]).unwrap()), &mut reply[20..])
        }
        6 if packet[6] == 58 => {
            reply[8..40].rotate_left(16);
            (IpAddr::from(<[u8; 16]>::try_from(&packet[24..40]).unwrap()), &mut reply[40..])
        }
        _ => return None,
    };
    let reply_type = match message.first()? {
        8 => 0,
        128 => 129,
        _ => return None,
    };
    let old = u16::from_be_bytes([message[0], message[1]]);
    message[0] = reply_type;
    let new = u16::from_be_bytes([message[0], message[1]]);
    let sum = u16::from_be_bytes([message[2], message[3]]);
    message[2..4].copy_from_slice(&changed(sum, old, new).to_be_bytes());
    Some((target, reply))
}

/// A checksum after one word has changed (RFC 1624).
fn changed(sum: u16, old: u16, new: u16) -> u16 {
    let total = u32::from(!sum) + u32::from(!old) + u32::from(new);
    let total = (total & 0xffff) + (total >> 16);
    !((total & 0xffff) + (total >> 16)) as u16
}
