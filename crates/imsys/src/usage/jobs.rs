//! The job: reading the counters of a router.

use super::{UsageError, read};
use crate::complaints::complain;
use crate::jobs::{Every, JobKind, Scope, StepOutcome};

/// Read what the router has counted of each customer.
pub(crate) const READ_USAGE: JobKind = JobKind {
    name: "READ_USAGE",
    label: "Read usage counters",
    part_of: None,
    every: Some(Every::of(|_| 300)),
    scope: Scope::Router(|app, task| {
        Box::pin(async move {
            match read(app, task.tenant, task.router).await {
                Ok(()) => Ok(StepOutcome::Ended(None)),
                Err(UsageError::Router(trouble)) => Ok(StepOutcome::Ended(Some(trouble))),
                Err(UsageError::Store(error)) => Err(error.into()),
                // The counters go on: the next look tells of the time since this one.
                Err(UsageError::History(error)) => {
                    complain("what services carried could not be kept", Some(task.router), &error);
                    Err(error.into())
                }
            }
        })
    }),
};
