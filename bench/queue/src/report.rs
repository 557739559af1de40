//! From figures to a page.

use crate::{Figures, ROUNDS, SIZES};

/// Kinds of work, as the sides call them and as the page does.
const KINDS: [(&str, &str); 3] =
    [("work", "worked off"), ("each", "added, one to a call"), ("many", "added, many to a call")];

/// Medians of one side's turns at one kind of work.
struct Medians {
    jobs_per_second: f64,
    /// Of the side's process, in microseconds.
    cpu_per_job: f64,
    redis_per_job: f64,
}

/// The page, as Markdown.
pub fn page(ours: &[Figures], node: &[Figures], node_version: &str, redis_version: &str) -> String {
    let lines: String =
        KINDS.map(|(kind, name)| lines(name, &medians(ours, kind), &medians(node, kind))).concat();
    let [worked, each, many] = KINDS.map(|(kind, _)| ratios(&medians(ours, kind), &medians(node, kind)));
    let busy = medians(ours, "work").redis_per_job.min(medians(node, "work").redis_per_job);
    format!(
        "# Queue: jobs per second and CPU time per job\n\n\
         The adapter on BullMQ as the product uses it, and npm's `bullmq` 6.7.0 on Node {node_version}, on the same Redis \
         {redis_version} (append-only file, synced every second; a new one for each round). Either side is a process of its \
         own. It adds {} jobs with {} calls of `add` in flight and works them off with an empty handler, {} at a time, then adds \
         as many again in calls of {} (`add_bulk`, `addBulk`), one after the other, and works those off; all was rehearsed \
         before. Jobs, data and options are the same: no deduplication, a priority, three attempts, removed when completed. \
         Worked off is from the start of the worker until nothing waits or runs. User and system time; median of {ROUNDS} \
         rounds, both sides in turn in each.\n\n\
         | work | side | jobs/s | client CPU µs per job | Redis CPU µs per job |\n|---|---|---:|---:|---:|\n{lines}\n\
         - Worked off: {:.2} × the jobs/s (target: at least 1.8), {:.2} of the client CPU per job (target: at most 0.33). \
         BullMQ's scripts, the same on both sides, keep the one thread of Redis busy for {:.0} µs per job, so that whoever asks \
         gets no more than {:.0} jobs/s from it: {:.2} × what `bullmq` does.\n\
         - Added one to a call: {:.2} × the jobs/s, {:.2} of the client CPU per job. The adapter bounds its queue and asks ten \
         times a second how many wait; `bullmq` does not.\n\
         - Added many to a call: {:.2} × the jobs/s, {:.2} of the client CPU per job.\n",
        SIZES.jobs,
        SIZES.in_flight,
        SIZES.concurrency,
        SIZES.per_call,
        worked.0,
        worked.1,
        busy,
        1e6 / busy,
        1e6 / busy / medians(node, "work").jobs_per_second,
        each.0,
        each.1,
        many.0,
        many.1,
    )
}

fn lines(work: &str, ours: &Medians, node: &Medians) -> String {
    let line = |side: &str, of: &Medians| {
        let Medians { jobs_per_second, cpu_per_job, redis_per_job } = of;
        format!("| {work} | {side} | {jobs_per_second:.0} | {cpu_per_job:.1} | {redis_per_job:.1} |\n")
    };
    line("adapter", ours) + &line("`bullmq`", node)
}

/// Ours over the other side's: jobs per second, client CPU per job.
fn ratios(ours: &Medians, node: &Medians) -> (f64, f64) {
    (ours.jobs_per_second / node.jobs_per_second, ours.cpu_per_job / node.cpu_per_job)
}

fn medians(figures: &[Figures], kind: &str) -> Medians {
    let of = |value: fn(&Figures) -> f64| {
        let mut values: Vec<f64> = figures.iter().filter(|one| one.what == kind).map(value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let jobs = SIZES.jobs as f64;
    Medians {
        jobs_per_second: jobs / of(|one| one.wall),
        cpu_per_job: of(|one| one.cpu) / jobs * 1e6,
        redis_per_job: of(|one| one.redis) / jobs * 1e6,
    }
}
