//! The contract, on the queue in this process: each clause is a test of its own.

use imsys_queue::{LocalQueue, Queue, queue_contract};
use std::sync::Arc;

async fn local(capacity: usize) -> Option<(Arc<dyn Queue>, ())> {
    Some((Arc::new(LocalQueue::with_capacity(capacity)), ()))
}

mod in_virtual_time {
    super::queue_contract!([tokio::test(start_paused = true)], super::local);
}

mod on_several_threads {
    super::queue_contract!([tokio::test(flavor = "multi_thread", worker_threads = 4)], super::local);
}
