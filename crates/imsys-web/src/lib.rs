//! The IMSys dashboard, built from `web/` and embedded into the binary.
//!
//! One function matters: [`respond`] answers any path outside `/api`. It knows nothing of the web
//! framework around it; the server copies status, headers and body into its own response.
//!
//! What is embedded is decided when this crate is built, by `IMSYS_WEB`:
//!
//! | value | meaning |
//! |---|---|
//! | `auto` (default) | release profile with Node at hand: build the dashboard, and fall back to the placeholder with a warning when that fails. Any other profile: the placeholder, so that a check of Rust alone needs no Node and no time |
//! | `skip` | always the placeholder |
//! | `require` | build the dashboard in any profile; fail when that is not possible (CI, packages) |
//! | a path | embed this folder, as `npm run build` left it in `web/dist` |
//!
//! The build works on a copy of `web/` inside `OUT_DIR`; nothing else is written. The placeholder is a
//! page that says how to build the dashboard; the API works beside it.
//!
//! - `respond.rs`: which file a path means, caching, `ETag`, compression, the headers of the page.
//! - `negotiate.rs`: the two request headers that matter, `Accept-Encoding` and `If-None-Match`.
//! - `build.rs` and `build/`: the table above.

mod negotiate;
mod respond;

use std::borrow::Cow;

pub use respond::Asset;

#[derive(rust_embed::Embed)]
#[folder = "$OUT_DIR/dist"]
struct Bundle;

/// Answers a GET or HEAD for `path` (as in the request line, without the query).
///
/// A path without a dot outside `/api` and `/assets` is a place inside the dashboard and answers the
/// page; an unknown file answers 404. The page carries a fresh nonce and the content security policy
/// that names it, so every answer is complete as it stands and must not be cached or altered.
pub fn respond(path: &str, accept_encoding: Option<&str>, if_none_match: Option<&str>) -> Asset {
    respond::respond(&embedded, path, accept_encoding, if_none_match)
}

/// Whether the dashboard is in this binary; `false` means the placeholder is.
pub fn is_built() -> bool {
    option_env!("IMSYS_WEB_BUILT") == Some("yes")
}

fn embedded(name: &str) -> Option<respond::File> {
    let file = Bundle::get(name)?;
    let body: Cow<'static, [u8]> = file.data;
    Some(respond::File { body, hash: file.metadata.sha256_hash() })
}
