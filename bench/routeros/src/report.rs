//! From turns to a page.

use crate::{ROUNDS, Turn, server::ROWS};

const NAMES: [&str; 4] = [
    "`routeros`: typed rows through the client",
    "`node-routeros` 1.6.9",
    "receive only: the crate's decoder finds sentences, no row is read",
    "bare loop: steps from length to length, no limits",
];

/// The page, as Markdown. `turns` are in the order of `NAMES`.
pub fn write(turns: &[Vec<Turn>; 4], bytes: usize) -> String {
    let rates = turns.each_ref().map(|turns| median(turns));
    let [ours, node, receive, bare] = rates;
    let line = |(name, rate)| format!("| {name} | {} | {:.0} |\n", thousands(rate), 1e9 / rate);
    let lines: String = NAMES.iter().zip(rates).map(line).collect();
    format!(
        "# RouterOS: rows decoded per CPU-second\n\n\
         `/ip/arp/print` with {ROWS} rows of 12 attributes ({} KiB a reply) from the same server on loopback. \
         Every client is a process of its own with one connection; user and system time of that process; \
         median of {ROUNDS} rounds, all clients in turn in each.\n\n\
         | client | rows per CPU-second | ns per row |\n|---|---:|---:|\n{lines}\n\
         - {:.0} times `node-routeros` (target: 100).\n\
         - {:.2} of receive only (target: 0.5), {:.2} of the bare loop.\n\n\
         Made by:\n\n```\nnpm ci --prefix bench/routeros\n\
         cargo run --release --manifest-path bench/routeros/Cargo.toml\n```\n",
        bytes / 1024,
        ours / node,
        ours / receive,
        ours / bare,
    )
}

fn median(turns: &[Turn]) -> f64 {
    let mut rates: Vec<f64> = turns.iter().map(|turn| turn.rows / turn.cpu).collect();
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
