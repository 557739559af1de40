//! How long the list of services takes when there are a hundred thousand.

use crate::server::{Connection, Folder, Server, Tenant};
use crate::{Spread, process, town};
use anyhow::{Context, Result, ensure};
use imsys_domain::{RouterId, TenantId};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// Times each list is asked for.
const TIMES: usize = 100;
const ROUTERS: u16 = 20;
const STARTS: usize = 15;

/// The page.
pub fn measure(binary: &Path) -> Result<String> {
    let folder = Folder::new("list");
    let data = folder.path();
    let server = Server::start(binary, data);
    let tenant = Tenant::make(binary, data, &server);
    let routers = routers(&server, &tenant)?;
    drop(server);
    let id = TenantId(tenant.id.parse()?);
    tokio::runtime::Runtime::new()?.block_on(town::fill(data, id, routers))?;
    eprintln!("filled");
    let mut starts: Vec<f64> = Vec::new();
    for _ in 0..STARTS {
        starts.push(Server::start(binary, data).ready.as_secs_f64() * 1e3);
    }
    let server = Server::start(binary, data);
    let (idle, _) = process::memory(server.pid())?;
    let mut client =
        Client { connection: Connection::open(server.at)?, bearer: format!("Bearer {}", tenant.key) };
    client.settle()?;
    let mut lines = String::new();
    let mut worst = 0.0_f64;
    for (name, query) in queries(&mut client, &tenant.router)? {
        let (total, spread, cpu) = client.time(&query, server.pid())?;
        eprintln!("{name}: {:.1} ms", spread.median);
        worst = worst.max(spread.p99);
        lines += &format!("| {name} | {total} | {:.1} | {:.1} | {cpu:.1} |\n", spread.median, spread.p99);
    }
    let (now, most) = process::memory(server.pid())?;
    let starts = Spread::of(starts);
    Ok(format!(
        "# Lists: {} services\n\n\
         `GET /api/v1/services`, a hundred a page unless said otherwise, with an API key over one connection, {TIMES} times \
         each; from the first byte sent to the last byte read. CPU is the server's user and system time per request.\n\n\
         | list | matches | median ms | p99 ms | CPU ms |\n|---|---:|---:|---:|---:|\n{lines}\n\
         - Longest p99: {worst:.1} ms (target: under 20).\n\
         - Resident memory after them: {now:.0} MiB, never more than {most:.0} (target: under 150); {idle:.0} after the start.\n\
         - Start to `/readyz`: median {:.0} ms, longest of {STARTS} {:.0} ms (target: under 250).\n",
        town::SERVICES,
        starts.median,
        starts.most,
    ))
}

/// The tenant's router and as many more as make twenty.
fn routers(server: &Server, tenant: &Tenant) -> Result<Vec<RouterId>> {
    let mut connection = Connection::open(server.at)?;
    let mut ids = vec![RouterId(tenant.router.parse()?)];
    for port in 2..=ROUTERS {
        let router = json!({
            "name": format!("r{port}"), "address": "127.0.0.1", "port": port, "username": "api", "password": "x",
        });
        let made = connection.create(&tenant.key, "/api/v1/routers", &router);
        ids.push(RouterId(made["id"].as_str().context("an id")?.parse()?));
    }
    Ok(ids)
}

/// What is asked for, with a name for the page.
fn queries(client: &mut Client, router: &str) -> Result<Vec<(&'static str, String)>> {
    let deep = client.deep(60)?;
    let text = |name, query: &str| (name, query.to_owned());
    Ok(vec![
        text("first page", ""),
        ("page behind the first 60,000", format!("cursor={deep}")),
        text("online", "status=online"),
        text("unknown", "status=unknown"),
        ("of one router", format!("routerId={router}")),
        ("of one router, offline", format!("routerId={router}&status=offline")),
        text("suspended", "suspended=true"),
        text("by customer", "sort=customerName"),
        text("last changed first", "sort=-since"),
        text("newest first", "sort=-createdAt"),
        text("online, last changed first", "status=online&sort=-since"),
        text("search `wanjiru`", "q=wanjiru"),
        text("search `njeri otieno`", "q=njeri%20otieno"),
        text("search `0421`", "q=0421"),
        text("search `ro`", "q=ro"),
        text("search `z`", "q=z"),
        text("search `zz`, nothing found", "q=zz"),
        text("search `rose k`", "q=rose%20k"),
        text("a thousand a page", "limit=1000"),
    ])
}

struct Client {
    connection: Connection,
    bearer: String,
}

impl Client {
    fn get(&mut self, query: &str) -> Result<Vec<u8>> {
        let path = format!("/api/v1/services?{query}");
        let answer = self.connection.ask("GET", &path, &[("Authorization", &self.bearer)], "")?;
        ensure!(answer.status == 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        Ok(answer.body)
    }

    /// Waits until the server has found none of the routers, so that nothing is written any more.
    fn settle(&mut self) -> Result<()> {
        let bearer = [("Authorization", self.bearer.as_str())];
        loop {
            let answer = self.connection.ask("GET", "/api/v1/overview", &bearer, "")?;
            let page: Value = serde_json::from_slice(&answer.body)?;
            if page["routers"]["down"] == page["routers"]["total"] && page["services"]["online"] == 0 {
                return Ok(());
            }
            std::thread::sleep(std::time::Duration::from_millis(500));
        }
    }

    /// The cursor behind so many thousands.
    fn deep(&mut self, thousands: usize) -> Result<String> {
        let mut query = "limit=1000".to_owned();
        for _ in 0..thousands {
            let page: Value = serde_json::from_slice(&self.get(&query)?)?;
            query = format!("limit=1000&cursor={}", page["next"].as_str().context("a further page")?);
        }
        Ok(query.split_once("cursor=").context("a cursor")?.1.to_owned())
    }

    /// How many match, the milliseconds of an answer, and the server's CPU milliseconds.
    fn time(&mut self, query: &str, pid: u32) -> Result<(u64, Spread, f64)> {
        let page: Value = serde_json::from_slice(&self.get(query)?)?;
        let total = page["total"].as_u64().context("a total")?;
        let before = process::cpu(pid)?;
        let mut millis = Vec::new();
        for _ in 0..TIMES {
            let began = Instant::now();
            self.get(query)?;
            millis.push(began.elapsed().as_secs_f64() * 1e3);
        }
        let cpu = (process::cpu(pid)? - before) / TIMES as f64 * 1e3;
        Ok((total, Spread::of(millis), cpu))
    }
}
