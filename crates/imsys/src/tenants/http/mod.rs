//! The routes of people and tenants.
//!
//! * `session.rs`: signing in and out; `setup.rs`: taking a link; `account.rs`: the own account.
//! * `members.rs`, `keys.rs`, `audit.rs`, `settings.rs`: one tenant, in the hands of its admins.
//! * `tenants.rs`: all tenants, for who manages them.

mod account;
mod audit;
mod keys;
mod members;
mod session;
mod settings;
mod setup;
mod tenants;

use crate::http::route::Route;
use imsys_domain::search;
use imsys_store::page::{Ask, Cursor, Page, SortKey};
use utoipa::openapi::OpenApi;
use utoipa::{OpenApi as _, ToSchema};

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    [
        session::routes(),
        setup::routes(),
        account::routes(),
        members::routes(),
        keys::routes(),
        audit::routes(),
        settings::routes(),
        tenants::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Their description.
pub(crate) fn document() -> OpenApi {
    let mut document = session::Doc::openapi();
    document.merge(setup::Doc::openapi());
    document.merge(account::Doc::openapi());
    document.merge(members::Doc::openapi());
    document.merge(keys::Doc::openapi());
    document.merge(audit::Doc::openapi());
    document.merge(settings::Doc::openapi());
    document.merge(tenants::Doc::openapi());
    document
}

/// The role of a person or a key within a tenant; stands for [`imsys_domain::access::Role`] in the contract.
#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only described")]
enum Role {
    Admin,
    Technician,
    Support,
    Cashier,
    ReadOnly,
}

/// A page of a list that is short enough to be read whole. `items` are in the order of name and id;
/// `of` gives both, and the text that is searched.
fn page<T>(items: Vec<T>, ask: &Ask<()>, of: impl Fn(&T) -> (String, [u8; 16], String)) -> Page<T> {
    let asked = search::terms(ask.q.as_deref().unwrap_or_default());
    let found = |text: &str| {
        let text = search::text([text]);
        asked.iter().all(|term| term.is_in(&text))
    };
    let mut marked: Vec<_> = items
        .into_iter()
        .map(|item| (of(&item), item))
        .filter(|((_, _, text), _)| found(text))
        .map(|((name, id, _), item)| ((name, id), item))
        .collect();
    let total = marked.len() as u64;
    marked.sort_by(|(a, _), (b, _)| if ask.descending { b.cmp(a) } else { a.cmp(b) });
    if let Some(Cursor(SortKey::Text(name), id)) = &ask.cursor {
        let last = (name.clone(), *id);
        marked.retain(|(mark, _)| if ask.descending { *mark < last } else { *mark > last });
    }
    let more = marked.len() > ask.limit as usize;
    marked.truncate(ask.limit as usize);
    let next = marked.last().filter(|_| more).map(|((name, id), _)| Cursor(SortKey::Text(name.clone()), *id));
    Page { items: marked.into_iter().map(|(_, item)| item).collect(), next, total }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(ask: &Ask<()>) -> (Vec<&'static str>, Option<Cursor>, u64) {
        let page =
            page(vec!["Ana", "Ben", "Çem", "Dan"], ask, |name| ((*name).into(), [0; 16], (*name).into()));
        (page.items, page.next, page.total)
    }

    #[test]
    fn a_list_read_whole_is_paged_like_any_other() {
        let (items, next, total) = names(&Ask { limit: 3, ..Ask::first(()) });
        assert_eq!((items, total), (vec!["Ana", "Ben", "Dan"], 4));
        let (items, next, _) = names(&Ask { limit: 3, cursor: next, ..Ask::first(()) });
        assert_eq!((items, next), (vec!["Çem"], None));
        let (items, _, total) = names(&Ask { q: Some("cem".into()), ..Ask::first(()) });
        assert_eq!((items, total), (vec!["Çem"], 1));
        let (items, _, _) = names(&Ask { descending: true, limit: 2, ..Ask::first(()) });
        assert_eq!(items, ["Çem", "Dan"]);
    }
}
