//! What became of the jobs of one tenant that are done at no router.

use super::Result;
use crate::model::Run;
use async_trait::async_trait;

/// The last runs of a tenant's own jobs.
#[async_trait]
pub trait TenantRuns: Send + Sync {
    /// Keeps how a kind of job went, over how the one before of its kind went. Of a tenant that is gone nothing is kept.
    async fn note_tenant_run(&self, run: Run) -> Result<()>;
    /// The last run of each kind, by kind.
    async fn tenant_runs(&self) -> Result<Vec<Run>>;
}
