//! The contract as one page for people: no script, nothing from elsewhere.

use crate::token;
use serde_json::Value;
use std::fmt::Write as _;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;\
color-scheme:light dark}code,pre{font:14px/1.5 ui-monospace,monospace}h2{margin-top:2.5rem;border-bottom:1px solid}\
summary{cursor:pointer;padding:.3rem 0}b{display:inline-block;width:4.5rem}pre{overflow:auto;padding:1rem;\
border:1px solid;border-radius:4px}details details{margin-left:1rem}";

/// The policy that the page needs, and the page.
pub(super) fn render(document: &Value) -> (String, String) {
    let nonce = token::fresh();
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>IMSys API</title>\
         <style nonce=\"{nonce}\">{STYLE}</style><h1>IMSys API</h1>\
         <p>{}</p><p>For programs: <a href=\"/openapi.json\">openapi.json</a>. Programs sign in with \
         <code>Authorization: Bearer imsys_…</code>.</p>",
        escape(text(&document["info"]["description"]))
    );
    for (tag, operations) in by_tag(document) {
        let _infallible = write!(page, "<h2>{}</h2>", escape(tag));
        for (path, method, operation) in operations {
            operation_of(&mut page, path, method, operation);
        }
    }
    page.push_str("<h2>Types</h2>");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let _infallible = write!(
            page,
            "<details id=\"{0}\"><summary><code>{0}</code></summary>{1}</details>",
            escape(name),
            block(schema)
        );
    }
    page.push_str("</html>\n");
    (format!("default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'"), page)
}

type Entry<'a> = (&'a str, &'a str, &'a Value);

/// Operations by their first tag, in the order of the tags' names.
fn by_tag(document: &Value) -> std::collections::BTreeMap<&str, Vec<Entry<'_>>> {
    let mut tags = std::collections::BTreeMap::<&str, Vec<Entry<'_>>>::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            tags.entry(text(&operation["tags"][0])).or_default().push((path, method, operation));
        }
    }
    tags
}

fn operation_of(page: &mut String, path: &str, method: &str, operation: &Value) {
    let summary = escape(text(&operation["summary"]));
    let _infallible = write!(
        page,
        "<details><summary><b>{}</b><code>{}</code> {summary}</summary><p>{}</p>",
        method.to_uppercase(),
        escape(path),
        escape(text(&operation["description"]))
    );
    for (title, part) in [("Parameters", "parameters"), ("Body", "requestBody"), ("Answers", "responses")] {
        if !operation[part].is_null() {
            let _infallible =
                write!(page, "<details><summary>{title}</summary>{}</details>", block(&operation[part]));
        }
    }
    page.push_str("</details>");
}

fn block(value: &Value) -> String {
    format!("<pre>{}</pre>", escape(&serde_json::to_string_pretty(value).unwrap_or_default()))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
