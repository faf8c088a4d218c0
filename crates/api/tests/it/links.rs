//! Getting in by a link of a mail.

use axum::http::Method;
use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Person, School, TestApp, secret, text};

async fn look(app: &TestApp, token: &str) -> Answer {
    app.post("/api/v1/auth/link/look").json(json!({ "token": token })).send().await
}

async fn enter(app: &TestApp, token: &str) -> Answer {
    app.post("/api/v1/auth/link").json(json!({ "token": token })).send().await
}

async fn choose(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "password": password });
    app.post("/api/v1/auth/link").json(body).send().await
}

async fn renew(app: &TestApp, token: &str) {
    app.post("/api/v1/auth/link/renew").json(json!({ "token": token })).send().await.is(202);
}

async fn ask(app: &TestApp, email: &str) -> Answer {
    app.post("/api/v1/auth/link/ask").json(json!({ "email": email })).send().await
}

async fn me(app: &TestApp, token: &str) -> u16 {
    let ask = app.get("/api/v1/me").header("authorization", format!("Bearer {token}"));
    ask.send().await.status.as_u16()
}

#[tokio::test]
async fn a_company_tutor_gets_in_by_their_mail_and_once() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let (id, _) = school.invite("paul", &["company_tutor"]).await;
    let link = app.mailed_link("paul@ecole.fr").await;
    // Looked at as often as mail scanners like.
    for _ in 0..3 {
        let view = look(&app, &link).await.is(200).value();
        assert_eq!(view["user_id"], id);
        assert_eq!((&view["is_alive"], &view["enters"]), (&json!(true), &json!(true)));
        assert_eq!(
            (&view["email"], &view["chooses_password"]),
            (&json!("paul@ecole.fr"), &json!(false))
        );
    }
    choose(&app, &link, PASSWORD).await.fails(409, "dead_link");
    let entered = enter(&app, &link).await.is(200).value();
    assert_eq!(entered["user"]["id"], id);
    assert_eq!(me(&app, &text(&entered["access_token"])).await, 200);

    enter(&app, &link).await.fails(409, "dead_link");
    let dead = look(&app, &link).await.is(200).value();
    assert_eq!((&dead["is_alive"], &dead["email"]), (&json!(false), &json!("p…@ecole.fr")));
    renew(&app, &link).await;
    let fresh = app.mailed_link("paul@ecole.fr").await;
    assert_ne!(fresh, link);
    assert_eq!(enter(&app, &fresh).await.is(200).value()["user"]["id"], id);
}

#[tokio::test]
async fn a_fresh_link_leads_where_the_dead_one_did() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    school.invite("paul", &["company_tutor"]).await;
    let link = app.mailed_link("paul@ecole.fr").await;
    let renew = |page: &str| {
        let body = json!({ "token": link, "page": page });
        app.post("/api/v1/auth/link/renew").json(body).send()
    };
    for elsewhere in
        ["https://ailleurs.fr", "//ailleurs.fr", "jurys", "/a\\b", "/a?b", "/a#b", "/a b"]
    {
        renew(elsewhere).await.fails(422, "invalid");
    }
    renew("/jurys/7/convocation").await.is(202);
    let mails = app.mails("paul@ecole.fr").await;
    assert!(mails[0].text.contains("/entrer?vers=/jurys/7/convocation#"), "{}", mails[0].text);
}

#[tokio::test]
async fn who_became_staff_since_does_not_enter_by_an_old_mail() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    school.invite("paul", &["company_tutor"]).await;
    let (mailed, asked) = {
        let first = app.mailed_link("paul@ecole.fr").await;
        renew(&app, &first).await;
        (first, app.mailed_link("paul@ecole.fr").await)
    };
    app.tamper("UPDATE memberships SET role = 'manager' WHERE role = 'company_tutor'").await;
    for link in [mailed, asked] {
        let view = look(&app, &link).await.is(200).value();
        assert_eq!((&view["is_alive"], &view["enters"]), (&json!(false), &json!(false)));
        enter(&app, &link).await.fails(409, "dead_link");
    }
}

#[tokio::test]
async fn the_link_that_a_manager_hands_over_needs_no_password_either() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let (_, link) = school.invite("paul", &["company_tutor", "jury"]).await;
    let view = look(&app, &link).await.is(200).value();
    assert_eq!((&view["enters"], &view["chooses_password"]), (&json!(true), &json!(true)));
    enter(&app, &link).await.is(200);
    for roles in [&["apprentice"][..], &["company_tutor", "manager"]] {
        let (_, link) = school.invite(&format!("lea{}", roles.len()), roles).await;
        assert_eq!(look(&app, &link).await.is(200).value()["enters"], false);
        enter(&app, &link).await.fails(409, "password_needed");
        choose(&app, &link, PASSWORD).await.is(200);
    }
}

#[tokio::test]
async fn of_many_who_come_with_one_link_one_gets_in() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    school.invite("paul", &["company_tutor"]).await;
    let link = app.mailed_link("paul@ecole.fr").await;
    let answers = join_all((0..8).map(|_| enter(&app, &link))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn a_link_lives_for_two_weeks_beside_newer_ones() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    school.invite("paul", &["company_tutor"]).await;
    let older = app.mailed_link("paul@ecole.fr").await;
    app.pass(TimeDelta::days(13));
    ask(&app, "paul@ecole.fr").await.is(202);
    let newer = app.mailed_link("paul@ecole.fr").await;
    enter(&app, &older).await.is(200);
    app.pass(TimeDelta::days(14));
    enter(&app, &newer).await.fails(409, "dead_link");
    // Months later, the page still offers a fresh one.
    app.pass(TimeDelta::days(200));
    assert_eq!(look(&app, &newer).await.is(200).value()["is_alive"], false);
    renew(&app, &newer).await;
    enter(&app, &app.mailed_link("paul@ecole.fr").await).await.is(200);
}

#[tokio::test]
async fn asking_sounds_the_same_for_everyone_and_writes_to_those_who_exist() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let count = async |to: &str| app.mails(to).await.len();
    let known = ask(&app, " CHEF@ecole.fr ").await.is(202);
    let unknown = ask(&app, "nobody@ecole.fr").await.is(202);
    assert_eq!(known.body, unknown.body);
    assert_eq!(count(&school.head.email).await, 1);
    assert_eq!(count("nobody@ecole.fr").await, 0);
    // Again at once: it is the same request.
    ask(&app, &school.head.email).await.is(202);
    assert_eq!(count(&school.head.email).await, 1);
    app.pass(TimeDelta::minutes(2));
    ask(&app, &school.head.email).await.is(202);
    assert_eq!(count(&school.head.email).await, 2);
    // Whoever insists fills nobody's box.
    for _ in 0..20 {
        app.pass(TimeDelta::minutes(2));
        ask(&app, &school.head.email).await.is(202);
    }
    assert_eq!(count(&school.head.email).await, 12);
    for email in ["", "lea", "a\0b@ecole.fr"] {
        assert_eq!(ask(&app, email).await.faults(), ["email: bad_email"]);
    }
}

#[tokio::test]
async fn one_place_does_not_ask_for_everybody() {
    let app = TestApp::new().await;
    for number in 0..60 {
        ask(&app, &format!("a{number}@ecole.fr")).await.is(202);
    }
    ask(&app, "b@ecole.fr").await.fails(429, "too_many_tries");
    app.post("/api/v1/auth/link/renew")
        .json(json!({ "token": "unknown" }))
        .send()
        .await
        .fails(429, "too_many_tries");
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_link() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let lea = school.person("lea", &["apprentice"]).await;
    let asked = async || {
        app.pass(TimeDelta::minutes(2));
        ask(&app, &lea.email).await.is(202);
        app.mailed_link(&lea.email).await
    };
    let (first, second, late) = (asked().await, asked().await, asked().await);
    let view = look(&app, &first).await.is(200).value();
    assert_eq!((&view["enters"], &view["chooses_password"]), (&json!(true), &json!(true)));
    // To enter with it changes nothing else.
    enter(&app, &first).await.is(200);
    assert_eq!(me(&app, &lea.token).await, 200);
    assert_eq!(choose(&app, &second, "short").await.faults(), ["password: too_short"]);
    choose(&app, &second, "another horse battery").await.is(200);
    assert_eq!(me(&app, &lea.token).await, 401, "the sessions of before have ended");
    enter(&app, &late).await.fails(409, "dead_link");
    let login = |password: &str| {
        app.post("/api/v1/auth/login")
            .json(json!({ "email": lea.email, "password": password }))
            .send()
    };
    login(PASSWORD).await.fails(401, "wrong_credentials");
    login("another horse battery").await.is(200);

    let link = asked().await;
    app.pass(TimeDelta::days(1));
    choose(&app, &link, PASSWORD).await.fails(409, "dead_link");
}

#[tokio::test]
async fn entering_on_somebody_elses_browser_ends_their_session() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    school.invite("paul", &["company_tutor"]).await;
    let link = app.mailed_link("paul@ecole.fr").await;
    let body = json!({ "email": school.head.email, "password": PASSWORD });
    let opened = app.post("/api/v1/auth/login").json(body).send().await.is(200);
    let theirs = text(&opened.value()["access_token"]);
    let cookie = format!("acquis_refresh={}", opened.cookie("acquis_refresh").unwrap());
    let come = |origin: &'static str| {
        app.post("/api/v1/auth/link")
            .header("cookie", cookie.clone())
            .header("origin", origin)
            .json(json!({ "token": link }))
            .send()
    };
    come("http://evil.test").await.fails(403, "foreign_origin");
    let entered = come("http://acquis.test").await.is(200);
    assert_eq!(entered.value()["user"]["email"], "paul@ecole.fr");
    assert!(entered.cookie("acquis_refresh").is_some());
    assert_eq!(me(&app, &theirs).await, 401);
    assert_eq!(me(&app, &school.head.token).await, 200, "elsewhere they stay signed in");
}

#[tokio::test]
async fn staff_get_no_link_that_they_have_not_asked_for() {
    let app = TestApp::new().await;
    let one = School::open(&app, "ecole").await;
    let other = School::open(&app, "ailleurs").await;
    let add = async |email: &str, roles: Value| {
        let body = json!({ "email": email, "given_name": "A", "family_name": "B", "roles": roles });
        let added = app.post("/api/v1/users").by(&other.head).json(body).send().await;
        assert_eq!(added.is(201).value()["invitation_url"], Value::Null);
    };
    add(&one.head.email, json!(["jury"])).await;
    let mails = app.mails(&one.head.email).await;
    assert!(mails[0].subject.starts_with("ailleurs vous invite aussi"), "{mails:?}");
    assert_eq!(secret(&mails[0].text, "/entrer#"), None, "{}", mails[0].text);

    // Somebody of two schools gets in, wherever they were known first.
    let (id, _) = one.invite("paul", &["company_tutor"]).await;
    add("paul@ecole.fr", json!(["company_tutor"])).await;
    let entered = enter(&app, &app.mailed_link("paul@ecole.fr").await).await.is(200).value();
    let token = text(&entered["access_token"]);
    let paul = Person { id, email: "paul@ecole.fr".to_owned(), token };
    let me = app.ask(Method::GET, "/api/v1/me").by(&paul).send().await.is(200).value();
    assert_eq!(me["memberships"].as_array().unwrap().len(), 2);
}
