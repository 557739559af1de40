//! Tenants, people, how they get in and what they may.

use super::town::{Must, Town, all, at, only, tenant};
use crate::model::{ApiKey, Link, LinkKind, Login, Membership, Newcomer, Person};
use crate::port::{PersonDraft, Reference, StoreError, Taken, Token};
use imsys_domain::access::Role;
use imsys_domain::hindrance::Hindrance;
use imsys_domain::tenant::Settings;
use imsys_domain::{ApiKeyId, PersonId, TenantId, Timestamp};

const HOUR: i64 = 3600;

fn person(town: &Town, name: &str) -> Person {
    let password = Some("$argon2id$x".into());
    let email = format!("{name}@example.org");
    Person { id: PersonId(town.fresh()), email, name: name.into(), password, platform: false, created: at(0) }
}

/// A person with a password who is a member of ours.
async fn member(town: &Town, name: &str, role: Role) -> Person {
    let person = person(town, name);
    let membership = Membership { tenant: town.tenant, person: person.id, role, since: at(0), entered: None };
    town.store.create_person(person.clone(), Some(membership)).await.must();
    person
}

fn newcomer(town: &Town, name: &str) -> Newcomer {
    let Person { id, email, name, .. } = person(town, name);
    Newcomer { id, email, name, password: "$argon2id$new".into(), tenant: None, at: at(10) }
}

fn draft(town: &Town, name: &str, hash: u8) -> PersonDraft {
    let Person { id, email, name, .. } = person(town, name);
    let invite = Token { hash: [hash; 32], expires: at(HOUR) };
    PersonDraft { id, email, name, role: Role::Support, created: at(0), invite }
}

async fn sign_in(town: &Town, person: &Person, hash: u8) {
    let tenant = Some(town.tenant);
    let (created, seen, agent, address) = (at(0), at(0), "Fox".into(), None);
    let login = Login { hash: [hash; 32], person: person.id, tenant, created, seen, agent, address };
    town.store.put_login(login).await.must();
}

pub(super) async fn a_tenant_has_its_short_name_alone(town: Town) {
    let twin = tenant(TenantId(town.fresh()), "ours");
    assert_eq!(town.store.create_tenant(twin).await, Err(StoreError::Exists(Taken::TenantSlug)));
    let census = town.store.census().await.must();
    assert_eq!(census.iter().map(|(t, _)| t.name.as_str()).collect::<Vec<_>>(), ["ours", "theirs"]);
    let router = town.router("tower").await;
    town.service(router, "ana").await;
    town.customer("Ana").await;
    member(&town, "ada", Role::Admin).await;
    let (_, counts) = town.store.census().await.must().swap_remove(0);
    assert_eq!((counts.members, counts.routers, counts.customers, counts.services), (1, 1, 1, 1));
    assert_eq!(town.store.tenant_info(TenantId(town.fresh())).await, Err(StoreError::NotFound));
}

pub(super) async fn a_person_has_his_address_alone_and_joins_as_one_unit(town: Town) {
    let ada = member(&town, "ada", Role::Admin).await;
    assert_eq!(town.store.person_by_email("ada@example.org").await.must(), ada);
    assert_eq!(town.store.person(ada.id).await.must(), ada);
    let twin = Person { id: PersonId(town.fresh()), ..ada.clone() };
    assert_eq!(town.store.create_person(twin, None).await, Err(StoreError::Exists(Taken::PersonEmail)));
    let bob = person(&town, "bob");
    let nowhere = Membership {
        tenant: TenantId(town.fresh()),
        person: bob.id,
        role: Role::Admin,
        since: at(0),
        entered: None,
    };
    town.store.create_person(bob.clone(), Some(nowhere)).await.expect_err("there is no such tenant");
    assert_eq!(town.store.person(bob.id).await, Err(StoreError::NotFound), "half of it was kept");
    let where_to: Vec<_> =
        town.store.memberships(ada.id).await.must().into_iter().map(|(t, m)| (t.id, m.role)).collect();
    assert_eq!(where_to, [(town.tenant, Role::Admin)]);
}

pub(super) async fn a_login_lives_until_it_is_idle_or_old_or_ended(town: Town) {
    let ada = member(&town, "ada", Role::Admin).await;
    sign_in(&town, &ada, 1).await;
    let live = async |now| {
        town.store.login([1; 32], now).await.map(|found| (found.person.id, found.memberships.len()))
    };
    assert_eq!(live(at(Login::IDLE - 1)).await, Ok((ada.id, 1)));
    assert_eq!(live(at(Login::IDLE)).await, Err(StoreError::NotFound));
    for hour in (0..Login::ABSOLUTE / HOUR).step_by(11) {
        town.store.use_login([1; 32], at(hour * HOUR)).await.must();
    }
    town.store.use_login([1; 32], at(0)).await.must();
    assert_eq!(live(at(Login::ABSOLUTE - 1)).await, Ok((ada.id, 1)), "an older use does not count back");
    assert_eq!(live(at(Login::ABSOLUTE)).await, Err(StoreError::NotFound));
    let elsewhere = TenantId(town.fresh());
    assert_eq!(town.store.move_login([2; 32], elsewhere, at(1)).await, Err(StoreError::NotFound));
    let other = town.district("other").await;
    town.store.move_login([1; 32], other.tenant, at(1)).await.must();
    assert_eq!(town.store.login([1; 32], at(9)).await.must().login.tenant, Some(other.tenant));
    for _ in 0..2 {
        town.store.end_login([1; 32]).await.must();
        assert_eq!(live(at(1)).await, Err(StoreError::NotFound));
    }
}

pub(super) async fn a_link_is_taken_by_exactly_one(town: Town) {
    let first = Link { hash: [1; 32], kind: LinkKind::First, person: None, tenant: None, expires: at(HOUR) };
    town.store.put_link(first.clone()).await.must();
    assert_eq!(town.store.link([1; 32], at(HOUR - 1)).await.must(), first);
    assert_eq!(town.store.link([1; 32], at(HOUR)).await, Err(StoreError::NotFound));
    let alone = town.store.redeem([1; 32], newcomer(&town, "nowhere")).await;
    assert_eq!(alone, Err(StoreError::Dangling(Reference::NewTenant)));
    town.store.link([1; 32], at(1)).await.expect("a failure does not use it up");

    let takers: Vec<_> = (0..8).map(|number| tokio::spawn(take_first(town.clone(), number))).collect();
    let mut done = Vec::new();
    for taker in takers {
        done.push(taker.await.expect("it does not panic"));
    }
    let winners: Vec<PersonId> = done.iter().flatten().copied().collect();
    assert_eq!(winners.len(), 1, "{done:?}");
    assert!(done.iter().filter_map(|d| d.as_ref().err()).all(|e| *e == StoreError::NotFound), "{done:?}");
    let person = town.store.person(winners[0]).await.must();
    assert!(person.platform, "the installation's own link makes the one who manages tenants");
    assert_eq!(town.store.memberships(person.id).await.must().len(), 1);
    let demo = Link { hash: [2; 32], kind: LinkKind::Demo, person: Some(person.id), ..first };
    town.store.put_link(demo).await.must();
    assert_eq!(town.store.redeem([2; 32], newcomer(&town, "x")).await, Err(StoreError::NotFound));
    town.store.link([2; 32], at(1)).await.must();
}

async fn take_first(town: Town, number: u64) -> Result<PersonId, StoreError> {
    let new = tenant(TenantId(town.fresh()), &format!("isp-{number}"));
    let newcomer = Newcomer { tenant: Some(new), ..newcomer(&town, &format!("person-{number}")) };
    town.store.redeem([1; 32], newcomer).await
}

pub(super) async fn the_last_admin_stays(town: Town) {
    let ada = member(&town, "ada", Role::Admin).await;
    for refused in [town.ours.set_role(ada.id, Role::Support).await, town.ours.remove_member(ada.id).await] {
        assert_eq!(refused, Err(StoreError::InUse(Hindrance::LastAdmin)));
    }
    town.ours.invite(PersonDraft { role: Role::Admin, ..draft(&town, "bob", 1) }).await.must();
    let refused = town.ours.remove_member(ada.id).await;
    let last = Err(StoreError::InUse(Hindrance::LastAdmin));
    assert_eq!(refused, last, "an admin who never came cannot administrate");
    let taken = Newcomer { name: "Bob".into(), ..newcomer(&town, "ignored") };
    let bob = town.store.redeem([1; 32], taken).await.must();
    assert_eq!(town.store.person(bob).await.must().email, "bob@example.org", "the address that was invited");
    town.ours.set_role(ada.id, Role::Support).await.must();
    town.ours.remove_member(ada.id).await.must();
    assert_eq!(town.ours.remove_member(ada.id).await, Err(StoreError::NotFound));
    let left: Vec<_> = town.ours.members().await.must().into_iter().map(|(p, m)| (p.name, m.role)).collect();
    assert_eq!(left, [("Bob".into(), Role::Admin)]);
}

pub(super) async fn whoever_leaves_is_signed_out_of_the_tenant(town: Town) {
    member(&town, "ada", Role::Admin).await;
    let bob = member(&town, "bob", Role::Cashier).await;
    sign_in(&town, &bob, 1).await;
    assert_eq!(town.ours.member(bob.id).await.must().1.role, Role::Cashier);
    town.ours.reset_member(bob.id, Token { hash: [3; 32], expires: at(HOUR) }).await.must();
    town.ours.remove_member(bob.id).await.must();
    let signed_in = town.store.login([1; 32], at(1)).await.must();
    assert_eq!((signed_in.login.tenant, signed_in.memberships.len()), (None, 0));
    assert_eq!(town.store.link([3; 32], at(1)).await, Err(StoreError::NotFound), "the link is taken back");
}

pub(super) async fn an_address_with_an_account_joins_only_when_its_owner_accepts(town: Town) {
    let bob = member(&town, "bob", Role::Admin).await;
    let known = PersonDraft { role: Role::Admin, ..draft(&town, "bob", 4) };
    assert_eq!(town.theirs.invite(known.clone()).await, Ok(true));
    assert_eq!(town.theirs.members().await.must(), []);
    let invited = town.theirs.invitation(known.id).await.must();
    assert_eq!((invited.name, invited.role), (known.name.clone(), Role::Admin), "as the inviting admin said");
    let again = town.theirs.invite(PersonDraft { id: PersonId(town.fresh()), ..known.clone() }).await;
    assert_eq!(again, Err(StoreError::Exists(Taken::Invitation)));
    let by_link = town.store.redeem([4; 32], newcomer(&town, "bob")).await;
    assert_eq!(by_link, Err(StoreError::Exists(Taken::Account)), "whoever holds the link gets nothing");
    let eve = member(&town, "eve", Role::Support).await;
    let by_other = town.store.accept([4; 32], eve.id, at(5)).await;
    assert_eq!(by_other, Err(StoreError::InUse(Hindrance::OtherAddress)));
    let renewed = Token { hash: [5; 32], expires: at(HOUR) };
    town.theirs.renew_invitation(known.id, renewed).await.must();
    assert_eq!(town.store.accept([4; 32], bob.id, at(5)).await, Err(StoreError::NotFound), "a link before");
    assert_eq!(town.store.accept([5; 32], bob.id, at(HOUR)).await, Err(StoreError::NotFound), "too late");
    assert_eq!(town.store.accept([5; 32], bob.id, at(5)).await, Ok(town.theirs.info().await.must().id));
    assert_eq!(town.store.accept([5; 32], bob.id, at(5)).await, Err(StoreError::NotFound), "it works once");
    assert_eq!(town.theirs.invitations().await.must(), []);
    assert_eq!(town.theirs.member(bob.id).await.must().1.role, Role::Admin);
    let member = town.theirs.invite(PersonDraft { id: PersonId(town.fresh()), ..known }).await;
    assert_eq!(member, Err(StoreError::Exists(Taken::Membership)));
    let reset = town.ours.reset_member(bob.id, renewed).await;
    assert_eq!(reset, Err(StoreError::InUse(Hindrance::TrustedElsewhere)), "two tenants trust him");
}

pub(super) async fn an_invitation_can_be_changed_and_taken_back(town: Town) {
    let carol = draft(&town, "carol", 4);
    assert_eq!(town.ours.invite(carol.clone()).await, Ok(false));
    town.ours.set_role(carol.id, Role::Cashier).await.must();
    assert_eq!(town.ours.invitation(carol.id).await.must().role, Role::Cashier);
    town.ours.remove_member(carol.id).await.must();
    assert_eq!(town.ours.invitation(carol.id).await, Err(StoreError::NotFound));
    assert_eq!(town.store.link([4; 32], at(1)).await, Err(StoreError::NotFound));
}

pub(super) async fn only_the_link_of_the_installation_makes_a_platform_admin(town: Town) {
    let link = |hash, tenant| Link { hash, kind: LinkKind::First, person: None, tenant, expires: at(HOUR) };
    town.store.put_link(link([1; 32], None)).await.must();
    town.store.put_link(link([2; 32], Some(town.tenant))).await.must();
    assert_eq!(town.store.is_managed().await, Ok(false));
    let ana = town.store.redeem([2; 32], newcomer(&town, "ana")).await.must();
    assert!(!town.store.person(ana).await.must().platform);
    assert_eq!(town.store.is_managed().await, Ok(false), "the operator has not come yet");
    let new = tenant(TenantId(town.fresh()), "operator");
    let operator = Newcomer { tenant: Some(new), ..newcomer(&town, "root") };
    let operator = town.store.redeem([1; 32], operator).await.must();
    assert!(town.store.person(operator).await.must().platform);
    assert_eq!(town.store.is_managed().await, Ok(true));
}

pub(super) async fn a_released_address_is_free_and_its_account_is_shut(town: Town) {
    let squatter = member(&town, "cfo", Role::Admin).await;
    sign_in(&town, &squatter, 1).await;
    assert_eq!(town.store.release("cfo@example.org", at(5)).await, Ok(squatter.id));
    assert_eq!(town.store.release("cfo@example.org", at(5)).await, Err(StoreError::NotFound));
    assert_eq!(town.store.login([1; 32], at(6)).await, Err(StoreError::NotFound));
    let left = town.store.person(squatter.id).await.must();
    assert!(left.password.is_none() && !left.email.contains('@'), "{left:?}");
    let reset = town.ours.reset_member(squatter.id, Token { hash: [3; 32], expires: at(HOUR) }).await;
    assert_eq!(reset, Err(StoreError::InUse(Hindrance::AddressReleased)));
    assert_eq!(town.theirs.invite(draft(&town, "cfo", 4)).await, Ok(false), "nobody has it");
    town.store.redeem([4; 32], newcomer(&town, "cfo")).await.must();
    let lines: Vec<_> = only(town.ours.audit(all(())).await).into_iter().map(|line| line.action).collect();
    assert_eq!(lines, ["member.release"]);
}

pub(super) async fn a_new_password_ends_every_other_sign_in(town: Town) {
    let ada = member(&town, "ada", Role::Admin).await;
    for hash in [1, 2, 3] {
        sign_in(&town, &ada, hash).await;
    }
    town.store.use_login([2; 32], at(50)).await.must();
    let hashes = async |now| -> Vec<u8> {
        town.store.logins(ada.id, now).await.must().iter().map(|login| login.hash[0]).collect()
    };
    assert_eq!(hashes(at(60)).await, [2, 1, 3], "last used first");
    assert_eq!(hashes(at(Login::IDLE)).await, [2], "only those that still count");
    town.store.set_password(ada.id, "$argon2id$other".into(), [3; 32], at(60)).await.must();
    assert_eq!(hashes(at(60)).await, [3]);
    assert_eq!(town.store.person(ada.id).await.must().password.as_deref(), Some("$argon2id$other"));
}

pub(super) async fn where_a_person_was_last_is_remembered(town: Town) {
    let ada = member(&town, "ada", Role::Admin).await;
    town.theirs.join(ada.id, Role::Support).await.must();
    sign_in(&town, &ada, 1).await;
    let entered = async || -> Vec<Option<Timestamp>> {
        town.store.memberships(ada.id).await.must().iter().map(|(_, member)| member.entered).collect()
    };
    assert_eq!(entered().await, [Some(at(0)), None]);
    town.store.move_login([1; 32], town.theirs.info().await.must().id, at(7)).await.must();
    assert_eq!(entered().await, [Some(at(0)), Some(at(7))]);
}

fn key(town: &Town, name: &str, hash: u8, expires: Option<Timestamp>) -> ApiKey {
    ApiKey {
        id: ApiKeyId(town.fresh()),
        name: name.into(),
        role: Role::Technician,
        prefix: "imsys_ab".into(),
        hash: [hash; 32],
        created: at(0),
        expires,
        last_used: None,
    }
}

pub(super) async fn a_key_opens_its_tenant_until_it_expires_or_is_revoked(town: Town) {
    let (brief, lasting) = (key(&town, "brief", 1, Some(at(HOUR))), key(&town, "lasting", 2, None));
    for key in [&lasting, &brief] {
        town.ours.create_api_key(key.clone()).await.must();
    }
    assert_eq!(town.ours.api_keys().await.must(), [brief.clone(), lasting.clone()], "by name");
    assert_eq!(town.store.api_key([1; 32], at(10)).await.must(), (town.tenant, brief.clone()));
    assert_eq!(town.ours.api_key(brief.id).await.must().last_used, Some(at(10)));
    assert_eq!(town.store.api_key([1; 32], at(HOUR)).await, Err(StoreError::NotFound));
    town.ours.rename_api_key(lasting.id, "billing".into()).await.must();
    assert_eq!(town.store.api_key([2; 32], at(HOUR)).await.must().1.name, "billing");
    town.ours.delete_api_key(lasting.id).await.must();
    assert_eq!(town.store.api_key([2; 32], at(10)).await, Err(StoreError::NotFound));
    assert_eq!(town.ours.delete_api_key(lasting.id).await, Err(StoreError::NotFound));
    let lines = only(town.ours.audit(all(())).await);
    assert!(lines.iter().all(|line| !line.detail.contains("hash")), "no secret, nor what it is known by");
}

pub(super) async fn settings_are_replaced_whole(town: Town) {
    assert_eq!(town.ours.info().await.must().settings, Settings::default());
    let settings = Settings {
        sweep_seconds: 60,
        static_check_seconds: 90,
        history_months: 1,
        currency: "KES".into(),
        webhook_url: Some("https://imsys.example.net".into()),
        server_address: Some("10.255.0.1".parse().expect("this is an address")),
    };
    town.ours.set_settings("Ours Ltd".into(), settings.clone()).await.must();
    let info = town.ours.info().await.must();
    assert_eq!((info.name.as_str(), info.slug.as_str(), &info.settings), ("Ours Ltd", "ours", &settings));
    let everybody = town.store.all_settings().await.must();
    assert_eq!(everybody.len(), 2);
    assert!(everybody.contains(&(town.tenant, settings)));
}
