//! The contract, on SQLite.

use imsys_store::sqlite::SqliteStore;
use imsys_store::{Store, suite};
use std::cell::Cell;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqlite_satisfies_every_clause() {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let made = Cell::new(0);
    let make = async || {
        made.set(made.get() + 1);
        let file = folder.path().join(format!("{}.db", made.get()));
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&file).expect("the store opens"));
        store
    };
    suite::run("sqlite", make).await;
}
