//! The contract: each clause is a test of its own for each adapter, as `sqlite::the_last_admin_stays`.

use imsys_store::{Store, store_contract};
use std::sync::Arc;

mod sqlite {
    use super::*;
    use std::cell::Cell;

    /// Stores in files of a folder that goes with them.
    fn empty() -> impl AsyncFn() -> Arc<dyn Store> {
        let folder = tempfile::tempdir().expect("there is a place for temporary files");
        let made = Cell::new(0);
        async move || {
            made.set(made.get() + 1);
            let file = folder.path().join(format!("{}.db", made.get()));
            imsys_store::sqlite::open(&file).expect("the store opens")
        }
    }

    store_contract!(empty);
}
