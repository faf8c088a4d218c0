//! Deposits: the gate, what is frozen, who reads it, and reopening.

use axum::http::Method;
use domain::dossier::manifest::Manifest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{
    Person, Scene, School, TestApp, below, block, competency, each, files_in, project, text,
    version,
};

fn sum(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

fn at(dossier: &Value) -> String {
    format!("/api/v1/dossiers/{}", text(&dossier["id"]))
}

impl Scene<'_> {
    async fn opened(&self, by: &Person, dossier: &Value) -> Value {
        self.school.app.get(at(dossier)).by(by).send().await.is(200).value()
    }

    async fn reopened(&self, dossier: &Value, reason: &str) -> Value {
        let ask = self.school.app.post(format!("{}/reopen", at(dossier))).by(&self.school.head);
        let body = json!({ "reason": reason });
        ask.version(version(dossier)).json(body).send().await.is(200).value()
    }
}

/// Ids or keys of what the gate of the first block names, with their gap and severity.
fn items(gate: &Value) -> Vec<String> {
    let items = gate["blocks"][0]["items"].as_array().expect("items");
    let subject = |item: &Value| {
        let subject = item["subject"].as_object().expect("a subject");
        let (_, id) = subject.iter().find(|(name, _)| *name != "kind").expect("its id");
        text(id)
    };
    let shown = |item: &Value| {
        format!("{} {} {}", text(&item["severity"]), text(&item["gap"]), subject(item))
    };
    items.iter().map(shown).collect()
}

#[tokio::test]
async fn the_gate_says_what_is_missing_and_where() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let before = items(&scene.read(&scene.student, "gate").await);
    assert!(before.contains(&format!("blocks no_evidence {}", competency())), "{before:?}");
    assert!(before.iter().any(|item| item.starts_with("blocks deliverable_missing ")));
    assert!(before.iter().any(|item| item.starts_with("warns requirement_unmet ")));
    let refused = scene.new_dossier(json!({ "blocks": [block()] })).send().await;
    assert_eq!(refused.faults(), ["blocks[0]: gate_closed"]);

    scene.covered().await;
    let draft = scene.evidence("Un brouillon").await;
    let gate = scene.read(&scene.student, "gate").await;
    let after = items(&gate);
    assert!(after.iter().all(|item| item.starts_with("warns ")), "{after:?}");
    let id = text(&draft["id"]);
    assert!(after.contains(&format!("warns evidence_draft {id}")), "{after:?}");
    assert_eq!(gate["drafts"], json!({ (competency()): id }));
    assert_eq!(gate["titles"], json!({ (id): "Un brouillon" }));
}

#[tokio::test]
async fn a_deposit_names_its_blocks() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    let other = crate::support::certification().blocks[1].code.clone();
    for (body, faults) in [
        (json!({ "blocks": [] }), &["blocks: required"][..]),
        (json!({ "blocks": ["BC99"] }), &["blocks[0]: unknown_block"]),
        (json!({ "blocks": [block(), block()] }), &["blocks[1]: repeated"]),
        (json!({ "blocks": [block(), other] }), &["blocks[1]: gate_closed"]),
        (
            json!({ "blocks": [block()], "presentation": "é".repeat(20_001) }),
            &["presentation: too_long"],
        ),
        (
            json!({ "blocks": [block()], "presentation": "a\u{0}b" }),
            &["presentation: bad_character"],
        ),
        (json!({ "blocks": "B1" }), &["blocks: bad_json"]),
        (json!({}), &["blocks: required"]),
    ] {
        assert_eq!(scene.new_dossier(body.clone()).send().await.faults(), faults, "{body}");
    }
    scene.deposited().await;
    let again = scene.new_dossier(json!({ "blocks": [block()] })).send().await;
    assert_eq!(again.faults(), ["blocks: already_deposited"]);
}

#[tokio::test]
async fn a_draft_certification_says_why_nothing_is_deposited() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let student = school.person("lea", &["apprentice"]).await;
    let body = json!({
        "student_id": student.id, "certification": "RNCP37579", "route": "student",
        "status": "student", "starts_on": "2026-09-01",
    });
    let enrolled = app.post("/api/v1/enrolments").by(&school.head).json(body).send().await;
    let path = format!("/api/v1/enrolments/{}", text(&enrolled.is(201).value()["id"]));
    let gate = app.get(format!("{path}/gate")).by(&student).send().await.is(200).value();
    assert_eq!(gate["blocks"], json!([]));
    let ask = app.post(format!("{path}/dossiers")).by(&student);
    let refused = ask.json(json!({ "blocks": [] })).send().await;
    let problem = refused.fails(422, "invalid");
    assert_eq!(problem["fields"][0]["code"], "draft_certification");
    assert!(text(&problem["fields"][0]["detail"]).contains("RNCP37579 est encore un brouillon"));
}

#[tokio::test]
async fn what_is_frozen_stays_as_it_was() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let evidence = scene.covered().await;
    scene.evidence("Encore à moi").await;
    scene.signed(&scene.tutor, "school", &below()).await;
    let dossier = scene.deposited().await;
    assert_eq!((&dossier["number"], &dossier["status"]), (&json!(1), &json!("deposited")));
    let before = scene.opened(&scene.student, &dossier).await;
    let frozen = &before["frozen"];
    assert_eq!(frozen["presentation"], "Mon parcours.");
    assert_eq!(frozen["blocks"], json!([block()]));
    assert_eq!(frozen["assessments"].as_array().unwrap().len(), 1);
    assert_eq!(frozen["evidence"].as_array().unwrap().len(), 1, "no draft");
    assert!(!frozen.to_string().contains("Encore à moi"));
    let one = &frozen["evidence"][0];
    assert_eq!((&one["id"], &one["revision"]), (&evidence["id"], &json!(1)));
    assert_eq!(one["files"][0]["path"], "preuves/01-ete-projet-d-atelier/rapport.txt");

    // The portfolio goes on: the evidence comes back, and another one takes its place.
    let returned = scene.step(&scene.tutor, &evidence, "return", "À reprendre").await;
    let file = text(&one["files"][0]["id"]);
    app.delete(format!("/api/v1/files/{file}")).by(&scene.student).send().await.is(204);
    let changed = scene.reread(&returned).await;
    let path = format!("/api/v1/evidence/{}", text(&evidence["id"]));
    let ask = app.patch(path).by(&scene.student).version(version(&changed));
    ask.json(json!({ "title": "Tout autre chose" })).send().await.is(200);
    scene.signed(&scene.company, "company", &below()).await;
    assert_eq!(scene.opened(&scene.student, &dossier).await, before);

    // What it froze is there for as long as the dossier is.
    app.pass(chrono::TimeDelta::days(2));
    let student = scene.student.again(&app).await;
    store::file::sweep(&app.db).await.unwrap();
    let path = format!("{}/files/{file}", at(&dossier));
    let content = app.get(path).by(&student).send().await.is(200);
    assert_eq!(&content.body[..], b"Le rapport entier");
}

#[tokio::test]
async fn the_manifest_is_checked_by_hand() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    let dossier = scene.deposited().await;
    let path = format!("{}/manifest", at(&dossier));
    let answer = app.get(path).by(&scene.student).send().await.is(200);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert!(answer.header("content-disposition").contains("manifeste-dossier-1.txt"));
    assert_eq!(dossier["manifest_sha256"], sum(&answer.body));
    let canonical = std::str::from_utf8(&answer.body).expect("text");
    let manifest = Manifest::parse(canonical).expect("a manifest");
    let listed: Vec<_> = manifest.entries().iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(
        listed,
        ["certification.toml", "dossier.json", "preuves/01-ete-projet-d-atelier/rapport.txt"]
    );
    assert_eq!(manifest.entries()[2].sha256, sum(b"Le rapport entier"));
    let published = catalog::find(crate::support::CODE).expect("it");
    assert_eq!(manifest.entries()[0].sha256, sum(published.text.as_bytes()));

    // The receipt says the same sum.
    let mails = app.mails(&scene.student.email).await;
    let receipt = mails.iter().find(|mail| mail.subject == "Dossier n° 1 déposé").expect("it");
    assert!(receipt.text.contains(&text(&dossier["manifest_sha256"])), "{}", receipt.text);
    assert!(receipt.text.contains(&block()), "{}", receipt.text);
}

#[tokio::test]
async fn what_was_tampered_with_is_not_shown() {
    for (change, part) in [
        ("UPDATE dossiers SET content = replace(content, 'Mon parcours', 'Son parcours')", ""),
        ("UPDATE dossiers SET manifest = replace(manifest, 'rapport.txt', 'bilan.txt')", ""),
        ("UPDATE dossiers SET manifest_sha256 = 'abc'", "/manifest"),
    ] {
        let app = TestApp::new().await;
        let scene = Scene::new(&app).await;
        scene.covered().await;
        let path = format!("{}{part}", at(&scene.deposited().await));
        app.get(&path).by(&scene.student).send().await.is(200);
        app.tamper(change).await;
        app.get(&path).by(&scene.student).send().await.fails(500, "internal");
    }
}

/// Why the student is to deposit anew, as their home says it.
async fn waits(scene: &Scene<'_>) -> Vec<String> {
    let queue = scene.school.app.get("/api/v1/queue?kind=dossier_reopened").by(&scene.student);
    each(&queue.send().await.is(200).value(), "title")
}

#[tokio::test]
async fn a_reopened_dossier_gives_way_to_a_new_version() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    let first = scene.deposited().await;
    let path = format!("{}/reopen", at(&first));
    let ask = || app.post(&path).by(&scene.school.head).version(1);
    let no_reason = ask().json(json!({ "reason": " " })).send().await;
    assert_eq!(no_reason.faults(), ["reason: required"]);
    let long = ask().json(json!({ "reason": "a".repeat(2_001) })).send().await;
    assert_eq!(long.faults(), ["reason: too_long"]);
    let body = json!({ "reason": "Le rapport est illisible." });
    let stale = app.post(&path).by(&scene.school.head).version(7).json(body.clone()).send().await;
    stale.fails(412, "stale_version");
    for tutor in [&scene.tutor, &scene.student] {
        let ask = app.post(&path).by(tutor).version(1).json(body.clone());
        ask.send().await.fails(403, "forbidden");
    }
    let reopened = scene.reopened(&first, "  Le rapport est illisible. ").await;
    assert_eq!(reopened["status"], "reopened");
    assert_eq!(reopened["reopened"]["reason"], "Le rapport est illisible.");
    assert_eq!(reopened["reopened"]["by"]["family_name"], "Chef");
    assert_eq!(waits(&scene).await, ["Le rapport est illisible."]);
    let twice = app.post(&path).by(&scene.school.head).version(2).json(body).send().await;
    twice.fails(409, "dossier_reopened");
    let mails = app.mails(&scene.student.email).await;
    let told = mails.iter().find(|mail| mail.subject == "Votre dossier n° 1 est rouvert");
    assert!(told.expect("a mail").text.contains("Le rapport est illisible."));

    let second = scene.deposited().await;
    assert_eq!(second["number"], 2);
    let list = scene.read(&scene.student, "dossiers").await;
    assert_eq!(each(&list, "status"), ["deposited", "reopened"]);
    assert_ne!(first["manifest_sha256"], second["manifest_sha256"]);
    for reader in [&scene.tutor, &scene.school.head] {
        assert_eq!(scene.read(reader, "dossiers").await, list);
    }
    // What was reopened is kept.
    assert_eq!(scene.opened(&scene.student, &first).await["frozen"]["number"], 1);
}

#[tokio::test]
async fn two_deposits_at_once_make_one_dossier() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    scene.covered_block(1).await;
    let second = crate::support::certification().blocks[1].code.clone();
    let deposit = |block: String| scene.new_dossier(json!({ "blocks": [block] })).send();
    // The same block twice, or one each: a session reads one dossier.
    let (one, other) = futures::join!(deposit(block()), deposit(second));
    let (made, refused) = if one.status == 201 { (one, other) } else { (other, one) };
    made.is(201);
    assert_eq!(refused.faults(), ["blocks: already_deposited"]);
    assert_eq!(each(&scene.read(&scene.student, "dossiers").await, "status"), ["deposited"]);
}

#[tokio::test]
async fn a_second_deposit_waits_until_the_first_is_reopened() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    scene.covered_block(1).await;
    let first = scene.deposited().await;
    let second = crate::support::certification().blocks[1].code.clone();
    let refused = scene.new_dossier(json!({ "blocks": [second] })).send().await;
    let problem = refused.fails(422, "invalid");
    assert_eq!(problem["fields"][0]["code"], "already_deposited");
    let words = text(&problem["fields"][0]["detail"]);
    assert!(words.contains("de le rouvrir, puis déposez tous vos blocs ensemble"), "{words}");
    scene.reopened(&first, "Avec le second bloc").await;
    let both = json!({ "blocks": [block(), second] });
    let made = scene.new_dossier(both.clone()).send().await.is(201).value();
    assert_eq!(made["blocks"], both["blocks"]);
}

#[tokio::test]
async fn a_deposit_that_is_sent_again_is_made_once() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    let deposit = |presentation: &str| {
        let body = json!({ "blocks": [block()], "presentation": presentation });
        scene.new_dossier(body).header("idempotency-key", "cle").send()
    };
    let first = deposit("").await.is(201).value();
    assert_eq!(deposit("").await.is(201).value(), first);
    deposit("Autre").await.fails(409, "idempotency_key_reused");
    let mails = app.mails(&scene.student.email).await;
    assert_eq!(mails.iter().filter(|mail| mail.subject.contains("déposé")).count(), 1);
}

#[tokio::test]
async fn a_dossier_is_for_those_whom_it_concerns() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    let dossier = scene.deposited().await;
    let file = scene.opened(&scene.student, &dossier).await;
    let file = text(&file["frozen"]["evidence"][0]["files"][0]["id"]);
    let manager = scene.school.person("tom", &["manager"]).await;
    let juror = scene.school.person("vera", &["jury"]).await;
    let elsewhere = School::open(&app, "ailleurs").await;
    let parts = [String::new(), "/manifest".to_owned(), format!("/files/{file}")];
    for part in &parts {
        let path = format!("{}{part}", at(&dossier));
        for reader in [&scene.student, &scene.tutor, &manager] {
            app.get(&path).by(reader).send().await.is(200);
        }
        // A jury that is not sitting reads nothing yet.
        for other in [&scene.company, &juror, &elsewhere.head] {
            app.get(&path).by(other).send().await.fails(404, "not_found");
        }
    }
    let list = format!("/api/v1/enrolments/{}/dossiers", scene.enrolment);
    app.get(&list).by(&scene.company).send().await.fails(403, "forbidden");
    app.get(&list).by(&elsewhere.head).send().await.fails(404, "not_found");
    // A file of the portfolio that this dossier did not freeze.
    let later = scene.evidence("Plus tard").await;
    let upload = format!("/api/v1/evidence/{}/files", text(&later["id"]));
    let upload = app.post(upload).by(&scene.student).file("b.txt", b"b").send().await.is(201);
    let later = text(&upload.value()["items"][0]["id"]);
    for unknown in [later.as_str(), "none", "00000000-0000-0000-0000-000000000000"] {
        let path = format!("{}/files/{unknown}", at(&dossier));
        app.get(path).by(&scene.student).send().await.fails(404, "not_found");
    }
}

#[tokio::test]
async fn a_manager_reads_it_without_what_is_confidential() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    let mut body = project("Incident réservé");
    body["visibility"] = "school".into();
    body["text"] = "Le secret de la forge".into();
    let draft = scene.new_evidence(body).send().await.is(201).value();
    let upload = format!("/api/v1/evidence/{}/files", text(&draft["id"]));
    let upload = app.post(upload).by(&scene.student).file("forge.md", b"# Le secret");
    let file = text(&upload.send().await.is(201).value()["items"][0]["id"]);
    scene.step(&scene.student, &scene.reread(&draft).await, "submit", "").await;
    let dossier = scene.deposited().await;

    for reader in [&scene.student, &scene.tutor] {
        let whole = scene.opened(reader, &dossier).await;
        assert_eq!(whole["hidden"], 0);
        assert_eq!(whole["frozen"]["evidence"].as_array().unwrap().len(), 2);
        assert!(whole["actions"].as_array().unwrap().contains(&json!("read_manifest")));
    }
    let head = &scene.school.head;
    let seen = scene.opened(head, &dossier).await;
    assert_eq!(seen["hidden"], 1);
    assert_eq!(seen["frozen"]["evidence"].as_array().unwrap().len(), 1);
    assert_eq!(seen["actions"], json!(["reopen"]));
    for secret in ["Incident", "secret", "forge.md", &text(&draft["id"])] {
        assert!(!seen.to_string().contains(secret), "{secret}");
    }
    let path = at(&dossier);
    let hidden = app.get(format!("{path}/files/{file}")).by(head).send().await;
    hidden.fails(404, "not_found");
    let manifest = app.get(format!("{path}/manifest")).by(head).send().await;
    manifest.fails(403, "confidential_manifest");
}

#[tokio::test]
async fn what_is_made_confidential_later_is_hidden_in_the_dossier_too() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let evidence = scene.covered().await;
    let dossier = scene.deposited().await;
    let returned = scene.step(&scene.tutor, &evidence, "return", "À reprendre").await;
    let path = format!("/api/v1/evidence/{}", text(&evidence["id"]));
    let ask = app.patch(path).by(&scene.student).version(version(&returned));
    ask.json(json!({ "visibility": "school" })).send().await.is(200);
    assert_eq!(scene.opened(&scene.school.head, &dossier).await["hidden"], 1);
    assert_eq!(scene.opened(&scene.tutor, &dossier).await["hidden"], 0);
}

#[tokio::test]
async fn a_range_of_a_frozen_file_is_given() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    let dossier = scene.deposited().await;
    let frozen = scene.opened(&scene.student, &dossier).await;
    let file = text(&frozen["frozen"]["evidence"][0]["files"][0]["id"]);
    let path = format!("{}/files/{file}", at(&dossier));
    let ask = |range: &str| app.get(&path).by(&scene.tutor).header("range", range.to_owned());
    let part = ask("bytes=3-9").send().await.is(206);
    assert_eq!((&part.body[..], part.header("content-range")), (&b"rapport"[..], "bytes 3-9/17"));
    assert!(part.header("content-disposition").starts_with("inline"));
    ask("bytes=500-").send().await.fails(416, "bad_range");
    let head = app.ask(Method::HEAD, &path).by(&scene.tutor).send().await.is(200);
    assert_eq!((head.header("content-length"), head.body.len()), ("17", 0));
}

#[tokio::test]
async fn a_frozen_file_outlives_the_rows_of_its_evidence() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    scene.deposited().await;
    app.tamper("DELETE FROM files").await;
    app.pass(chrono::TimeDelta::days(2));
    store::file::sweep(&app.db).await.unwrap();
    let kept = files_in(&app.files())
        .into_iter()
        .filter(|path| std::fs::read(path).is_ok_and(|content| content == b"Le rapport entier"));
    assert_eq!(kept.count(), 1);
}

#[tokio::test]
async fn a_deposit_is_done_until_it_is_reopened() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let cohort = school.cohort().await;
    let student = school.person("lea", &["apprentice"]).await;
    let tutor = school.person("nadia", &["school_tutor"]).await;
    let enrolment =
        school.enrol(&student.id, Some(&cohort), &[(tutor.id.as_str(), "school")]).await;
    let scene = Scene { company: tutor.clone(), school, student, tutor, enrolment };
    let body = json!({ "kind": "deposit", "due_on": "2026-10-04" });
    let set = app.post(format!("/api/v1/cohorts/{cohort}/deadlines")).by(&scene.school.head);
    set.json(body).send().await.is(201);
    scene.covered().await;
    let done = || async {
        let dates = app.get("/api/v1/deadlines").by(&scene.student).send().await.is(200).value();
        dates["items"][0]["done"].clone()
    };
    assert_eq!(done().await, 0);
    let dossier = scene.deposited().await;
    assert_eq!(done().await, 1, "late, but done");
    scene.reopened(&dossier, "À compléter").await;
    assert_eq!(done().await, 0);
}
