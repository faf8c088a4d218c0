//! Ways in and out: first start, invitations, passwords, cookies.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Answer, Ask, PASSWORD, School, TestApp, text};

const ACCESS: &str = "acquis_access";
const REFRESH: &str = "acquis_refresh";

fn login<'a>(app: &'a TestApp, email: &str, password: &str) -> Ask<'a> {
    app.post("/api/v1/auth/login").json(json!({ "email": email, "password": password }))
}

fn with_cookie<'a>(ask: Ask<'a>, name: &str, value: &str) -> Ask<'a> {
    ask.header("cookie", format!("{name}={value}")).header("origin", "http://acquis.test")
}

async fn refresh(app: &TestApp, secret: &str) -> Answer {
    with_cookie(app.post("/api/v1/auth/refresh"), REFRESH, secret).send().await
}

async fn me(app: &TestApp, token: &str) -> u16 {
    let ask = app.get("/api/v1/me").header("authorization", format!("Bearer {token}"));
    ask.send().await.status.as_u16()
}

#[tokio::test]
async fn the_first_start_happens_once_per_link() {
    let app = TestApp::new().await;
    let needed = async || {
        let instance = app.get("/api/v1/instance").send().await.is(200).value();
        instance["setup_needed"].as_bool().unwrap()
    };
    assert!(needed().await);
    let old = store::people::setup_link(&app.db).await.unwrap();
    let token = store::people::setup_link(&app.db).await.unwrap();
    let set_up = |token: &str, password: &str| {
        let body = json!({
            "token": token, "organisation": "École", "given_name": "Anne", "family_name": "Chef",
            "email": "chef@ecole.fr", "password": password,
        });
        app.post("/api/v1/setup").json(body).send()
    };
    set_up(&old, PASSWORD).await.fails(409, "dead_link");
    assert_eq!(set_up(&token, "short").await.faults(), ["password: too_short"]);
    assert!(needed().await);
    set_up(&token, PASSWORD).await.is(200);
    assert!(!needed().await);
    set_up(&token, PASSWORD).await.fails(409, "dead_link");

    let late = store::people::setup_link(&app.db).await.unwrap();
    app.pass(TimeDelta::days(1));
    set_up(&late, PASSWORD).await.fails(409, "dead_link");
}

#[tokio::test]
async fn an_invitation_works_once_and_for_a_while() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let (id, token) = school.invite("lea", &["apprentice"]).await;
    let look =
        |token: &str| app.post("/api/v1/auth/link/look").json(json!({ "token": token })).send();
    let accept = |token: &str, password: &str| {
        let body = json!({ "token": token, "password": password });
        app.post("/api/v1/auth/link").json(body).send()
    };
    assert_eq!(look(&token).await.is(200).value()["email"], "lea@ecole.fr");
    assert_eq!(accept(&token, "short").await.faults(), ["password: too_short"]);
    accept(&token, PASSWORD).await.is(200);
    assert_eq!(look(&token).await.is(200).value()["is_alive"], false);
    look("unknown").await.fails(409, "dead_link");
    for dead in [token.as_str(), "unknown"] {
        accept(dead, PASSWORD).await.fails(409, "dead_link");
    }

    let path = format!("/api/v1/users/{id}/invitation");
    let fresh = async || {
        let link = app.post(&path).by(&school.head).send().await.is(201).value();
        text(&link["url"]).split_once('#').unwrap().1.to_owned()
    };
    let (older, newer) = (fresh().await, fresh().await);
    assert_eq!(look(&older).await.is(200).value()["is_alive"], false);
    assert_eq!(look(&newer).await.is(200).value()["is_alive"], true);
    app.pass(TimeDelta::days(14));
    assert_eq!(look(&newer).await.is(200).value()["is_alive"], false);
    accept(&newer, PASSWORD).await.fails(409, "dead_link");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_sound_the_same() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let refused = async |email: &str| {
        let mut problem =
            login(&app, email, "not this one").send().await.fails(401, "wrong_credentials");
        problem["request_id"].take();
        problem
    };
    assert_eq!(refused(&school.head.email).await, refused("nobody@ecole.fr").await);
    // Whoever has no password yet cannot sign in at all.
    school.invite("lea", &["apprentice"]).await;
    assert_eq!(refused("lea@ecole.fr").await, refused("nobody@ecole.fr").await);
    login(&app, " CHEF@ecole.fr ", PASSWORD).send().await.is(200);
}

#[tokio::test]
async fn too_many_wrong_passwords_lock_the_address() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    for _ in 0..9 {
        login(&app, &school.head.email, "wrong").send().await.fails(401, "wrong_credentials");
    }
    login(&app, &school.head.email, PASSWORD).send().await.is(200);
    for _ in 0..10 {
        login(&app, "CHEF@ecole.fr", "wrong").send().await.fails(401, "wrong_credentials");
    }
    login(&app, &school.head.email, PASSWORD).send().await.fails(429, "too_many_tries");
    login(&app, "nobody@ecole.fr", "wrong").send().await.fails(401, "wrong_credentials");
}

#[tokio::test]
async fn wrong_passwords_at_the_same_time_all_count() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let tries = (0..30).map(|_| login(&app, &school.head.email, "wrong").send());
    let answers = futures::future::join_all(tries).await;
    let looked_at = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!(looked_at, 10);
    login(&app, &school.head.email, PASSWORD).send().await.fails(429, "too_many_tries");
}

#[tokio::test]
async fn what_cannot_be_an_address_is_not_looked_up() {
    let app = TestApp::new().await;
    for email in ["a\0b@ecole.fr".to_owned(), format!("{}@ecole.fr", "a".repeat(900_000))] {
        login(&app, &email, "wrong").send().await.fails(401, "wrong_credentials");
    }
}

#[tokio::test]
async fn a_cookie_is_for_pages_of_this_site() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let opened = login(&app, &school.head.email, PASSWORD).send().await.is(200);
    for name in [ACCESS, REFRESH] {
        let cookie = opened.headers.get_all("set-cookie").iter();
        let cookie = cookie.map(|cookie| cookie.to_str().unwrap()).find(|c| c.starts_with(name));
        let cookie = cookie.expect("the cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    }
    let access = opened.cookie(ACCESS).unwrap();
    let both = format!("{ACCESS}={access}; {REFRESH}={}", opened.cookie(REFRESH).unwrap());
    let logout = |origin: Option<&str>| {
        let ask = app.post("/api/v1/auth/logout").header("cookie", &both);
        match origin {
            Some(origin) => ask.header("origin", origin),
            None => ask,
        }
        .send()
    };
    for origin in
        [None, Some("http://evil.test"), Some("null"), Some("http://acquis.test.evil.test")]
    {
        logout(origin).await.fails(403, "foreign_origin");
    }
    let read = app.get("/api/v1/me").header("cookie", format!("{ACCESS}={access}"));
    read.header("origin", "http://evil.test").send().await.is(200);
    let out = logout(Some("http://acquis.test")).await.is(204);
    assert_eq!(out.cookie(ACCESS).as_deref(), Some(""));
    assert_eq!(out.cookie(REFRESH).as_deref(), Some(""));
}

#[tokio::test]
async fn a_session_ends_at_once() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let opened = login(&app, &school.head.email, PASSWORD).send().await.is(200);
    let token = text(&opened.value()["access_token"]);
    assert_eq!(me(&app, &token).await, 200);
    let logout = app.post("/api/v1/auth/logout").header("authorization", format!("Bearer {token}"));
    logout.send().await.is(204);
    assert_eq!(me(&app, &token).await, 401);
    refresh(&app, &opened.cookie(REFRESH).unwrap()).await.fails(401, "session_expired");
    assert_eq!(me(&app, &school.head.token).await, 200, "another session goes on");
}

#[tokio::test]
async fn an_access_token_is_short_lived_and_renewed() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let opened = login(&app, &school.head.email, PASSWORD).send().await.is(200);
    app.pass(TimeDelta::minutes(15));
    assert_eq!(me(&app, &text(&opened.value()["access_token"])).await, 401);
    let renewed = refresh(&app, &opened.cookie(REFRESH).unwrap()).await.is(200);
    assert_eq!(me(&app, &text(&renewed.value()["access_token"])).await, 200);
    app.pass(TimeDelta::days(14));
    refresh(&app, &renewed.cookie(REFRESH).unwrap()).await.fails(401, "session_expired");
}

#[tokio::test]
async fn an_old_refresh_secret_that_comes_back_ends_the_session() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let opened = login(&app, &school.head.email, PASSWORD).send().await.is(200);
    let old = opened.cookie(REFRESH).unwrap();
    let renewed = refresh(&app, &old).await.is(200);
    let new = renewed.cookie(REFRESH).unwrap();
    assert_ne!(old, new);
    // Two tabs at once: the late one gets in, and keeps the secret that the other one got.
    let late = refresh(&app, &old).await.is(200);
    assert_eq!(late.cookie(REFRESH), None);
    assert_eq!(me(&app, &text(&late.value()["access_token"])).await, 200);

    app.pass(TimeDelta::seconds(31));
    refresh(&app, &old).await.fails(401, "session_expired");
    refresh(&app, &new).await.fails(401, "session_expired");
    assert_eq!(me(&app, &text(&renewed.value()["access_token"])).await, 401);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let change = |current: &str, new: &str| {
        let body = json!({ "current_password": current, "new_password": new });
        app.post("/api/v1/auth/password").by(&school.head).json(body).send()
    };
    let new = "another horse battery";
    assert_eq!(change("wrong", new).await.faults(), ["current_password: wrong_password"]);
    assert_eq!(change(PASSWORD, "short").await.faults(), ["new_password: too_short"]);
    let answer = change(PASSWORD, new).await.is(200).value();
    assert_eq!(me(&app, &school.head.token).await, 401);
    assert_eq!(me(&app, &text(&answer["access_token"])).await, 200);
    login(&app, &school.head.email, PASSWORD).send().await.fails(401, "wrong_credentials");
    login(&app, &school.head.email, new).send().await.is(200);
}

#[tokio::test]
async fn a_sentence_that_is_too_short_is_no_wrong_password() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let body = |new: &str| json!({ "current_password": PASSWORD, "new_password": new });
    let change = |body: Value| app.post("/api/v1/auth/password").by(&school.head).json(body).send();
    for _ in 0..11 {
        assert_eq!(change(body("short")).await.faults(), ["new_password: too_short"]);
    }
    change(body("another horse battery")).await.is(200);
}
