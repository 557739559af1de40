//! The queue port of IMSys and its in-process adapter.
