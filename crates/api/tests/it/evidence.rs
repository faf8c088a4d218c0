//! Evidence in full: typed fields, deliverables, conversations, revisions, withdrawal, search.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{
    Person, Scene, TestApp, certification, competency, each, project, text, version,
};

fn path(evidence: &Value) -> String {
    format!("/api/v1/evidence/{}", text(&evidence["id"]))
}

/// A modality of the first block that asks for something to be handed in.
fn modality() -> String {
    let certification = certification();
    let block = &certification.blocks[0];
    block.modalities.iter().find(|it| !it.deliverables.is_empty()).expect("one").key.clone()
}

#[tokio::test]
async fn each_field_is_kept_and_its_faults_are_named() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let body = json!({
        "kind": "internship",
        "title": "Stage",
        "starts_on": "2026-01-05",
        "ends_on": "2026-03-01",
        "organisation": "Atelier des Tilleuls",
        "siret": "732 829 320 00074",
        "country": "de",
        "in_company": true,
        "supervisor_name": " Inès Benali ",
        "supervisor_function": "Cheffe d’atelier",
        "supervisor_email": "Ines@Tilleuls.example",
    });
    let kept = scene.new_evidence(body.clone()).send().await.is(201).value();
    for (field, value) in [
        ("siret", "73282932000074"),
        ("country", "DE"),
        ("supervisor_name", "Inès Benali"),
        ("supervisor_function", "Cheffe d’atelier"),
        ("supervisor_email", "ines@tilleuls.example"),
        ("visibility", "open"),
    ] {
        assert_eq!(kept[field], value, "{field}");
    }
    for (field, value, fault) in [
        ("siret", "73282932000075", "siret: bad_siret"),
        ("supervisor_email", "ines", "supervisor_email: bad_email"),
        ("valid_until", "0001-01-01", "valid_until: bad_date"),
        ("modality", &modality(), "modality: not_a_deliverable"),
    ] {
        let mut body = body.clone();
        body[field] = value.into();
        assert_eq!(scene.new_evidence(body).send().await.faults(), [fault]);
    }
}

#[tokio::test]
async fn an_evidence_is_withdrawn_until_a_tutor_decides() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let submitted = scene.submitted("Trop tôt").await;
    let at = path(&submitted);
    let actions = |evidence: &Value| evidence["actions"].as_array().unwrap().clone();
    assert!(actions(&submitted).contains(&"withdraw".into()));
    let withdrawn = scene.step(&scene.student, &submitted, "withdraw", "").await;
    assert_eq!((&withdrawn["status"], &withdrawn["revision"]), (&"draft".into(), &1.into()));
    let history: Vec<String> =
        withdrawn["history"].as_array().unwrap().iter().map(|one| text(&one["action"])).collect();
    assert_eq!(history, ["submitted", "withdrawn"]);
    let delete = app.delete(&at).by(&scene.student).version(version(&withdrawn));
    delete.send().await.fails(409, "not_deletable");
    for by in [&scene.tutor, &scene.company, &scene.school.head] {
        app.get(&at).by(by).send().await.fails(404, "not_found");
        assert!(each(&scene.read(by, "evidence").await, "title").is_empty());
    }
    let again = scene.step(&scene.student, &withdrawn, "submit", "").await;
    assert_eq!(again["revision"], 2);
    let accepted = scene.step(&scene.tutor, &again, "accept", "").await;
    let late = app.post(format!("{at}/withdraw")).by(&scene.student).version(version(&accepted));
    late.send().await.fails(409, "not_submitted");
    let revisions = app.get(format!("{at}/revisions")).by(&scene.tutor).send().await.is(200);
    assert_eq!(revisions.value()["items"].as_array().map(Vec::len), Some(2));
}

/// What stands as the deliverable of the first block's modality.
async fn standing(scene: &Scene<'_>) -> (Vec<Value>, usize) {
    let progress = scene.read(&scene.tutor, "progress").await;
    let block = &progress["blocks"][0];
    let found = block["deliverables"].as_array().unwrap().iter();
    (
        found.map(|one| one["evidence_id"].clone()).collect(),
        block["missing_deliverables"].as_array().unwrap().len(),
    )
}

#[tokio::test]
async fn one_evidence_at_most_is_the_deliverable_of_a_modality() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let report = |title: &str| {
        let mut body = project(title);
        body["kind"] = "report".into();
        body["modality"] = modality().into();
        body
    };
    let (_, missing) = standing(&scene).await;
    let first = scene.new_evidence(report("Premier")).send().await.is(201).value();
    assert_eq!(standing(&scene).await, (vec![], missing), "a draft counts for nothing");
    let first = scene.step(&scene.student, &first, "submit", "").await;
    assert_eq!(first["deliverable_of"], modality());
    assert_eq!(standing(&scene).await, (vec![first["id"].clone()], missing - 1));

    // The second takes its place by being submitted.
    let second = scene.new_evidence(report("Second")).send().await.is(201).value();
    let second = scene.step(&scene.student, &second, "submit", "").await;
    assert_eq!(standing(&scene).await, (vec![second["id"].clone()], missing - 1));
    let first = scene.reread(&first).await;
    assert_eq!((&first["deliverable_of"], &first["modality"]), (&Value::Null, &Value::Null));
    let replaced = "SELECT action AS text FROM audit_entries WHERE action = 'evidence.replaced'";
    assert_eq!(app.texts(replaced).await.len(), 1);

    // The first one is declared again, by a click.
    let declare = |by: &Person, evidence: &Value, modality: Value| {
        let ask = app.ask(Method::PUT, format!("{}/deliverable", path(evidence))).by(by);
        ask.version(version(evidence)).json(json!({ "modality": modality })).send()
    };
    let declared = declare(&scene.student, &first, modality().into()).await.is(200).value();
    assert_eq!(standing(&scene).await, (vec![first["id"].clone()], missing - 1));
    let listed = scene.read(&scene.tutor, "evidence?deliverable=true").await;
    assert_eq!(each(&listed, "title"), ["Premier"]);
    declare(&scene.student, &first, modality().into()).await.fails(412, "stale_version");
    declare(&scene.tutor, &declared, modality().into()).await.fails(403, "forbidden");
    let unknown = declare(&scene.student, &declared, "none".into()).await;
    assert_eq!(unknown.faults(), ["modality: unknown_modality"]);

    // What is returned does not count, and neither does the one it replaced.
    let returned = scene.step(&scene.tutor, &declared, "return", "À revoir").await;
    assert_eq!(standing(&scene).await, (vec![], missing));
    declare(&scene.student, &returned, modality().into()).await.fails(409, "not_handed_in");
    let again = scene.step(&scene.student, &scene.reread(&returned).await, "submit", "").await;
    assert_eq!(standing(&scene).await, (vec![again["id"].clone()], missing - 1));
    declare(&scene.student, &again, Value::Null).await.is(200);
    assert_eq!(standing(&scene).await, (vec![], missing));
}

#[tokio::test]
async fn a_conversation_is_between_the_student_and_the_tutors() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.evidence("Un projet").await;
    let at = format!("{}/messages", path(&draft));
    let say = |by: &Person, text: &str| app.post(&at).by(by).json(json!({ "text": text })).send();
    say(&scene.student, "Il y a quelqu’un ?").await.fails(409, "not_shown");
    say(&scene.tutor, "Bonjour").await.fails(404, "not_found");
    let submitted = scene.step(&scene.student, &draft, "submit", "").await;
    let long = "é".repeat(4_001);
    assert_eq!(say(&scene.tutor, " ").await.faults(), ["text: required"]);
    assert_eq!(say(&scene.tutor, &long).await.faults(), ["text: too_long"]);
    say(&scene.company, " Quel est votre rôle ? ").await.is(201);
    say(&scene.student, "J’ai écrit le service.").await.is(201);
    let once = || {
        let ask = app.post(&at).by(&scene.tutor).header("idempotency-key", "une fois");
        ask.json(json!({ "text": "Merci." })).send()
    };
    assert_eq!(once().await.is(201).value()["id"], once().await.is(201).value()["id"]);
    say(&scene.school.head, "Je lis seulement.").await.fails(403, "forbidden");
    for reader in [&scene.student, &scene.tutor, &scene.company, &scene.school.head] {
        let all = app.get(&at).by(reader).send().await.is(200).value();
        assert_eq!(each(&all, "speaks_as"), ["company_tutor", "student", "school_tutor"]);
        assert_eq!(
            each(&all, "text"),
            ["Quel est votre rôle ?", "J’ai écrit le service.", "Merci."]
        );
    }
    let page = app.get(format!("{at}?limit=2")).by(&scene.tutor).send().await.is(200).value();
    let rest = format!("{at}?limit=2&cursor={}", text(&page["next"]));
    let rest = app.get(rest).by(&scene.tutor).send().await.is(200).value();
    assert_eq!(each(&rest, "text"), ["Merci."]);
    scene.step(&scene.student, &submitted, "withdraw", "").await;
    say(&scene.student, "Encore moi").await.fails(409, "not_shown");
}

#[tokio::test]
async fn each_revision_says_what_changed() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.evidence("Un projet").await;
    let at = path(&draft);
    let change = async |evidence: &Value, body: Value| {
        let ask = app.patch(&at).by(&scene.student).version(version(evidence)).json(body);
        ask.send().await.is(200).value()
    };
    let draft = change(&draft, json!({ "text": "J’ai livré." })).await;
    let submitted = scene.step(&scene.student, &draft, "submit", "").await;
    let returned = scene.step(&scene.tutor, &submitted, "return", "Dites quoi.").await;
    let other = certification().blocks[0].competencies[1].competency.clone();
    let changed = change(
        &returned,
        json!({
            "title": "Un grand projet",
            "text": "J’ai livré le service.",
            "starts_on": "2026-01-05",
            "competencies": [{ "competency": other, "justification": "Autre" }],
        }),
    )
    .await;
    app.post(format!("{at}/files")).by(&scene.student).file("a.txt", b"lu").send().await.is(201);
    let changed = scene.reread(&changed).await;
    scene.step(&scene.student, &changed, "submit", "").await;
    let all = app.get(format!("{at}/revisions")).by(&scene.tutor).send().await.is(200).value();
    assert_eq!(all["items"][0]["changes"], Value::Null);
    let difference = &all["items"][1]["changes"];
    assert_eq!(difference["fields"], json!(["title", "starts_on"]));
    assert_eq!(difference["competencies_added"], json!([other]));
    assert_eq!(difference["competencies_removed"], json!([competency()]));
    assert_eq!(difference["files_added"][0]["name"], "a.txt");
    assert_eq!(
        difference["text"],
        json!([
            { "kind": "same", "text": "J’ai " },
            { "kind": "removed", "text": "livré." },
            { "kind": "added", "text": "livré le service." },
        ])
    );
}

#[tokio::test]
async fn a_list_is_searched_and_filtered() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let make = async |kind: &str, title: &str, rest: Value| {
        let mut body = project(title);
        body["kind"] = kind.into();
        body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        let draft = scene.new_evidence(body).send().await.is(201).value();
        scene.step(&scene.student, &draft, "submit", "").await
    };
    let first = make("project", "Réseau d’été", json!({ "organisation": "Œuvres du Port" })).await;
    make("report", "Bilan 100 %_", json!({ "text": "Le RÉSEAU\u{a0}est stable" })).await;
    let apart = json!({ "competencies": [{ "competency": certification().blocks[1].competencies[0].competency }] });
    make("project", "Ailleurs", apart).await;
    let returned = scene.step(&scene.tutor, &first, "return", "À revoir").await;
    scene.evidence("Brouillon du réseau").await;
    let found = async |by: &Person, query: &str| {
        let list = scene.read(by, &format!("evidence?{query}")).await;
        each(&list, "title")
    };
    for (query, by_student, by_tutor) in [
        ("q=reseau", vec!["Réseau d’été", "Bilan 100 %_", "Brouillon du réseau"], 2),
        ("q=R%C3%89SEAU%20%20D%27ETE", vec!["Réseau d’été"], 1),
        ("q=oeuvres%20reseau", vec!["Réseau d’été"], 1),
        ("q=%25_", vec!["Bilan 100 %_"], 1),
        ("q=a%25b", vec![], 0),
        ("q=rien", vec![], 0),
        ("q=%20", vec!["Réseau d’été", "Bilan 100 %_", "Ailleurs", "Brouillon du réseau"], 3),
        ("kind=report", vec!["Bilan 100 %_"], 1),
        ("status=returned", vec!["Réseau d’été"], 1),
        ("status=draft", vec!["Brouillon du réseau"], 0),
        ("q=reseau&kind=project&status=returned", vec!["Réseau d’été"], 1),
        ("block=none", vec![], 0),
        ("deliverable=true", vec![], 0),
    ] {
        assert_eq!(found(&scene.student, query).await, by_student, "{query}");
        assert_eq!(found(&scene.tutor, query).await.len(), by_tutor, "{query}");
    }
    let certification = certification();
    let second = format!("block={}", certification.blocks[1].code);
    assert!(found(&scene.tutor, &second).await.contains(&"Ailleurs".to_owned()));
    assert!(!found(&scene.tutor, &second).await.contains(&"Bilan 100 %_".to_owned()));
    let newest = found(&scene.tutor, "order=newest").await;
    assert_eq!(newest, ["Ailleurs", "Bilan 100 %_", "Réseau d’été"]);
    let page = scene.read(&scene.tutor, "evidence?order=newest&limit=2").await;
    let rest = format!("order=newest&limit=2&cursor={}", text(&page["next"]));
    assert_eq!(found(&scene.tutor, &rest).await, ["Réseau d’été"]);
    let counts = scene.read(&scene.student, "evidence?q=reseau&status=draft").await;
    assert_eq!(
        counts["statuses"],
        json!({ "draft": 1, "submitted": 1, "accepted": 0, "returned": 1 })
    );

    // What the student is writing anew is found by them alone.
    let change = app.patch(path(&returned)).by(&scene.student).version(version(&returned));
    change.json(json!({ "title": "Titre nouveau" })).send().await.is(200);
    assert_eq!(found(&scene.student, "q=nouveau").await, ["Titre nouveau"]);
    assert!(found(&scene.tutor, "q=nouveau").await.is_empty());
    assert_eq!(found(&scene.tutor, "q=ete").await, ["Réseau d’été"]);
}

#[tokio::test]
async fn a_bad_filter_is_refused() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    for query in ["kind=none", "status=gone", "deliverable=perhaps", "order=best", "cursor=x"] {
        let ask = format!("/api/v1/enrolments/{}/evidence?{query}", scene.enrolment);
        app.get(ask).by(&scene.student).send().await.fails(400, "bad_query");
    }
}

#[tokio::test]
async fn a_period_says_what_it_brings() {
    let app = TestApp::new().await;
    let school = crate::support::School::open(&app, "ecole").await;
    let student = school.person("lea", &["apprentice"]).await;
    let tutor = school.person("nadia", &["school_tutor"]).await;
    let body = json!({
        "student_id": student.id, "certification": "RNCP42008", "route": "student",
        "status": "student", "starts_on": "2026-09-01",
    });
    let enrolment = app.post("/api/v1/enrolments").by(&school.head).json(body).send().await;
    let id = text(&enrolment.is(201).value()["id"]);
    let tutors = json!({ "tutors": [{ "user_id": tutor.id, "kind": "school" }] });
    let assign = app.ask(Method::PUT, format!("/api/v1/enrolments/{id}/tutors")).by(&school.head);
    assign.version(1).json(tutors).send().await.is(200);
    let make = async |from: &str, to: &str| {
        let body = json!({
            "kind": "internship", "title": "Stage", "starts_on": from, "ends_on": to,
            "in_company": true,
        });
        let ask = app.post(format!("/api/v1/enrolments/{id}/evidence")).by(&student).json(body);
        ask.send().await.is(201).value()
    };
    let step = async |by: &Person, evidence: &Value, step: &str| {
        let ask = app.post(format!("{}/{step}", path(evidence))).by(by);
        ask.version(version(evidence)).json(json!({})).send().await.is(200).value()
    };
    let first = make("2026-01-05", "2026-03-01").await;
    let first = step(&student, &first, "submit").await;
    step(&tutor, &first, "accept").await;
    let second = make("2026-02-23", "2026-03-15").await;
    let brings = second["contributions"].as_array().unwrap();
    assert!(brings.len() >= 2, "professional and in a company: {brings:?}");
    for contribution in brings {
        assert_eq!(
            (&contribution["weeks"], &contribution["adds"], &contribution["shared_days"]),
            (&3.into(), &2.into(), &7.into()),
            "{contribution}"
        );
    }
}

#[tokio::test]
async fn a_certificate_that_expired_is_answered_anew() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let path = format!("/api/v1/enrolments/{}/progress", scene.enrolment);
    let first = app.get(&path).by(&scene.student).send().await.is(200);
    let tag = first.header("etag").to_owned();
    let known = || app.get(&path).by(&scene.student).header("if-none-match", &tag).send();
    assert_eq!(known().await.status.as_u16(), 304);
    app.pass(chrono::TimeDelta::minutes(10));
    assert_eq!(known().await.status.as_u16(), 304);
    // Sessions are short; the day is not the same any more.
    app.pass(chrono::TimeDelta::hours(24));
    let login = json!({ "email": scene.student.email, "password": crate::support::PASSWORD });
    let again = app.post("/api/v1/auth/login").json(login).send().await.is(200).value();
    let student = Person { token: text(&again["access_token"]), ..scene.student.clone() };
    let next = app.get(&path).by(&student).header("if-none-match", &tag).send().await;
    assert_eq!(next.status.as_u16(), 200);
}
