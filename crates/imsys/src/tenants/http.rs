//! The routes.
use crate::http::route::Route;

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![]
}

/// Their description.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    utoipa::openapi::OpenApi::default()
}
