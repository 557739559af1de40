//! The contract, on the queue in this process.

use imsys_queue::{LocalQueue, Queue, suite};
use std::sync::Arc;

async fn local(capacity: usize) -> Arc<dyn Queue> {
    Arc::new(LocalQueue::with_capacity(capacity))
}

#[tokio::test(start_paused = true)]
async fn the_local_queue_satisfies_every_clause_in_virtual_time() {
    suite::run("local", local).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_local_queue_satisfies_every_clause_on_several_threads() {
    suite::run("local", local).await;
}
