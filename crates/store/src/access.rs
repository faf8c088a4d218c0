//! Getting in by a link: whose it is, using it, having a fresh one sent.

use chrono::TimeDelta;
use domain::{
    fault::Faults,
    mail::Message,
    person::{Role, User, check_password, normal_email},
};

use crate::{
    Db, Error, Result,
    mail::{self, Draft, To},
    one_time_link::{self, Purpose, dead_link, hash},
    people,
};

/// How long a person waits for another link; earlier requests in that time are the same one.
const PAUSE: TimeDelta = TimeDelta::minutes(2);

const WAYS_IN: [Purpose; 3] = [Purpose::Invitation, Purpose::SignIn, Purpose::Reset];

/// A link that was opened and not used yet.
#[derive(Debug, Clone)]
pub struct Link {
    pub user: User,
    /// It has not been used, and its time is not over.
    pub is_alive: bool,
    /// Its person may enter without choosing a password.
    pub enters: bool,
    /// Its person may choose a password.
    pub chooses_password: bool,
}

/// Whose link it is and what it is good for, dead or alive.
pub async fn look(db: &Db, token: &str) -> Result<Link> {
    let found = one_time_link::find(db.read(), token)
        .await?
        .filter(|link| WAYS_IN.contains(&link.purpose))
        .ok_or_else(dead_link)?;
    let id = found.user.ok_or_else(dead_link)?;
    let user = people::users(db.read(), [id]).await?.remove(&id).ok_or_else(dead_link)?;
    let roles = people::all_roles(db.read(), id).await?;
    // Who was made staff since enters by a password: an old mail must not open a school.
    let outgrown = found.purpose == Purpose::SignIn && roles.iter().any(|role| role.is_staff());
    Ok(Link {
        is_alive: found.is_alive(db.ambient.now()) && !outgrown,
        enters: !outgrown && (found.purpose != Purpose::Invitation || enter_by_link(&roles)),
        chooses_password: found.purpose != Purpose::SignIn,
        user,
    })
}

/// Whether these are roles of somebody who needs no password.
pub(crate) fn enter_by_link(roles: &[Role]) -> bool {
    !roles.is_empty() && roles.iter().all(|role| role.enters_by_link())
}

/// Uses a link up to get in.
pub async fn enter(db: &Db, token: &str) -> Result<User> {
    let link = look(db, token).await?;
    if !link.is_alive {
        return Err(dead_link());
    }
    if !link.enters {
        return Err(Error::conflict(
            "password_needed",
            "Ce lien sert à choisir un mot de passe : choisissez-le pour entrer.",
        ));
    }
    let write = db.write().await?;
    one_time_link::redeem(db, &write, &WAYS_IN, token).await?;
    write.commit().await?;
    Ok(link.user)
}

/// Uses a link up to choose a password; every session and every other link of the person ends.
pub async fn choose_password(db: &Db, token: &str, password: &str) -> Result<User> {
    const PURPOSES: [Purpose; 2] = [Purpose::Invitation, Purpose::Reset];
    let mut faults = Faults::default();
    check_password("password", password, &mut faults);
    faults.into_result()?;
    one_time_link::alive(db, db.read(), &PURPOSES, token).await?;
    let hash = db.hash_password(password).await?;
    let write = db.write().await?;
    let user = one_time_link::redeem(db, &write, &PURPOSES, token).await?.ok_or(Error::NotFound)?;
    let user = people::set_password(db, &write, user, hash).await?;
    write.commit().await?;
    Ok(user)
}

/// Has a fresh link sent to whom a dead one was for, which leads to the same page. Says nothing of
/// whether there is anybody.
pub async fn renew(db: &Db, token: &str, page: Option<String>) -> Result<()> {
    let mut faults = Faults::default();
    if page.as_deref().is_some_and(|page| !is_own_page(page)) {
        let detail = "Ce lien mène ailleurs que dans Acquis. Ouvrez celui du courriel tel quel.";
        faults.add("page", "bad_page", detail);
    }
    faults.into_result()?;
    let found = one_time_link::find(db.read(), token).await?;
    let user = found.filter(|link| WAYS_IN.contains(&link.purpose)).and_then(|link| link.user);
    match user {
        Some(user) => ask(db, To::User(user), &user.to_string(), page).await,
        None => Ok(()),
    }
}

/// Has a link sent to this address, if it is somebody's. Whether it is, is looked up when the mail
/// leaves: here all addresses take the same time.
pub async fn ask_by_address(db: &Db, email: &str) -> Result<()> {
    let address = normal_email(email);
    let key = hash(&address);
    ask(db, To::Address(address), &key, None).await
}

/// A path of this program's own pages: a mail of ours leads nowhere else.
fn is_own_page(page: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.".contains(c);
    page.starts_with('/') && !page.starts_with("//") && page.len() <= 200 && page.chars().all(plain)
}

async fn ask(db: &Db, to: To, who: &str, page: Option<String>) -> Result<()> {
    let pause = db.ambient.now().timestamp() / PAUSE.num_seconds();
    let write = db.write().await?;
    let draft =
        Draft { to, message: Message::Access { page }, key: format!("access:{who}:{pause}") };
    mail::enqueue(db, &write, draft).await?;
    write.commit().await?;
    mail::poke(db);
    Ok(())
}
