//! The least that axum can do with a webhook: answer 204.

use anyhow::Result;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;

/// Serves on a free port of loopback, which is printed, until killed.
pub fn serve() -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?.port());
        let router = Router::new().route("/api/v1/webhooks/ppp", post(async || StatusCode::NO_CONTENT));
        Ok(axum::serve(listener, router).await?)
    })
}
