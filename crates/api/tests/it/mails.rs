//! Mails that leave once, those that do not arrive, and those that people do not want.

use axum::http::Method;
use chrono::TimeDelta;
use domain::mail::Message;
use futures::future::join_all;
use serde_json::{Value, json};
use store::mail::{Outcome, claim, settle};

use crate::support::{Answer, Person, Scene, School, TestApp, each, secret, text};

async fn problems(app: &TestApp, by: &Person) -> Vec<Value> {
    let list =
        app.get("/api/v1/mails/problems").by(&by.again(app).await).send().await.is(200).value();
    list["items"].as_array().expect("a list").clone()
}

async fn resend(app: &TestApp, by: &Person, id: &Value) -> Answer {
    app.post(format!("/api/v1/mails/{}/resend", text(id))).by(&by.again(app).await).send().await
}

#[tokio::test]
async fn a_refused_mail_is_shown_to_those_who_can_do_something() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let elsewhere = School::open(&app, "ailleurs").await;
    let (id, _) = school.invite("paul", &["company_tutor"]).await;
    let claimed = claim(&app.db).await.unwrap().expect("the invitation");
    let refused = Outcome::Refused("550 boîte inconnue".to_owned());
    settle(&app.db, &claimed, refused).await.unwrap();
    assert!(claim(&app.db).await.unwrap().is_none(), "it is not tried again");

    let shown = problems(&app, &school.head).await;
    assert_eq!((&shown[0]["user_id"], &shown[0]["state"]), (&json!(id), &json!("failed")));
    assert_eq!(shown[0]["reason"], "550 boîte inconnue");
    assert_eq!(problems(&app, &elsewhere.head).await, [] as [Value; 0]);
    resend(&app, &elsewhere.head, &shown[0]["id"]).await.fails(404, "not_found");
    resend(&app, &school.head, &shown[0]["id"]).await.is(204);
    resend(&app, &school.head, &shown[0]["id"]).await.fails(409, "nothing_to_resend");
    assert_eq!(problems(&app, &school.head).await, [] as [Value; 0]);
    assert_eq!(app.mails("paul@ecole.fr").await.len(), 1);
}

#[tokio::test]
async fn a_trouble_is_over_once_another_mail_has_arrived() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let (id, _) = school.invite("paul", &["company_tutor"]).await;
    let claimed = claim(&app.db).await.unwrap().expect("the invitation");
    settle(&app.db, &claimed, Outcome::Refused("550".to_owned())).await.unwrap();
    app.post(format!("/api/v1/users/{id}/invitation")).by(&school.head).send().await.is(201);
    assert_eq!(problems(&app, &school.head).await.len(), 1);
    assert_eq!(app.mails("paul@ecole.fr").await.len(), 1);
    assert_eq!(problems(&app, &school.head).await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_relay_that_is_away_is_tried_for_a_day() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    school.invite("paul", &["company_tutor"]).await;
    let mut tries = 0;
    // Minute by minute, as a server looks.
    for _ in 0..(26 * 60) {
        if let Some(claimed) = claim(&app.db).await.unwrap() {
            tries += 1;
            settle(&app.db, &claimed, Outcome::NotNow("421 plus tard".to_owned())).await.unwrap();
        }
        app.pass(TimeDelta::minutes(1));
    }
    assert_eq!(tries, 9);
    assert_eq!(problems(&app, &school.head).await[0]["reason"], "421 plus tard");
}

#[tokio::test]
async fn a_server_that_dies_while_it_sends_leaves_the_decision_to_a_person() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    school.invite("paul", &["company_tutor"]).await;
    let lost = claim(&app.db).await.unwrap().expect("the invitation");
    // Killed here. The next server leaves it alone, then says that it does not know.
    assert_eq!(app.mails("paul@ecole.fr").await.len(), 0);
    assert_eq!(problems(&app, &school.head).await.len(), 0, "it may still be under way");
    app.pass(TimeDelta::minutes(16));
    assert_eq!(app.mails("paul@ecole.fr").await.len(), 0, "never by itself");
    let shown = problems(&app, &school.head).await;
    assert_eq!(shown[0]["state"], "unknown");
    resend(&app, &school.head, &shown[0]["id"]).await.is(204);
    assert_eq!(app.mails("paul@ecole.fr").await.len(), 1);
    // The first one was only slow: what it says now changes nothing.
    settle(&app.db, &lost, Outcome::NotNow("trop tard".to_owned())).await.unwrap();
    app.pass(TimeDelta::hours(1));
    assert_eq!(app.mails("paul@ecole.fr").await.len(), 1);
}

#[tokio::test]
async fn two_servers_send_each_mail_once() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let names: Vec<String> = (0..12).map(|number| format!("p{number}")).collect();
    join_all(names.iter().map(|name| school.invite(name, &["company_tutor"]))).await;
    let claims = join_all((0..20).map(|_| claim(&app.db))).await;
    let mut ids: Vec<_> = claims.into_iter().filter_map(|claimed| claimed.unwrap()).collect();
    for claimed in &ids {
        assert!(matches!(claimed.message, Message::Invitation { .. }));
        settle(&app.db, claimed, Outcome::NotNow("421".to_owned())).await.unwrap();
    }
    ids.sort_by_key(|claimed| claimed.id);
    ids.dedup_by_key(|claimed| claimed.id);
    assert_eq!(ids.len(), 12, "every mail was taken, each once");

    app.pass(TimeDelta::minutes(1));
    let (mut one, mut other) = (app.runner(), app.runner());
    let (first, second) = tokio::join!(one.tick(), other.tick());
    first.unwrap();
    second.unwrap();
    for name in &names {
        assert_eq!(app.mails(&format!("{name}@ecole.fr")).await.len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_topic_is_muted_and_heard_again() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.submitted("Un projet").await;
    let summaries = async || {
        let mails = app.mails(&scene.company.email).await;
        mails.into_iter().filter(|mail| mail.subject.contains("votre avis")).collect::<Vec<_>>()
    };
    let week = || app.pass(TimeDelta::days(7));
    assert_eq!(summaries().await.len(), 1);
    assert_eq!(summaries().await.len(), 1, "once a week");
    week();
    let mails = summaries().await;
    assert_eq!(mails.len(), 2);
    let token = secret(&mails[0].text, "/courriels#").expect("a way out");
    let set = |token: &str, muted: bool| {
        app.post("/api/v1/mails/mute").json(json!({ "token": token, "muted": muted })).send()
    };
    let answer = set(&token, true).await.is(200).value();
    assert_eq!((&answer["topic"], &answer["given_name"]), (&json!("queue"), &json!("marc")));
    week();
    assert_eq!(summaries().await.len(), 2);
    set(&token, false).await.is(200);
    assert_eq!(summaries().await.len(), 3);
    set("unknown", true).await.fails(409, "dead_link");
    // Once the path is over nobody insists.
    week();
    app.tamper("UPDATE enrolments SET ends_on = '2026-10-01'").await;
    assert_eq!(summaries().await.len(), 3);

    // The mail program's own button, then the account's page.
    let path = format!("/api/v1/mails/unsubscribe?token={token}");
    let form = "application/x-www-form-urlencoded";
    let clicked = app.post(&path).header("content-type", form).body("List-Unsubscribe=One-Click");
    clicked.send().await.is(204);
    let opened = app.get(&path).send().await.is(303);
    assert_eq!(opened.header("location"), format!("/courriels#{token}"));
    let company = scene.company.again(&app).await;
    let topics = async || app.get("/api/v1/me/mails").by(&company).send().await.value();
    let muted = |list: &Value| {
        let items = list["items"].as_array().unwrap().clone();
        items.into_iter().filter(|item| item["muted"] == true).collect::<Vec<_>>()
    };
    assert_eq!(muted(&topics().await)[0]["topic"], "queue");
    assert_eq!(
        each(&topics().await, "topic"),
        ["access", "jury", "dossier", "deposit", "expiry", "deadlines", "queue"]
    );
    let put = |topic: &str, muted: bool| {
        app.ask(Method::PUT, "/api/v1/me/mails")
            .by(&company)
            .json(json!({ "topic": topic, "muted": muted }))
            .send()
    };
    assert_eq!(muted(&put("queue", false).await.is(200).value()), [] as [Value; 0]);
    for topic in ["access", "dossier", "deposit"] {
        put(topic, true).await.fails(409, "not_mutable");
    }
}

#[tokio::test]
async fn outside_a_demonstration_no_mail_is_shown() {
    let app = TestApp::new().await;
    app.get("/api/v1/demo/mails").send().await.fails(404, "not_found");
}
