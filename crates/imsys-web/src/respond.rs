//! Which file a path means, and the headers it travels with.

use std::borrow::Cow;

use crate::negotiate::{Encoding, accepts, matches};

/// An answer, ready to be copied into a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// 200, 304 or 404.
    pub status: u16,
    /// Lower-case names; each name once.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// Empty for 304.
    pub body: Cow<'static, [u8]>,
}

/// A file of the bundle: what it holds, and the SHA-256 of that.
pub(crate) struct File {
    pub(crate) body: Cow<'static, [u8]>,
    pub(crate) hash: [u8; 32],
}

/// The page; also what every place inside the dashboard answers.
const PAGE: &str = "index.html";
/// Where the page wants its nonce. The same word stands in `web/vite.config.ts` and `placeholder.html`.
const NONCE_MARK: &str = "__IMSYS_NONCE__";
/// A script that runs as a worker is bound by the policy that it came with: the live stream must be allowed.
const FILE_POLICY: &str = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";
/// Names below it carry a hash of their content.
const HASHED: &str = "assets/";

pub(crate) fn respond(
    bundle: &dyn Fn(&str) -> Option<File>,
    path: &str,
    accept_encoding: Option<&str>,
    if_none_match: Option<&str>,
) -> Asset {
    match place(path) {
        Place::Page => page(bundle),
        Place::File(name) => file(bundle, name, accept_encoding, if_none_match).unwrap_or_else(not_found),
        Place::Nowhere => not_found(),
    }
}

enum Place<'a> {
    Page,
    File(&'a str),
    Nowhere,
}

fn place(path: &str) -> Place<'_> {
    let name = path.trim_start_matches('/');
    let under = |folder: &str| name == folder.trim_end_matches('/') || name.starts_with(folder);
    if under("api/") || name.ends_with(".br") || name.ends_with(".gz") {
        Place::Nowhere
    } else if name.is_empty() || name == PAGE {
        Place::Page
    } else if name.contains('.') {
        Place::File(name)
    } else if under(HASHED) {
        Place::Nowhere
    } else {
        Place::Page
    }
}

fn file(
    bundle: &dyn Fn(&str) -> Option<File>,
    name: &str,
    accept_encoding: Option<&str>,
    if_none_match: Option<&str>,
) -> Option<Asset> {
    let (encoding, found) = Encoding::BEST_FIRST
        .into_iter()
        .filter(|encoding| accepts(accept_encoding, *encoding))
        .find_map(|encoding| Some((encoding, bundle(&format!("{name}{}", encoding.suffix()))?)))?;
    let etag = format!("\"{}{}\"", hex(&found.hash[..12]), encoding.suffix());
    let mut headers = common(content_type(name));
    headers.push(("cache-control", caching(name).into()));
    headers.push(("vary", "accept-encoding".into()));
    headers.push(("etag", etag.clone().into()));
    headers.push(("content-security-policy", FILE_POLICY.into()));
    if matches(if_none_match, &etag) {
        return Some(Asset { status: 304, headers, body: Cow::Borrowed(&[]) });
    }
    if let Some(token) = encoding.token() {
        headers.push(("content-encoding", token.into()));
    }
    Some(Asset { status: 200, headers, body: found.body })
}

/// The page with a nonce of its own. It is a few hundred bytes and differs each time: not compressed, not kept.
fn page(bundle: &dyn Fn(&str) -> Option<File>) -> Asset {
    let Some(found) = bundle(PAGE) else { return not_found() };
    let nonce = nonce();
    let html = String::from_utf8_lossy(&found.body).replace(NONCE_MARK, &nonce);
    let mut headers = common("text/html; charset=utf-8");
    headers.push(("cache-control", "no-store".into()));
    headers.push(("content-security-policy", policy(&nonce).into()));
    headers.push(("x-frame-options", "DENY".into()));
    headers.push(("cross-origin-opener-policy", "same-origin".into()));
    headers.push(("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()".into()));
    Asset { status: 200, headers, body: Cow::Owned(html.into_bytes()) }
}

fn not_found() -> Asset {
    let mut headers = common("text/plain; charset=utf-8");
    headers.push(("cache-control", "no-store".into()));
    Asset { status: 404, headers, body: Cow::Borrowed(b"There is nothing here.\n") }
}

/// What every answer carries. The page names no third party, so no referrer is ever needed.
fn common(content_type: &'static str) -> Vec<(&'static str, Cow<'static, str>)> {
    vec![
        ("content-type", content_type.into()),
        ("x-content-type-options", "nosniff".into()),
        ("referrer-policy", "no-referrer".into()),
    ]
}

/// Everything from this server alone; inline code and styles only with the nonce of this answer.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
         manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

fn caching(name: &str) -> &'static str {
    if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// 128 random bits in hex.
fn nonce() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system has random bytes once a server runs");
    hex(&bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(name: &str) -> Option<File> {
        let body: &'static [u8] = match name {
            "index.html" => b"<script nonce=\"__IMSYS_NONCE__\"></script>",
            "assets/a-1.js" => b"plain",
            "assets/a-1.js.br" => b"brotli",
            "assets/a-1.js.gz" => b"gzip",
            "favicon.svg" => b"<svg/>",
            _ => return None,
        };
        Some(File { body: body.into(), hash: [body.len() as u8; 32] })
    }

    fn get(path: &str, accept: Option<&str>, etag: Option<&str>) -> Asset {
        respond(&bundle, path, accept, etag)
    }

    fn header<'a>(asset: &'a Asset, name: &str) -> Option<&'a str> {
        asset.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| &**value)
    }

    #[test]
    fn places_inside_the_dashboard_answer_the_page_and_unknown_files_do_not() {
        for path in ["/", "/index.html", "/t/lake/services", "/sign-in", "/apiary"] {
            assert_eq!(
                header(&get(path, None, None), "content-type"),
                Some("text/html; charset=utf-8"),
                "{path}"
            );
        }
        for path in [
            "/api",
            "/api/v1/nothing",
            "/assets",
            "/assets/x",
            "/assets/x.js",
            "/robots.txt",
            "/assets/a-1.js.br",
        ] {
            assert_eq!(get(path, None, None).status, 404, "{path}");
        }
    }

    #[test]
    fn the_page_has_a_fresh_nonce_that_its_policy_names() {
        let (first, second) = (get("/", None, None), get("/", None, None));
        assert_ne!(first.body, second.body);
        let html = String::from_utf8(first.body.to_vec()).unwrap();
        let nonce = html.split('"').nth(1).unwrap();
        let policy = header(&first, "content-security-policy").unwrap();
        assert!(policy.contains(&format!("script-src 'self' 'nonce-{nonce}'")), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header(&first, "cache-control"), Some("no-store"));
    }

    #[test]
    fn the_smallest_form_that_the_client_takes_is_sent_with_a_tag_of_its_own() {
        let forms = [(Some("gzip, br"), "br"), (Some("gzip"), "gzip")];
        for (accept, token) in forms {
            let asset = get("/assets/a-1.js", accept, None);
            assert_eq!(header(&asset, "content-encoding"), Some(token));
            assert_eq!(header(&asset, "vary"), Some("accept-encoding"));
        }
        let plain = get("/assets/a-1.js", None, None);
        assert!(header(&plain, "content-security-policy").unwrap().contains("connect-src 'self'"));
        assert_eq!((header(&plain, "content-encoding"), &*plain.body), (None, &b"plain"[..]));
        assert_ne!(header(&plain, "etag"), header(&get("/assets/a-1.js", Some("br"), None), "etag"));
    }

    #[test]
    fn hashed_files_are_kept_for_ever_and_others_asked_for_again() {
        let hashed = get("/assets/a-1.js", None, None);
        assert_eq!(header(&hashed, "cache-control"), Some("public, max-age=31536000, immutable"));
        let icon = get("/favicon.svg", Some("br"), None);
        assert_eq!(header(&icon, "cache-control"), Some("no-cache"));
        let again = get("/favicon.svg", Some("br"), header(&icon, "etag"));
        assert_eq!((again.status, again.body.len()), (304, 0));
    }

    #[test]
    fn what_this_binary_embeds_answers_with_a_page() {
        let page = crate::respond("/", None, None);
        assert_eq!(page.status, 200);
        assert!(!String::from_utf8_lossy(&page.body).contains(NONCE_MARK));
    }
}
