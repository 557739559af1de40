//! The ISP: types and decisions, without IO, clock or async.
