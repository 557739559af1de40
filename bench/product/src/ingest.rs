//! CPU time per webhook: the product, a handler that does nothing, and the usual program.

use crate::express::{Helper, express, redis};
use crate::generator::Load;
use crate::server::{Folder, Server, Tenant};
use crate::{Spread, process};
use anyhow::Result;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const CONNECTIONS: usize = 500;
const ROUNDS: usize = 5;
const TURN: Duration = Duration::from_secs(2);

/// A server under load: its processes, and what they used for each webhook, in microseconds.
struct Rival {
    name: &'static str,
    pids: Vec<u32>,
    at: SocketAddr,
    micros: Vec<f64>,
    rates: Vec<f64>,
}

impl Rival {
    fn turn(&self, token: &str) -> Result<(f64, f64)> {
        // Anew each time: a server may close a connection on which nothing comes for seconds.
        let mut load = Load::connect(self.at, token, CONNECTIONS)?;
        load.run(TURN / 10)?;
        let used = |pids: &[u32]| pids.iter().map(|pid| process::cpu(*pid)).sum::<Result<f64>>();
        let before = used(&self.pids)?;
        let answered = load.run(TURN)? as f64;
        let micros = (used(&self.pids)? - before) / answered * 1e6;
        Ok((micros, answered / TURN.as_secs_f64()))
    }
}

/// The page.
pub fn compare(binary: &Path) -> Result<String> {
    let (data, appended) = (Folder::new("ingest"), Folder::new("ingest-redis"));
    let server = Server::start(binary, data.path());
    let tenant = Tenant::make(binary, data.path(), &server);
    tenant.register(&server, CONNECTIONS);
    let (bare, bare_at) = Helper::start(Command::new(std::env::current_exe()?).arg("bare"))?;
    let (redis, redis_port) = redis(appended.path())?;
    let (express, express_at) = express(redis_port, &tenant.token)?;
    let rival = |name, pids, at| Rival { name, pids, at, micros: vec![], rates: vec![] };
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
    for round in 0..=ROUNDS {
        for rival in &mut rivals {
            let (micros, rate) = rival.turn(&tenant.token)?;
            // The first round warms up.
            if round > 0 {
                rival.micros.push(micros);
                rival.rates.push(rate);
            }
        }
    }
    Ok(page(&rivals))
}

fn page(rivals: &[Rival; 3]) -> String {
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
    format!(
        "# Webhooks: CPU time each\n\n\
         {CONNECTIONS} keep-alive connections, each with a user of its own who comes up and goes down with a session key; \
         POST of five lines with the router's token; the next webhook follows the answer. User and system time of the \
         server's processes over the webhooks answered with 204; median of {ROUNDS} rounds of {} s, all servers in turn in \
         each.\n\n\
         | server | CPU µs per webhook | webhooks/s beside the generator |\n|---|---:|---:|\n{lines}\n\
         - {:.2} × the bare handler (target: at most 2.0).\n\
         - {:.1} × less than Express and Redis (target: at least 6).\n",
        TURN.as_secs(),
        ours / bare,
        usual / ours,
    )
}
