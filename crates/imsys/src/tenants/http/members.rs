//! The people of a tenant.

use crate::app::App;
use crate::fields::Fields;
use crate::http::auth::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{ByName, Filterless, Id, Items, Json, List, ListParams, Time};
use crate::http::route::{Access, Route};
use crate::tenants::{links, names};
use crate::token;
use axum::extract::State;
use axum::http::StatusCode;
use imsys_domain::PersonId;
use imsys_domain::access::{Right, Role};
use imsys_store::StoreError;
use imsys_store::model::{self as store, LinkKind, Membership, Person};
use imsys_store::port::PersonDraft;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let access = Access::Tenant(Right::MembersManage);
    vec![
        Route::get("/api/v1/members", access, list),
        Route::post("/api/v1/members", access, invite),
        Route::get("/api/v1/members/{id}", access, read),
        Route::patch("/api/v1/members/{id}", access, change),
        Route::delete("/api/v1/members/{id}", access, remove),
        Route::post("/api/v1/members/{id}/reset", access, reset),
    ]
}

/// Their description.
#[derive(OpenApi)]
#[openapi(paths(list, invite, read, change, remove, reset))]
pub(super) struct Doc;

/// Somebody who acts in this tenant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Member {
    id: Uuid,
    email: String,
    name: String,
    #[schema(value_type = super::Role)]
    role: Role,
    /// Has not accepted the invitation yet.
    pending: bool,
    /// When the person became a member, or was invited.
    created_at: Time,
}

impl From<(Person, Membership)> for Member {
    fn from((person, membership): (Person, Membership)) -> Self {
        Self {
            id: person.id.0,
            email: person.email,
            name: person.name,
            role: membership.role,
            pending: false,
            created_at: membership.since.into(),
        }
    }
}

impl From<store::Invitation> for Member {
    fn from(invitation: store::Invitation) -> Self {
        let store::Invitation { id, email, name, role, created, .. } = invitation;
        Self { id: id.0, email, name, role, pending: true, created_at: created.into() }
    }
}

/// Somebody to be invited.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Invitation {
    email: String,
    #[schema(max_length = 100)]
    name: String,
    #[schema(value_type = super::Role)]
    role: Role,
}

/// Somebody who was just invited.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Invited {
    #[serde(flatten)]
    member: Member,
    /// Shown once, for handing on.
    invite_url: String,
    /// The address has an account: its owner must sign in and accept.
    known: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberChange {
    #[schema(value_type = super::Role)]
    role: Role,
}

/// A link with which a member sets a new password, or somebody invited accepts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ResetLink {
    /// Shown once; works once: for a day, as an invitation for a week.
    reset_url: String,
}

/// The members of this tenant.
#[utoipa::path(get, path = "/api/v1/members", tag = "members", params(ListParams),
    responses((status = 200, body = Items<Member>)))]
async fn list(tenancy: Tenancy, list: List<Filterless, ByName>) -> Result<Json<Items<Member>>, ApiError> {
    let mut members: Vec<Member> = tenancy.store.members().await?.into_iter().map(Member::from).collect();
    members.extend(tenancy.store.invitations().await?.into_iter().map(Member::from));
    members.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let page = super::page(members, &list.ask, |member| {
        (member.name.clone(), member.id.into_bytes(), format!("{} {}", member.name, member.email))
    });
    Ok(Json(Items::new(page, |member| member)))
}

/// Invites a person. Nobody is a member before they accept: with an account while signed in, else by choosing a password.
#[utoipa::path(post, path = "/api/v1/members", tag = "members", request_body = Invitation,
    responses((status = 201, body = Invited), (status = 409, description = "A member or invited already")))]
async fn invite(
    State(app): State<App>,
    tenancy: Tenancy,
    Json(invitation): Json<Invitation>,
) -> Result<(StatusCode, Json<Invited>), ApiError> {
    let mut fields = Fields::default();
    let email = fields.check("email", names::email(&invitation.email)).unwrap_or_default();
    let name = fields.line("name", &invitation.name, names::NAME);
    fields.done()?;
    let (invite, invite_url) = links::fresh(&app, LinkKind::Invite);
    let (created, role) = (tenancy.actor.at, invitation.role);
    let id = PersonId::new(created, token::random());
    let known = tenancy.store.invite(PersonDraft { id, email, name, role, created, invite }).await?;
    let member = tenancy.store.invitation(id).await?.into();
    Ok((StatusCode::CREATED, Json(Invited { member, invite_url, known })))
}

/// One member.
#[utoipa::path(get, path = "/api/v1/members/{id}", tag = "members", params(("id" = Uuid, Path)),
    responses((status = 200, body = Member)))]
async fn read(tenancy: Tenancy, Id(id): Id<PersonId>) -> Result<Json<Member>, ApiError> {
    one(&tenancy, id).await
}

/// A member, or somebody who is invited.
async fn one(tenancy: &Tenancy, id: PersonId) -> Result<Json<Member>, ApiError> {
    match tenancy.store.invitation(id).await {
        Err(StoreError::NotFound) => Ok(Json(tenancy.store.member(id).await?.into())),
        found => Ok(Json(found?.into())),
    }
}

/// Gives a member another role. The last admin stays one.
#[utoipa::path(patch, path = "/api/v1/members/{id}", tag = "members", params(("id" = Uuid, Path)),
    request_body = MemberChange, responses((status = 200, body = Member), (status = 409, description = "The last admin")))]
async fn change(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<PersonId>,
    Json(change): Json<MemberChange>,
) -> Result<Json<Member>, ApiError> {
    tenancy.store.set_role(id, change.role).await?;
    app.live.doubt();
    one(&tenancy, id).await
}

/// Ends a membership, or takes an invitation back. The person and their audit entries stay.
#[utoipa::path(delete, path = "/api/v1/members/{id}", tag = "members", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409, description = "The last admin")))]
async fn remove(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<PersonId>,
) -> Result<StatusCode, ApiError> {
    tenancy.store.remove_member(id).await?;
    app.live.doubt();
    Ok(StatusCode::NO_CONTENT)
}

/// Creates a link to be handed on, with which a member sets a new password or an invited person accepts; the links
/// before it stop working. Not for a member who is trusted beyond this tenant.
#[utoipa::path(post, path = "/api/v1/members/{id}/reset", tag = "members", params(("id" = Uuid, Path)),
    responses((status = 200, body = ResetLink), (status = 409, description = "Trusted beyond this tenant")))]
async fn reset(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<PersonId>,
) -> Result<Json<ResetLink>, ApiError> {
    let (link, reset_url) = links::fresh(&app, LinkKind::Invite);
    match tenancy.store.renew_invitation(id, link).await {
        Err(StoreError::NotFound) => {}
        renewed => return Ok(renewed.map(|()| Json(ResetLink { reset_url }))?),
    }
    let (link, reset_url) = links::fresh(&app, LinkKind::Reset);
    tenancy.store.reset_member(id, link).await?;
    Ok(Json(ResetLink { reset_url }))
}
