//! The IMSys dashboard, built and embedded.
