//! What the cells of a sheet name: routers, plans and customers of the tenant, by exact name or id.

use super::read::{Cells, Column};
use crate::http::Tenancy;
use imsys_domain::text::{line, shown};
use imsys_domain::{CustomerId, PlanId, RouterId};
use imsys_store::StoreError;
use imsys_store::page::{Ask, Page};
use imsys_store::port::RouterSort;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use uuid::Uuid;

/// Most characters of a customer's name, as in the form.
const NAME_MOST: usize = 200;

/// A customer whom a row names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Known(CustomerId, String),
    /// To be made.
    New(String),
}

impl Who {
    pub(super) const fn known(&self) -> Option<CustomerId> {
        match self {
            Self::Known(id, _) => Some(*id),
            Self::New(_) => None,
        }
    }
}

/// Names of the tenant.
pub(super) struct Names {
    routers: HashMap<RouterId, String>,
    routers_by_name: HashMap<String, Vec<RouterId>>,
    plans: HashMap<PlanId, String>,
    plans_by_name: HashMap<String, Vec<PlanId>>,
    customers: HashMap<String, Vec<CustomerId>>,
    /// Customers that are named by their ids.
    known: HashMap<CustomerId, String>,
    makes_customers: bool,
}

impl Names {
    /// Loads what the rows may name.
    pub(super) async fn load(
        tenancy: &Tenancy,
        rows: &[Cells],
        makes_customers: bool,
    ) -> Result<Self, StoreError> {
        let store = &tenancy.store;
        let routers = every(Ask::first(RouterSort::Name), |ask| store.routers(false, ask)).await?;
        let plans = every(Ask::first(()), |ask| store.plans(false, ask)).await?;
        let wanted: BTreeSet<String> = rows.iter().filter_map(|row| row.text(Column::Customer)).collect();
        let mut known = HashMap::new();
        for id in wanted.iter().filter_map(|text| text.parse::<Uuid>().ok()).map(CustomerId) {
            match store.customer(id).await {
                Ok(customer) if customer.archived.is_none() => drop(known.insert(id, customer.data.name)),
                Ok(_) | Err(StoreError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        let customers = group(store.customers_named(wanted.into_iter().collect()).await?);
        let routers: HashMap<_, _> =
            routers.into_iter().map(|router| (router.id, router.config.name)).collect();
        let plans: HashMap<_, _> = plans.into_iter().map(|plan| (plan.id, plan.data.name)).collect();
        Ok(Self {
            routers_by_name: group(routers.iter().map(|(id, name)| (name.clone(), *id))),
            routers,
            plans_by_name: group(plans.iter().map(|(id, name)| (name.clone(), *id))),
            plans,
            customers,
            known,
            makes_customers,
        })
    }

    /// The router of a cell, with its name. Without a word it is the only one there is.
    pub(super) fn router(&self, cell: Option<&str>) -> Result<(RouterId, String), String> {
        let Some(text) = cell else {
            let mut all = self.routers.iter();
            return match (all.next(), all.next()) {
                (Some((id, name)), None) => Ok((*id, name.clone())),
                _ => Err("`router` is needed: write its name or its id.".into()),
            };
        };
        let by_id = text.parse().ok().map(RouterId).filter(|id| self.routers.contains_key(id));
        let id = match by_id {
            Some(id) => id,
            None => one(&self.routers_by_name, text, "router")?
                .ok_or_else(|| format!("No router {}: add it first, or fix the name.", called(text)))?,
        };
        Ok((id, self.routers.get(&id).cloned().unwrap_or_default()))
    }

    /// The plan of a cell.
    pub(super) fn plan(&self, text: &str) -> Result<PlanId, String> {
        let by_id = text.parse().ok().map(PlanId);
        match by_id.filter(|id| self.plans.contains_key(id)) {
            Some(id) => Ok(id),
            None => one(&self.plans_by_name, text, "plan")?
                .ok_or_else(|| format!("No plan {}: add it first, or fix the name.", called(text))),
        }
    }

    /// What a plan is called.
    pub(super) fn plan_name(&self, id: PlanId) -> Option<String> {
        self.plans.get(&id).cloned()
    }

    /// The customer of a cell.
    pub(super) fn customer(&self, text: &str) -> Result<Who, String> {
        let by_id = text.parse().ok().map(CustomerId);
        if let Some((id, name)) = by_id.and_then(|id| self.known.get(&id).map(|name| (id, name))) {
            return Ok(Who::Known(id, name.clone()));
        }
        match one(&self.customers, text, "customer")? {
            Some(id) => Ok(Who::Known(id, text.to_owned())),
            None if self.makes_customers => {
                line(text, NAME_MOST).map(Who::New).map_err(|error| format!("`customer` {error}."))
            }
            None => Err(format!(
                "No customer {}: add them first, or let the import create customers.",
                called(text)
            )),
        }
    }
}

/// The only one of that name.
fn one<T: Copy>(all: &HashMap<String, Vec<T>>, name: &str, what: &str) -> Result<Option<T>, String> {
    match all.get(name).map(Vec::as_slice) {
        Some([only]) => Ok(Some(*only)),
        Some([_, _, ..]) => Err(format!("More than one {what} {}: write the id instead.", called(name))),
        Some([]) | None => Ok(None),
    }
}

/// How a person reads what a cell names. Ids are not repeated: they may be of things that are not his.
fn called(text: &str) -> String {
    match text.parse::<Uuid>() {
        Ok(_) => "has that id".into(),
        Err(_) => format!("is called {}", shown(text, 60)),
    }
}

fn group<K: Eq + Hash, V>(pairs: impl IntoIterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut all = HashMap::<K, Vec<V>>::new();
    for (name, id) in pairs {
        all.entry(name).or_default().push(id);
    }
    all
}

/// Every item of a list.
async fn every<S: Clone, T, F>(ask: Ask<S>, load: impl Fn(Ask<S>) -> F) -> Result<Vec<T>, StoreError>
where
    F: Future<Output = Result<Page<T>, StoreError>>,
{
    let mut ask = Ask { limit: 1000, ..ask };
    let mut items = Vec::new();
    loop {
        let page = load(ask.clone()).await?;
        items.extend(page.items);
        match page.next {
            Some(cursor) => ask.cursor = Some(cursor),
            None => return Ok(items),
        }
    }
}
