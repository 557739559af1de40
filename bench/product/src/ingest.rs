//! CPU time per webhook: the product, a handler that does nothing, and the usual program.

use crate::express::express;
use crate::generator::Load;
use crate::redis::{self, Helper};
use crate::server::{Folder, Server, Tenant};
use crate::{Spread, floor, process};
use anyhow::Result;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const CONNECTIONS: usize = 500;
const ROUNDS: usize = 5;
const TURN: Duration = Duration::from_secs(2);
/// After which a server has done what it put off while it answered.
const REST: Duration = Duration::from_millis(200);
/// The thread of ours that judges, writes and syncs.
const WRITER: &str = "store-writer";

/// A server under load: its processes, and what they used for each webhook, in microseconds.
struct Rival {
    name: &'static str,
    pids: Vec<u32>,
    at: SocketAddr,
    micros: Vec<f64>,
    /// What of it the writer used.
    writer: Vec<f64>,
    rates: Vec<f64>,
}

impl Rival {
    fn turn(&mut self, token: &str) -> Result<()> {
        // Anew each time: a server may close a connection on which nothing comes for seconds.
        let mut load = Load::connect(self.at, token, CONNECTIONS)?;
        load.run(TURN / 10)?;
        std::thread::sleep(REST);
        let used = || self.pids.iter().map(|pid| process::cpu(*pid)).sum::<Result<f64>>();
        let by_writer =
            || self.pids.iter().map(|pid| process::cpu_of_threads(*pid, WRITER)).sum::<Result<f64>>();
        let before = (used()?, by_writer()?);
        let answered = load.run(TURN)? as f64;
        std::thread::sleep(REST);
        let each = |before: f64, after: f64| (after - before) / answered * 1e6;
        let (micros, writer) = (each(before.0, used()?), each(before.1, by_writer()?));
        self.micros.push(micros);
        self.writer.push(writer);
        self.rates.push(answered / TURN.as_secs_f64());
        Ok(())
    }
}

/// The page.
pub fn compare(binary: &Path) -> Result<String> {
    let (data, appended) = (Folder::new("ingest"), Folder::new("ingest-redis"));
    let server = Server::start(binary, data.path());
    let tenant = Tenant::make(binary, data.path(), &server);
    tenant.register(&server, CONNECTIONS);
    let (bare, bare_at) = Helper::start(Command::new(std::env::current_exe()?).arg("bare"))?;
    let (redis, redis_port) = redis::start(appended.path(), &[])?;
    let (express, express_at) = express(redis_port, &tenant.token)?;
    let rival = |name, pids, at| Rival { name, pids, at, micros: vec![], writer: vec![], rates: vec![] };
    let mut rivals = [
        rival(
            "`imsys serve`: stored with `synchronous=FULL` before the answer",
            vec![server.pid()],
            server.at,
        ),
        rival("bare axum handler: 204 and nothing else", vec![bare.pid()], bare_at),
        rival(
            "Express 5 + Redis (`HSET`, `LPUSH`; append-only file, synced every second); both processes",
            vec![express.pid(), redis.pid()],
            express_at,
        ),
    ];
    for _ in 0..=ROUNDS {
        for rival in &mut rivals {
            rival.turn(&tenant.token)?;
        }
    }
    // The first round warmed up.
    for rival in &mut rivals {
        for figures in [&mut rival.micros, &mut rival.writer, &mut rival.rates] {
            figures.remove(0);
        }
    }
    drop(server);
    Ok(page(&rivals, floor::micros(&data.path().join("imsys.db"))?))
}

fn page(rivals: &[Rival; 3], floor: f64) -> String {
    let medians = rivals.each_ref().map(|rival| Spread::of(rival.micros.clone()).median);
    let lines: String = rivals
        .iter()
        .zip(medians)
        .map(|(rival, micros)| {
            let rate = Spread::of(rival.rates.clone()).median;
            format!("| {} | {micros:.1} | {rate:.0} |\n", rival.name)
        })
        .collect();
    let [ours, bare, usual] = medians;
    let writer = Spread::of(rivals[0].writer.clone()).median;
    let http = ours - writer;
    format!(
        "# Webhooks: CPU time each\n\n\
         {CONNECTIONS} keep-alive connections, each with a user of its own who comes up and goes down with a session key; \
         POST of five lines with the router's token; the next webhook follows the answer. User and system time of the \
         server's processes, with what they put off until after the last answer, over the webhooks answered with 204; median of {ROUNDS} rounds of {} s, all servers in turn in \
         each.\n\n\
         | server | CPU µs per webhook | webhooks/s beside the generator |\n|---|---:|---:|\n{lines}\n\
         - {:.2} × the bare handler (target: at most 2.0): {http:.1} µs are HTTP ({:.2} × the bare handler, which reads no \
         body, checks no token, keeps no deadline and waits for no other thread), {writer:.1} µs the writer's (the judge, one \
         row in the spool, the event, its session and their indexes, the log and its checkpoints).\n\
         - {:.1} × less than Express and Redis (target: at least 6).\n\
         - SQLite alone takes {floor:.1} µs for the event, the session and the status of a webhook, in commits of 500, with \
         nothing read, judged or indexed: {:.2} × the bare handler.\n",
        TURN.as_secs(),
        ours / bare,
        http / bare,
        usual / ours,
        floor / bare,
    )
}
