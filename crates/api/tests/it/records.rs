//! What a person holds from juries, and the papers that say so.

use std::{io::Write as _, path::Path, process::Command};

use axum::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{ambient::Clock, certification::RequirementRule};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Person, Scene, School, TestApp, certification, text, version};

/// A student whose first blocks are deposited, and a jury of five that complies.
pub struct Defence<'a> {
    pub scene: Scene<'a>,
    /// The first one chairs.
    pub jurors: Vec<Person>,
    pub session: String,
}

impl<'a> Defence<'a> {
    /// A session that is open, everybody present, on these blocks.
    pub async fn open(app: &'a TestApp, blocks: &[usize]) -> Self {
        let scene = Scene::new(app).await;
        deposit(&scene, blocks).await;
        Self::of(scene).await
    }

    /// The same on the dossier that waits.
    pub async fn of(scene: Scene<'a>) -> Self {
        let mut jurors = Vec::new();
        for name in ["rose", "yann", "chloe", "malik", "sara"] {
            jurors.push(scene.school.person(name, &["jury"]).await);
        }
        let session = Self { session: plan(&scene, &jurors).await, scene, jurors };
        session.answer_and_open().await;
        session
    }

    pub fn path(&self, part: &str) -> String {
        format!("/api/v1/jury-sessions/{}{part}", self.session)
    }

    async fn show(&self, by: &Person) -> Value {
        self.scene.school.app.get(self.path("")).by(by).send().await.is(200).value()
    }

    async fn answer_and_open(&self) {
        let app = self.scene.school.app;
        let head = &self.scene.school.head;
        let step = async |by: &Person, part: &str, version: i64, body: Value| {
            app.post(self.path(part)).by(by).version(version).json(body).send().await.is(200)
        };
        let now = version(&self.show(head).await);
        step(head, "/convene", now, json!({})).await;
        for juror in &self.jurors {
            let shown = self.show(juror).await;
            let own = shown["members"].as_array().expect("members").iter();
            let own = own.clone().find(|one| one["user_id"] == juror.id.as_str()).expect("a seat");
            step(juror, "/answer", version(own), json!({ "accepts": true })).await;
        }
        let now = version(&self.show(head).await);
        step(head, "/open", now, json!({})).await;
        let shown = self.show(head).await;
        let members = shown["members"].as_array().expect("members");
        let present: Vec<&Value> = members.iter().map(|one| &one["id"]).collect();
        step(head, "/roll-call", version(&shown), json!({ "present": present })).await;
    }

    /// The chair records what the jury decided on a block.
    pub async fn decide(&self, block: usize, ruling: Value) {
        let block = &certification().blocks[block].code;
        let path =
            self.path(&format!("/candidates/{}/blocks/{block}/decision", self.scene.enrolment));
        let ask = self.scene.school.app.ask(Method::PUT, path).by(&self.jurors[0]).version(0);
        ask.json(ruling).send().await.is(200);
    }

    pub async fn close(&self) {
        let chair = self.jurors[0].again(self.scene.school.app).await;
        let now = version(&self.show(&chair).await);
        let ask = self.scene.school.app.post(self.path("/close")).by(&chair);
        ask.version(now).send().await.is(204);
    }
}

/// Evidence for all that these blocks ask, and their deposit.
async fn deposit(scene: &Scene<'_>, blocks: &[usize]) {
    let certification = certification();
    let blocks: Vec<_> = blocks.iter().map(|index| &certification.blocks[*index]).collect();
    for block in &blocks {
        let links: Vec<Value> = block
            .assessed()
            .map(|key| json!({ "competency": key, "justification": "J’ai mené ce travail." }))
            .collect();
        let asked = block.modalities.iter().filter(|modality| !modality.deliverables.is_empty());
        for modality in asked {
            let body = json!({
                "kind": "report",
                "title": format!("Rapport du bloc {}", block.code),
                "competencies": links,
                "modality": modality.key,
            });
            let draft = scene.new_evidence(body).send().await.is(201).value();
            scene.step(&scene.student, &draft, "submit", "").await;
        }
    }
    let codes: Vec<&String> = blocks.iter().map(|block| &block.code).collect();
    let path = format!("/api/v1/enrolments/{}/dossiers", scene.enrolment);
    let body = json!({ "blocks": codes, "presentation": "Trois ans de projets à l’atelier." });
    scene.school.app.post(path).by(&scene.student).json(body).send().await.is(201);
}

async fn plan(scene: &Scene<'_>, jurors: &[Person]) -> String {
    let app = scene.school.app;
    let head = &scene.school.head;
    let starts_at: DateTime<Utc> = app.clock.now();
    let body = json!({
        "certification": crate::support::CODE,
        "route": "apprenticeship",
        "title": "Jury d’automne",
        "starts_at": starts_at,
        "place": "Salle 4",
        "link": null,
        "window": { "opens_at": starts_at, "closes_at": starts_at + TimeDelta::days(2) },
    });
    let session = app.post("/api/v1/jury-sessions").by(head).json(body).send().await.is(201);
    let session = session.value();
    let path = format!("/api/v1/jury-sessions/{}", text(&session["id"]));
    for (index, juror) in jurors.iter().enumerate() {
        let employment = ["employer", "employee"].get(index);
        let body = json!({
            "user_id": juror.id,
            "chair": index == 0,
            "voting": true,
            "external": index < 3,
            "professional": index < 3,
            "employment": employment,
            "represents_certifier": index >= 3,
            "experience_years": 6,
            "qualification_level": 7,
            "company": (index < 3).then(|| format!("Société {index}")),
        });
        app.post(format!("{path}/members")).by(head).json(body).send().await.is(201);
    }
    let now = app.get(&path).by(head).send().await.is(200).value();
    let body = json!({ "candidates": [{ "enrolment_id": scene.enrolment }] });
    let ask = app.ask(Method::PUT, format!("{path}/candidates")).by(head).version(version(&now));
    ask.json(body).send().await.is(200);
    text(&session["id"])
}

pub fn validated(block: usize) -> Value {
    json!({ "verdict": "validated", "transversal": certification().blocks[block].transversal })
}

pub fn code(block: usize) -> String {
    certification().blocks[block].code.clone()
}

/// What programs that know nothing of how it was made find wrong with a PDF, and its text.
pub fn examined(pdf: &[u8]) -> (String, String) {
    let file = kept(pdf);
    let run = |command: &mut Command| {
        let output =
            command.arg(file.path()).output().expect("the checkers that tests/run installs");
        let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{command:?}: {}", words(&output.stderr));
        words(&output.stdout)
    };
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let target = scratch.parent().expect("the target folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../documents/tests/check_pdf.py");
    let python = target.join("pdf-checkers/bin/python");
    let findings = run(Command::new(python).arg(script));
    let info = run(&mut Command::new("pdfinfo"));
    assert!(info.contains("Tagged:          yes"), "{info}");
    (findings, words_of(pdf))
}

/// The text of a PDF.
pub fn words_of(pdf: &[u8]) -> String {
    let file = kept(pdf);
    let text = Command::new("pdftotext").arg("-raw").arg(file.path()).arg("-").output();
    let text = String::from_utf8(text.expect("pdftotext").stdout).expect("text");
    let text = text.replace("\u{ad}\n", "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn kept(pdf: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".pdf").tempfile().expect("a file");
    file.write_all(pdf).expect("written");
    file
}

async fn pdf(app: &TestApp, by: &Person, path: &str) -> Vec<u8> {
    let answer = app.get(path).by(by).send().await.is(200);
    assert_eq!(answer.header("content-type"), "application/pdf", "{path}");
    assert!(answer.header("content-disposition").starts_with("inline"), "{path}");
    answer.body.to_vec()
}

#[tokio::test]
async fn a_closed_session_gives_its_records() {
    let app = TestApp::new().await;
    let defence = Defence::open(&app, &[0, 1]).await;
    let scene = &defence.scene;
    defence.decide(0, validated(0)).await;
    let lacking = certification().blocks[1].competencies[0].competency.clone();
    let motive = "Le plan de tests n’est pas chiffré.";
    // Long enough for two pages: the foot of a lone page reads as prose to one of the checkers.
    let points = (1..40).map(|number| format!("Le point {} n’est pas traité.", number * 7_919));
    let at_length = points.fold(motive.to_owned(), |text, point| format!("{text}\n{point}"));
    let partial = json!({ "verdict": "partial", "missing": [lacking], "motive": at_length });
    defence.decide(1, partial).await;
    // Nothing is held before the session is closed.
    let before = scene.read(&scene.student, "record").await;
    assert_eq!((before["validated"].clone(), before["judged"].clone()), (json!([]), json!([])));
    defence.close().await;

    let record = scene.read(&scene.student, "record").await;
    let kept = &record["validated"][0];
    assert_eq!(
        (text(&kept["block"]), text(&kept["validated_on"]), &kept["force"]),
        (
            code(0),
            "2026-10-05".to_owned(),
            &json!({ "kind": "in_force", "term": { "kind": "until", "last_day": "2031-10-05" } })
        )
    );
    assert_eq!(record["attainment"]["blocks"], json!([code(1), code(2), code(3)]));
    assert_eq!(record["attainment"]["is_partial_validation"], true);
    let judged = &record["judged"][0];
    assert_eq!(judged["decisions"][1]["motive"], at_length);
    assert_eq!(judged["decisions"][1]["missing"][0]["key"], lacking);
    assert_eq!(judged["session"], defence.session);
    assert_eq!(record["certificate"], "not_obtained");

    // Every paper, for the student and for the school, is what independent programs say it is.
    let at = format!("/api/v1/enrolments/{}", scene.enrolment);
    let dossier = text(&judged["dossier"]["id"]);
    let head = &scene.school.head;
    let letter = format!("{at}/juries/{}/result-letter.pdf", defence.session);
    for (by, path, words) in [
        (
            &scene.student,
            format!("{at}/blocks/{}/attestation.pdf", code(0)),
            vec!["porte sur le seul bloc", "valable jusqu’au 5 octobre 2031 inclus", "lea Test"],
        ),
        (&scene.student, letter.clone(), vec![motive, "Validé en partie", "lea Test"]),
        (
            &defence.jurors[0],
            format!("/api/v1/jury-sessions/{}/minutes.pdf", defence.session),
            vec![
                "Procès-verbal de jury",
                "Salle 4",
                "rose Test",
                "Part de membres extérieurs",
                "3 sur 5",
                motive,
            ],
        ),
        (
            &scene.student,
            format!("/api/v1/dossiers/{dossier}/dossier.pdf"),
            vec!["Dossier de lea Test", "Trois ans de projets à l’atelier.", "Rapport du bloc"],
        ),
    ] {
        let bytes = pdf(&app, by, &path).await;
        let (findings, text) = examined(&bytes);
        assert_eq!(findings, "", "{path}");
        for words in words {
            assert!(text.contains(words), "{path}: {words}: {text}");
        }
        // What is sealed gives the same paper, today and next year.
        assert_eq!(pdf(&app, by, &path).await, bytes, "{path}");
    }
    app.pass(TimeDelta::days(400));
    let (student, head) = (scene.student.again(&app).await, head.again(&app).await);
    let later = pdf(&app, &student, &letter).await;
    assert_eq!(later, pdf(&app, &head, &letter).await);

    let none = format!("{at}/blocks/{}/attestation.pdf", code(1));
    app.get(none).by(&student).send().await.fails(404, "not_found");
    let certificate = format!("{at}/certificate.pdf");
    app.get(certificate).by(&student).send().await.fails(409, "not_obtained");
    let other = format!("{at}/juries/{}/result-letter.pdf", Uuid::nil());
    app.get(other).by(&student).send().await.fails(404, "not_found");
}

/// An id as the database writes it.
fn id(app: &TestApp, id: &str) -> String {
    let id: Uuid = id.parse().expect("an id");
    if app.is_postgres() { format!("'{id}'") } else { format!("X'{}'", id.simple()) }
}

/// Writes down what an earlier jury validated, of all four blocks unless some are named.
pub async fn hold(scene: &Scene<'_>, enrolment: &str, blocks: &[usize], day: &str) {
    let app = scene.school.app;
    for index in blocks {
        let transversal = json!(certification().blocks[*index].transversal);
        app.tamper(&format!(
            "INSERT INTO validated_blocks (id, organisation_id, student_id, enrolment_id, block, \
             validated_on, transversal, created_at) VALUES ({}, {}, {}, {}, '{}', '{day}', \
             '{transversal}', '{day} 12:00:00+00:00')",
            id(app, &app.db.ambient.id().to_string()),
            id(app, &scene.school.id().await.to_string()),
            id(app, &scene.student.id),
            id(app, enrolment),
            code(*index),
        ))
        .await;
    }
}

/// Hands in and has accepted what the certification asks beside its blocks.
async fn meet_requirements(scene: &Scene<'_>) {
    for requirement in &certification().requirements {
        let is_document = requirement.rule == RequirementRule::Document;
        let declared: Vec<&String> = is_document.then_some(&requirement.key).into_iter().collect();
        let body = json!({
            "kind": "company_period",
            "title": requirement.label,
            "starts_on": "2026-09-01",
            "ends_on": "2026-09-30",
            "organisation": "Atelier",
            "requirements": declared,
        });
        let draft = scene.new_evidence(body).send().await.is(201).value();
        let sent = scene.step(&scene.student, &draft, "submit", "").await;
        scene.step(&scene.tutor, &sent, "accept", "").await;
    }
}

#[tokio::test]
async fn who_meets_the_last_requirement_later_obtains_the_certification_then() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    hold(&scene, &scene.enrolment, &[0, 1, 2, 3], "2026-10-01").await;
    app.runner().tick().await.expect("a tick");
    let record = scene.read(&scene.student, "record").await;
    assert_eq!(record["obtained_on"], Value::Null);
    assert_ne!(record["attainment"]["requirements"], json!([]));

    meet_requirements(&scene).await;
    app.runner().tick().await.expect("a tick");
    let record = scene.read(&scene.student, "record").await;
    assert_eq!(record["obtained_on"], "2026-10-05");
    assert_eq!(record["attainment"]["kind"], "obtained");
    // The source of this certification does not date its registration.
    assert_eq!(record["certificate"], "registration_unknown");
    let path = format!("/api/v1/enrolments/{}/certificate.pdf", scene.enrolment);
    app.get(path).by(&scene.student).send().await.fails(409, "registration_unknown");

    // Once, and the audit says so.
    app.runner().tick().await.expect("a tick");
    let entries = app.texts("SELECT action AS text FROM audit_entries").await;
    assert_eq!(entries.iter().filter(|one| *one == "certification.obtained").count(), 1);
    let organisation = scene.school.id().await;
    assert_eq!(store::audit::first_break(&app.db, organisation).await.unwrap(), None);
    // It does not end with its blocks.
    app.pass(TimeDelta::days(365 * 8));
    let student = scene.student.again(&app).await;
    let record = scene.read(&student, "record").await;
    assert_eq!(record["attainment"]["kind"], "obtained");
    assert_eq!(record["validated"][0]["force"]["kind"], "expired");
    assert_eq!(record["expiring"], json!([]));
}

#[tokio::test]
async fn a_holder_is_told_twice_before_a_block_ends() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    app.mails("").await;
    // In force until 12 October 2027; today is 5 October 2026.
    hold(&scene, &scene.enrolment, &[0], "2022-10-12").await;
    let mut told = 0;
    for (days, subjects) in [
        (0, &[][..]),
        (6, &[]),
        (1, &["Un bloc validé expire le 12 octobre 2027"][..]),
        (30, &[]),
        // 12 July 2027.
        (243, &["Un bloc validé expire le 12 octobre 2027"]),
        (30, &[]),
        // After its end nobody is told any more.
        (90, &[]),
    ] {
        app.pass(TimeDelta::days(days));
        let mails = app.mails(&scene.student.email).await;
        let about: Vec<String> = mails[..mails.len() - told]
            .iter()
            .map(|mail| mail.subject.clone())
            .filter(|subject| subject.contains("expire"))
            .collect();
        assert_eq!(about, subjects, "after {days} days more");
        told = mails.len();
    }
}

#[tokio::test]
async fn who_comes_back_keeps_what_is_in_force() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let body = json!({
        "student_id": scene.student.id,
        "certification": crate::support::CODE,
        "route": "continuing",
        "status": "employee",
        "starts_on": "2020-09-01",
        "ends_on": "2022-08-31",
    });
    let head = &scene.school.head;
    let earlier = app.post("/api/v1/enrolments").by(head).json(body).send().await.is(201).value();
    let earlier = text(&earlier["id"]);
    hold(&scene, &earlier, &[0], "2021-06-15").await;
    hold(&scene, &earlier, &[1], "2022-06-15").await;
    let record = scene.read(&scene.student, "record").await;
    assert_eq!(record["started_on"], "2020-09-01");
    // The second one is in force until June 2027; the first one ended in June 2026.
    assert_eq!(
        record["attainment"]["expired"],
        json!([{ "block": code(0), "last_day": "2026-06-15" }])
    );
    assert_eq!(record["attainment"]["blocks"], json!([code(2), code(3)]));
    assert_eq!(record["validated"][0]["enrolment_id"], earlier);
    assert_eq!(record["expiring"].as_array().map(Vec::len), Some(1));
    let path = format!("/api/v1/enrolments/{}/blocks/{}/attestation.pdf", scene.enrolment, code(1));
    let (findings, text) = examined(&pdf(&app, &scene.student, &path).await);
    assert_eq!(findings, "");
    assert!(text.contains("valable jusqu’au 15 juin 2027 inclus"), "{text}");
    // What somebody else validated is nobody's business.
    let tom = scene.school.person("tom", &["apprentice"]).await;
    let own = scene.school.enrol(&tom.id, None, &[]).await;
    let record = app.get(format!("/api/v1/enrolments/{own}/record")).by(&tom).send().await.is(200);
    assert_eq!(record.value()["validated"], json!([]));
}

#[tokio::test]
async fn what_was_written_down_from_older_records_names_no_jury_of_this_school() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let scope = [scene.school.id().await].into();
    let enrolment = scene.enrolment.parse().expect("an id");
    let enrolled = store::enrolment::find(&app.db, &scope, enrolment).await.expect("read");
    let by = scene.school.head.id.parse().expect("an id");
    let older = domain::capitalisation::ValidatedBlock {
        block: code(0),
        validated_on: "2023-06-15".parse().expect("a day"),
        transversal: Vec::new(),
    };
    let enrolled = enrolled.expect("the enrolment");
    store::record::transcribe(&app.db, by, &enrolled, vec![older]).await.expect("written down");
    let record = scene.read(&scene.student, "record").await;
    let provenance = json!({
        "school": null, "recorded_on": "2026-10-05", "recorded_by": "Anne Chef",
    });
    assert_eq!(record["provenance"][text(&record["validated"][0]["id"])], provenance);
    let path = format!("/api/v1/enrolments/{}/blocks/{}/attestation.pdf", scene.enrolment, code(0));
    let (findings, words) = examined(&pdf(&app, &scene.student, &path).await);
    assert_eq!(findings, "");
    for said in [
        "par une décision de jury du 15 juin 2023 transcrite dans ses registres",
        "y a été transcrite le 5 octobre 2026 par Anne Chef",
        "Fait le 5 octobre 2026",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(!words.contains("décision du jury du"), "{words}");
}

#[tokio::test]
async fn reading_a_record_takes_as_many_statements_however_many_juries() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let path = format!("/api/v1/enrolments/{}/record", scene.enrolment);
    let few = app.statements_of(&scene.student, &path).await;
    hold(&scene, &scene.enrolment, &[0, 1, 2, 3], "2024-10-01").await;
    hold(&scene, &scene.enrolment, &[0, 1, 2, 3], "2026-10-01").await;
    assert_eq!(app.statements_of(&scene.student, &path).await, few);
}

#[tokio::test]
async fn a_school_says_what_its_papers_bear() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    hold(&scene, &scene.enrolment, &[0], "2026-10-01").await;
    let head = &scene.school.head;
    let blank = app.get("/api/v1/letterhead").by(head).send().await.is(200).value();
    assert_eq!((version(&blank), blank["signatory"].as_str()), (0, Some("")));
    let letterhead = json!({
        "legal_name": "École supérieure de l’Atelier",
        "trade_name": "", "address": "12 quai du Port\n35000 Rennes", "place": "Rennes",
        "signatory": "Hélène Kerbrat", "signatory_quality": "Directrice", "appeals": "",
    });
    let put = |version: i64, body: &Value| {
        app.ask(Method::PUT, "/api/v1/letterhead").by(head).version(version).json(body.clone())
    };
    let long = json!({ "place": "x".repeat(201) });
    assert_eq!(put(0, &long).send().await.faults(), ["place: too_long"]);
    assert_eq!(version(&put(0, &letterhead).send().await.is(200).value()), 1);
    put(0, &letterhead).send().await.fails(412, "stale_version");
    let path = format!("/api/v1/enrolments/{}/blocks/{}/attestation.pdf", scene.enrolment, code(0));
    let (findings, text) = examined(&pdf(&app, &scene.student, &path).await);
    assert_eq!(findings, "");
    for words in
        ["École supérieure de l’Atelier", "Fait à Rennes, le 1er octobre 2026", "Hélène Kerbrat"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[tokio::test]
async fn a_block_is_validated_on_the_day_of_the_jury() {
    let app = TestApp::new().await;
    let defence = Defence::open(&app, &[0]).await;
    defence.decide(0, validated(0)).await;
    // Called for the 5th, closed after midnight.
    app.pass(TimeDelta::hours(20));
    defence.close().await;
    let scene = &defence.scene;
    let student = scene.student.again(&app).await;
    let record = scene.read(&student, "record").await;
    assert_eq!(record["validated"][0]["validated_on"], "2026-10-05");
    assert_eq!(record["validated"][0]["force"]["term"]["last_day"], "2031-10-05");
    let judged = &record["judged"][0];
    assert!(text(&judged["held_at"]).starts_with("2026-10-05"), "{judged}");
    assert!(text(&judged["sealed_at"]).starts_with("2026-10-06"), "{judged}");
    let term = &judged["decisions"][0]["term"];
    assert_eq!(*term, json!({ "kind": "until", "last_day": "2031-10-05" }));
}

#[tokio::test]
async fn two_juries_of_one_person_that_close_at_once_give_the_certification_once() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let body = json!({
        "student_id": scene.student.id,
        "certification": crate::support::CODE,
        "route": "apprenticeship",
        "status": "apprentice",
        "starts_on": "2024-09-01",
        "ends_on": "2026-08-31",
    });
    let head = &scene.school.head;
    let earlier = app.post("/api/v1/enrolments").by(head).json(body).send().await.is(201).value();
    let earlier = text(&earlier["id"]);
    meet_requirements(&scene).await;
    hold(&scene, &earlier, &[0, 1], "2026-10-01").await;
    // A block is missing on each side; either jury completes what the other gives.
    deposit(&scene, &[2]).await;
    let Scene { school, student, company, tutor, enrolment } = scene;
    let other = School { app: school.app, name: school.name, head: school.head.clone() };
    let people = (student.clone(), company.clone(), tutor.clone());
    let one = Defence::of(Scene { school, student, company, tutor, enrolment }).await;
    let (student, company, tutor) = people;
    let earlier = Scene { school: other, student, company, tutor, enrolment: earlier };
    deposit(&earlier, &[3]).await;
    let jurors = one.jurors.clone();
    let two = Defence { session: plan(&earlier, &jurors).await, scene: earlier, jurors };
    two.answer_and_open().await;
    one.decide(2, validated(2)).await;
    two.decide(3, validated(3)).await;
    futures::join!(one.close(), two.close());
    let entries = app.texts("SELECT action AS text FROM audit_entries").await;
    assert_eq!(entries.iter().filter(|one| *one == "certification.obtained").count(), 1);
    let record = one.scene.read(&one.scene.student, "record").await;
    assert_eq!(record["obtained_on"], "2026-10-05");
}

#[tokio::test]
async fn what_is_added_to_the_minutes_stands_in_the_letter() {
    let app = TestApp::new().await;
    let defence = Defence::open(&app, &[0]).await;
    defence.decide(0, validated(0)).await;
    defence.close().await;
    let added = "Lire : le plan de charge est validé.";
    let body = json!({ "text": added });
    let ask = app.post(defence.path("/minutes/amendments")).by(&defence.jurors[0]);
    ask.json(body).send().await.is(201);
    let scene = &defence.scene;
    let record = scene.read(&scene.student, "record").await;
    assert_eq!(record["judged"][0]["amendments"][0]["text"], added);
    let path = format!(
        "/api/v1/enrolments/{}/juries/{}/result-letter.pdf",
        scene.enrolment, defence.session
    );
    // Its foot, on a lone page, reads as prose to one of the checkers.
    let (_, text) = examined(&pdf(&app, &scene.student, &path).await);
    assert!(text.contains("Additifs au procès-verbal") && text.contains(added), "{text}");
}
