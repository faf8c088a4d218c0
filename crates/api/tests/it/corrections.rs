//! What was written about a person or an enrolment, put right.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use store::mail::{Outcome, claim, settle};

use crate::{
    records::{Defence, validated, words_of},
    support::{
        Answer, CODE, PASSWORD, Person, Scene, School, TestApp, each, secret, text, version,
    },
};

async fn shown(app: &TestApp, by: &Person, enrolment: &str) -> Value {
    app.get(format!("/api/v1/enrolments/{enrolment}")).by(by).send().await.is(200).value()
}

/// Sends these terms at the version that is there now.
async fn change(school: &School<'_>, enrolment: &str, terms: Value) -> Answer {
    let now = version(&shown(school.app, &school.head, enrolment).await);
    let ask = school.app.ask(Method::PUT, format!("/api/v1/enrolments/{enrolment}"));
    ask.by(&school.head).version(now).json(terms).send().await
}

fn terms() -> Value {
    json!({
        "cohort_id": null, "route": "apprenticeship", "status": "apprentice", "profile": null,
        "starts_on": "2026-09-01", "ends_on": null,
    })
}

fn but(field: &str, value: impl Into<Value>) -> Value {
    let mut terms = terms();
    terms[field] = value.into();
    terms
}

#[tokio::test]
async fn a_new_status_brings_its_requirements_with_it() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let (lea, _) = school.invite("lea", &["apprentice"]).await;
    let mut body = but("certification", "RNCP42008");
    body["student_id"] = lea.into();
    let made = app.post("/api/v1/enrolments").by(&school.head).json(body).send().await.is(201);
    let id = text(&made.value()["id"]);
    let progress = format!("/api/v1/enrolments/{id}/progress");
    let read = async || app.get(&progress).by(&school.head).send().await.is(200);
    let abroad = |answer: &Answer| {
        let progress = answer.value();
        let requirements = progress["requirements"].as_array().expect("a list").clone();
        let found = requirements.into_iter().find(|one| one["key"] == "abroad");
        found.expect("the weeks abroad")["need"].clone()
    };
    let before = read().await;
    assert_eq!(abroad(&before), 9);

    let mut student = but("status", "student");
    student["route"] = "student".into();
    student["starts_on"] = "2026-10-01".into();
    student["ends_on"] = "2027-07-31".into();
    let changed = change(&school, &id, student).await.is(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    let changed = changed.value();
    for (field, value) in [
        ("status", "student"),
        ("route", "student"),
        ("starts_on", "2026-10-01"),
        ("ends_on", "2027-07-31"),
    ] {
        assert_eq!(changed[field], value, "{field}");
    }
    assert_eq!(changed["certification"], made.value()["certification"]);
    let known = app.get(&progress).by(&school.head).header("if-none-match", before.header("etag"));
    assert_eq!(abroad(&known.send().await.is(200)), 16);
    let audited = app
        .texts(
            "SELECT before || after AS text FROM audit_entries WHERE action = 'enrolment.changed'",
        )
        .await;
    assert_eq!(audited.len(), 1);
    for state in ["\"apprentice\"", "\"student\"", "2026-09-01", "2027-07-31"] {
        assert!(audited[0].contains(state), "{}", audited[0]);
    }
}

#[tokio::test]
async fn terms_are_judged_as_when_they_were_made() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let school = &scene.school;
    let id = &scene.enrolment;
    let other = json!({
        "name": "Autre", "certification": "RNCP21947",
        "starts_on": "2026-09-01", "ends_on": "2027-08-31",
    });
    let other = app.post("/api/v1/cohorts").by(&school.head).json(other).send().await.is(201);
    for (wrong, faults) in [
        (but("ends_on", "2026-08-31"), ["ends_on: end_before_start"]),
        (but("profile", "inconnu"), ["profile: unknown_profile"]),
        (but("cohort_id", text(&other.value()["id"])), ["cohort_id: unknown_cohort"]),
        (but("cohort_id", scene.student.id.clone()), ["cohort_id: unknown_cohort"]),
    ] {
        assert_eq!(change(school, id, wrong).await.faults(), faults);
    }
    for wrong in [json!({}), but("route", "by_boat"), but("starts_on", "demain")] {
        change(school, id, wrong).await.is(422);
    }
    let path = format!("/api/v1/enrolments/{id}");
    let bare = || app.ask(Method::PUT, &path).by(&school.head).json(terms());
    bare().send().await.fails(428, "precondition_required");
    bare().version(1).send().await.fails(412, "stale_version");

    let cohort = school.cohort().await;
    change(school, id, but("cohort_id", cohort.clone())).await.is(200);
    let listed = app.get(format!("/api/v1/enrolments?cohort_id={cohort}")).by(&school.head);
    assert_eq!(each(&listed.send().await.is(200).value(), "id"), [id.as_str()]);
    // Nothing of what it is about changes with it.
    assert_eq!(shown(&app, &school.head, id).await["tutors"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn one_path_does_not_grow_over_another() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let school = &scene.school;
    change(school, &scene.enrolment, but("ends_on", "2026-12-31")).await.is(200);
    let mut second = but("starts_on", "2027-02-01");
    second["student_id"] = scene.student.id.clone().into();
    second["certification"] = CODE.into();
    let second = app.post("/api/v1/enrolments").by(&school.head).json(second).send().await;
    let second = text(&second.is(201).value()["id"]);

    for open in [terms(), but("ends_on", "2027-02-01")] {
        change(school, &scene.enrolment, open).await.fails(409, "already_enrolled");
    }
    change(school, &second, but("starts_on", "2026-12-31")).await.fails(409, "already_enrolled");
    // Its own dates are not in its way, and the day between is free.
    change(school, &scene.enrolment, but("ends_on", "2027-01-31")).await.is(200);
    change(school, &second, but("starts_on", "2027-02-01")).await.is(200);
}

#[tokio::test]
async fn the_route_stays_while_a_jury_is_concerned() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    let dossier = scene.deposited().await;
    let school = &scene.school;
    let id = &scene.enrolment;
    let continuing = || but("route", "continuing");
    let refused = change(school, id, continuing()).await.fails(409, "dossier_waits");
    assert!(text(&refused["detail"]).contains("rouvrez-le"), "{refused}");
    // What is no part of the jury's composition may be put right meanwhile.
    change(school, id, but("status", "employee")).await.is(200);
    let reopen = format!("/api/v1/dossiers/{}/reopen", text(&dossier["id"]));
    let ask = app.post(reopen).by(&school.head).version(version(&dossier));
    ask.json(json!({ "reason": "Autre voie" })).send().await.is(200);

    let session = json!({
        "certification": CODE, "route": "apprenticeship", "title": "Jury d’hiver",
        "starts_at": "2026-12-01T08:00:00Z", "place": "Salle 1",
        "window": { "opens_at": "2026-11-25T08:00:00Z", "closes_at": "2026-12-02T08:00:00Z" },
    });
    let session = app.post("/api/v1/jury-sessions").by(&school.head).json(session).send().await;
    let session = session.is(201).value();
    let path = format!("/api/v1/jury-sessions/{}/candidates", text(&session["id"]));
    let list = async |candidates: Value, version: i64| {
        let ask = app.ask(Method::PUT, &path).by(&school.head).version(version);
        ask.json(json!({ "candidates": candidates })).send().await.is(200).value()
    };
    let listed = list(json!([{ "enrolment_id": id }]), version(&session)).await;
    let refused = change(school, id, continuing()).await.fails(409, "listed_for_jury");
    assert!(text(&refused["detail"]).contains("« Jury d’hiver »"), "{refused}");
    list(json!([]), version(&listed)).await;
    change(school, id, continuing()).await.is(200);
}

#[tokio::test]
async fn the_route_stays_while_a_jury_reads_and_is_free_once_it_has_decided() {
    let app = TestApp::new().await;
    let defence = Defence::open(&app, &[0]).await;
    let Scene { school, enrolment, .. } = &defence.scene;
    let continuing = || but("route", "continuing");
    change(school, enrolment, continuing()).await.fails(409, "dossier_with_jury");
    defence.decide(0, validated(0)).await;
    defence.close().await;
    change(school, enrolment, continuing()).await.is(200);
}

#[tokio::test]
async fn a_path_that_ends_early_has_no_dates_any_more_until_the_end_is_taken_back() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let school = &scene.school;
    let cohort = school.cohort().await;
    let date = json!({ "kind": "visit", "due_on": "2026-12-16" });
    let set = app.post(format!("/api/v1/cohorts/{cohort}/deadlines")).by(&school.head).json(date);
    set.send().await.is(201);
    scene.submitted("Un projet").await;
    let in_cohort = |ends_on: Option<&str>| {
        let mut terms = but("cohort_id", cohort.clone());
        terms["ends_on"] = json!(ends_on);
        terms
    };
    for (ends_on, parts) in [(None, 1), (Some("2026-10-05"), 1), (Some("2026-10-04"), 0), (None, 1)]
    {
        change(school, &scene.enrolment, in_cohort(ends_on)).await.is(200);
        for by in [&scene.tutor, &school.head] {
            let dates = app.get("/api/v1/deadlines").by(by).send().await.is(200).value();
            assert_eq!(each(&dates, "part").len(), parts, "{ends_on:?}");
        }
        // What the student handed in is owed an answer, and they may read what they made.
        let queue = app.get("/api/v1/queue?kind=evidence_to_review").by(&scene.tutor);
        assert_eq!(each(&queue.send().await.is(200).value(), "kind"), ["evidence_to_review"]);
        let seen = shown(&app, &scene.student, &scene.enrolment).await;
        assert_eq!(seen["ends_on"], json!(ends_on));
    }
    // In no cohort there is no date.
    change(school, &scene.enrolment, terms()).await.is(200);
    let dates = app.get("/api/v1/deadlines").by(&scene.tutor).send().await.is(200).value();
    assert_eq!(dates["items"], json!([]));
}

/// What a manager sees of a person.
async fn listed(school: &School<'_>, by: &Person, id: &str) -> Value {
    let answer = school.app.get(format!("/api/v1/users/{id}")).by(by).send().await.is(200);
    assert_eq!(answer.header("etag"), format!("\"{}\"", answer.value()["version"]));
    let people = school.app.get("/api/v1/users?limit=200").by(by).send().await.is(200).value();
    assert!(people["items"].as_array().expect("a list").contains(&answer.value()));
    answer.value()
}

fn correct<'a>(
    school: &School<'a>,
    by: &Person,
    person: &Value,
    identity: (&str, &str, &str),
) -> crate::support::Ask<'a> {
    let (given_name, family_name, email) = identity;
    let body = json!({ "given_name": given_name, "family_name": family_name, "email": email });
    let path = format!("/api/v1/users/{}", text(&person["id"]));
    school.app.ask(Method::PUT, path).by(by).version(version(person)).json(body)
}

#[tokio::test]
async fn a_name_is_put_right_everywhere_but_where_it_is_sealed() {
    let app = TestApp::new().await;
    let defence = Defence::open(&app, &[0]).await;
    defence.decide(0, validated(0)).await;
    defence.close().await;
    let Scene { school, student, enrolment, .. } = &defence.scene;
    let lea = listed(school, &school.head, &student.id).await;
    let corrected =
        correct(school, &school.head, &lea, (" Léa ", "Têtu", "  LEA@Ecole.fr ")).send().await;
    let corrected = corrected.is(200);
    assert_eq!(corrected.header("etag"), format!("\"{}\"", corrected.value()["version"]));
    assert_eq!(corrected.value(), listed(school, &school.head, &student.id).await);
    assert_eq!(corrected.value()["family_name"], "Têtu");
    // The same address, written otherwise, signs nobody out and writes to nobody.
    let seen = shown(&app, student, enrolment).await;
    assert_eq!(seen["student"]["given_name"], "Léa");
    assert!(app.mails("lea@ecole.fr").await.iter().all(|mail| !mail.subject.contains("adresse")));

    let at = format!("/api/v1/enrolments/{enrolment}");
    let attestation = format!("{at}/blocks/{}/attestation.pdf", crate::support::block());
    let sealed = defence.path("/minutes.pdf");
    for (path, name, other) in
        [(attestation, "Léa Têtu", "lea Test"), (sealed, "lea Test", "Léa Têtu")]
    {
        let paper = app.get(&path).by(&school.head).send().await.is(200);
        let words = words_of(&paper.body);
        assert!(words.contains(name) && !words.contains(other), "{path}: {words}");
    }
    let dossiers = defence.scene.read(student, "dossiers").await;
    let dossier = format!("/api/v1/dossiers/{}", each(&dossiers, "id")[0]);
    let frozen = app.get(dossier).by(student).send().await.is(200).value();
    assert_eq!(frozen["frozen"]["enrolment"]["student"]["family_name"], "Test");
    let audited = app
        .texts("SELECT after AS text FROM audit_entries WHERE action = 'person.corrected'")
        .await;
    assert_eq!(audited, [r#"{"address":false,"name":true}"#]);
}

#[tokio::test]
async fn a_correction_overwrites_nothing_unseen_and_takes_what_a_creation_takes() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let elsewhere = School::open(&app, "ailleurs").await;
    let (paul, _) = school.invite("paul", &["apprentice"]).await;
    school.invite("lea", &["apprentice"]).await;
    elsewhere.invite("zoe", &["apprentice"]).await;
    let seen = listed(&school, &school.head, &paul).await;
    let by = &school.head;
    let wrong = correct(&school, by, &seen, (" ", &"a".repeat(101), "paul")).send().await;
    assert_eq!(
        wrong.faults(),
        ["given_name: required", "family_name: too_long", "email: bad_email"]
    );
    correct(&school, by, &seen, ("Paul", "Test", "lea@ecole.fr"))
        .send()
        .await
        .fails(409, "person_exists");
    correct(&school, by, &seen, ("Paul", "Test", "zoe@ailleurs.fr"))
        .send()
        .await
        .fails(409, "address_taken");
    assert_eq!(listed(&school, by, &paul).await, seen);

    correct(&school, by, &seen, ("Paul", "Petit", "paul@ecole.fr")).send().await.is(200);
    correct(&school, by, &seen, ("Pol", "Test", "paul@ecole.fr"))
        .send()
        .await
        .fails(412, "stale_version");
    let path = format!("/api/v1/users/{paul}");
    let body = json!({ "given_name": "A", "family_name": "B", "email": "paul@ecole.fr" });
    let bare = app.ask(Method::PUT, path).by(by).json(body);
    bare.send().await.fails(428, "precondition_required");
    assert_eq!(listed(&school, by, &paul).await["family_name"], "Petit");
}

#[tokio::test]
async fn another_address_ends_what_the_one_before_had_opened() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let marc = school.person("marc", &["company_tutor"]).await;
    let asked = json!({ "email": "marc@ecole.fr" });
    app.post("/api/v1/auth/link/ask").json(asked).send().await.is(202);
    let old = app.mailed_link("marc@ecole.fr").await;
    let seen = listed(&school, &school.head, &marc.id).await;
    let fresh = ("Marc", "Test", "marc.test@usine.fr");
    correct(&school, &school.head, &seen, fresh).send().await.is(200);

    app.get("/api/v1/me").by(&marc).send().await.fails(401, "session_expired");
    let enter = app.post("/api/v1/auth/link").json(json!({ "token": old }));
    enter.send().await.fails(409, "dead_link");
    let login = async |email: &str| {
        let body = json!({ "email": email, "password": PASSWORD });
        app.post("/api/v1/auth/login").json(body).send().await.status.as_u16()
    };
    // Whoever read at the wrong address may have chosen the password.
    assert_eq!((login("marc@ecole.fr").await, login("marc.test@usine.fr").await), (401, 401));

    let told = app.mails("marc.test@usine.fr").await;
    let subjects: Vec<&str> = told.iter().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(subjects, ["Votre adresse sur Acquis a changé"]);
    let way_in = secret(&told[0].text, "/entrer#").expect("a link to get in");
    app.post("/api/v1/auth/link").json(json!({ "token": way_in })).send().await.is(200);
    let left = &app.mails("marc@ecole.fr").await[0];
    assert_eq!(left.subject, "Votre adresse sur Acquis a changé");
    assert!(!left.text.contains("http") && !left.text.contains("usine"), "{}", left.text);
}

#[tokio::test]
async fn who_had_a_password_chooses_another_by_the_mail_at_the_new_address() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let lea = school.person("lea", &["apprentice"]).await;
    app.mails("").await;
    let seen = listed(&school, &school.head, &lea.id).await;
    let fresh = ("Léa", "Test", "lea.test@ecole.fr");
    correct(&school, &school.head, &seen, fresh).send().await.is(200);
    let token = app.mailed_link("lea.test@ecole.fr").await;
    let chosen = json!({ "token": token, "password": "un autre mot de passe" });
    app.post("/api/v1/auth/link").json(chosen).send().await.is(200);
    for (password, status) in [(PASSWORD, 401), ("un autre mot de passe", 200)] {
        let body = json!({ "email": "lea.test@ecole.fr", "password": password });
        assert_eq!(app.post("/api/v1/auth/login").json(body).send().await.status, status);
    }
}

#[tokio::test]
async fn whoever_never_got_in_is_invited_at_the_right_address() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let (lea, link) = school.invite("leaa", &["apprentice"]).await;
    // It has not left yet: it goes where it should have gone.
    let seen = listed(&school, &school.head, &lea).await;
    let right = ("Léa", "Test", "lea@ecole.fr");
    correct(&school, &school.head, &seen, right).send().await.is(200);
    let enter = json!({ "token": link, "password": PASSWORD });
    app.post("/api/v1/auth/link").json(enter).send().await.fails(409, "dead_link");
    // The server of the address that was wrong knows nobody there, and that troubles nobody.
    while let Some(claimed) = claim(&app.db).await.unwrap() {
        let outcome = match claimed.to.email.as_str() {
            "lea@ecole.fr" => Outcome::Sent,
            left => {
                assert_eq!((left, claimed.way_in.is_none()), ("leaa@ecole.fr", true));
                Outcome::Refused("550 boîte inconnue".to_owned())
            }
        };
        settle(&app.db, &claimed, outcome).await.unwrap();
    }
    let troubles = app.get("/api/v1/mails/problems").by(&school.head).send().await.is(200).value();
    assert_eq!(troubles["items"], json!([]));
    app.pass(TimeDelta::minutes(1));
    app.post(format!("/api/v1/users/{lea}/invitation")).by(&school.head).send().await.is(201);
    let token = app.mailed_link("lea@ecole.fr").await;
    let enter = json!({ "token": token, "password": PASSWORD });
    app.post("/api/v1/auth/link").json(enter).send().await.is(200);
}

#[tokio::test]
async fn a_notice_at_the_old_address_hides_no_trouble_with_the_new_one() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let marc = school.person("marc", &["company_tutor"]).await;
    let seen = listed(&school, &school.head, &marc.id).await;
    let wrong = ("Marc", "Test", "marc@usinne.fr");
    correct(&school, &school.head, &seen, wrong).send().await.is(200);
    let (mut wrong, mut left) = (Vec::new(), Vec::new());
    while let Some(claimed) = claim(&app.db).await.unwrap() {
        let is_wrong = claimed.to.email == "marc@usinne.fr";
        if is_wrong { &mut wrong } else { &mut left }.push(claimed);
    }
    for claimed in &wrong {
        let refused = Outcome::Refused("550 boîte inconnue".to_owned());
        settle(&app.db, claimed, refused).await.unwrap();
    }
    app.pass(TimeDelta::seconds(1));
    let [left] = &left[..] else { panic!("one notice at the old address: {left:?}") };
    settle(&app.db, left, Outcome::Sent).await.unwrap();
    let troubles = app.get("/api/v1/mails/problems").by(&school.head).send().await.is(200).value();
    assert!(each(&troubles, "user_id").contains(&marc.id), "{troubles}");
    assert!(each(&troubles, "state").iter().all(|state| state == "failed"));
}

#[tokio::test]
async fn what_goes_to_an_address_that_was_left_is_tried_there_again() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let marc = school.person("marc", &["company_tutor"]).await;
    while let Some(claimed) = claim(&app.db).await.unwrap() {
        settle(&app.db, &claimed, Outcome::Sent).await.unwrap();
    }
    let seen = listed(&school, &school.head, &marc.id).await;
    let fresh = ("Marc", "Test", "marc@usine.fr");
    correct(&school, &school.head, &seen, fresh).send().await.is(200);
    let mut tried = Vec::new();
    for _ in 0..4 {
        while let Some(claimed) = claim(&app.db).await.unwrap() {
            let outcome = if claimed.to.email == "marc@usine.fr" {
                Outcome::Sent
            } else {
                Outcome::NotNow("421 plus tard".to_owned())
            };
            tried.push(claimed.to.email.clone());
            settle(&app.db, &claimed, outcome).await.unwrap();
        }
        app.pass(TimeDelta::minutes(20));
    }
    tried.sort();
    tried.dedup();
    assert_eq!(tried, ["marc@ecole.fr", "marc@usine.fr"]);
}

#[tokio::test]
async fn no_correction_takes_an_account_over() {
    let app = TestApp::new().await;
    let victim = School::open(&app, "ecole").await;
    let attacker = School::open(&app, "ailleurs").await;
    let manager = victim.person("tom", &["manager"]).await;
    let lea = victim.person("lea", &["apprentice"]).await;
    let mine = |name: &'static str| (name, "Test", "piege@ailleurs.fr");

    // A manager is no way to the accounts of those who may do more, nor to another manager's.
    for id in [&victim.head.id, &manager.id] {
        let seen = listed(&victim, &manager, id).await;
        let tried = correct(&victim, &manager, &seen, mine("Anne")).send().await;
        tried.fails(409, "managed_by_administrators");
    }
    // Of another school nobody is known until they are added there, and then they are not its own.
    let seen = listed(&victim, &victim.head, &lea.id).await;
    let tried = correct(&attacker, &attacker.head, &seen, mine("Léa")).send().await;
    tried.fails(404, "not_found");
    let body = json!({
        "email": "lea@ecole.fr", "given_name": "A", "family_name": "B", "roles": ["apprentice"],
    });
    app.post("/api/v1/users").by(&attacker.head).json(body).send().await.is(201);
    for (school, head) in [(&attacker, &attacker.head), (&victim, &victim.head)] {
        let tried = correct(school, head, &seen, mine("Léa")).send().await;
        tried.fails(409, "managed_elsewhere");
    }
    assert_eq!(listed(&victim, &victim.head, &lea.id).await, seen);
    app.get("/api/v1/me").by(&lea).send().await.is(200);

    // A slip of the hand in one's own address shuts nobody out, and lets nobody in.
    app.mails("").await;
    let seen = listed(&victim, &victim.head, &victim.head.id).await;
    let slip = ("Anne", "Test", "ane@ecole.fr");
    correct(&victim, &victim.head, &seen, slip).send().await.is(200);
    app.get("/api/v1/me").by(&victim.head).send().await.is(200);
    let told = &app.mails("ane@ecole.fr").await[0];
    assert!(
        !told.text.contains("/entrer#") && !told.text.contains("/invitation#"),
        "{}",
        told.text
    );
    let body = json!({ "email": "ane@ecole.fr", "password": PASSWORD });
    app.post("/api/v1/auth/login").json(body).send().await.is(200);

    // An administrator puts staff right, and themselves.
    for id in [&manager.id, &victim.head.id] {
        let seen = listed(&victim, &victim.head, id).await;
        let email = text(&seen["email"]);
        correct(&victim, &victim.head, &seen, ("Anna", "Test", &email)).send().await.is(200);
    }
}
