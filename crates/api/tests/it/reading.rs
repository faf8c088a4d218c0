//! What members of a jury read of a candidate, and what they write for themselves.

use axum::http::Method;
use chrono::TimeDelta;
use domain::jury::note::{NOTES_MAX, NoteContent, NoteKind};
use serde_json::{Value, json};
use store::jury_notes::Desk;

use crate::support::{
    CODE, Person, Scene, School, TestApp, below, block, competency, project, required, text,
    version,
};

/// A jury that complies with the rule of [`CODE`], and the session in which it reads.
pub struct Jury<'a> {
    pub app: &'a TestApp,
    pub head: Person,
    pub id: String,
    /// The chair first.
    pub members: Vec<Person>,
}

impl<'a> Jury<'a> {
    /// Plans a session of these candidates, convenes its members, and does not open it.
    pub async fn planned(scene: &Scene<'a>, candidates: &[&str]) -> Jury<'a> {
        let (app, head) = (scene.school.app, scene.school.head.clone());
        let body = json!({
            "certification": CODE, "route": "apprenticeship", "title": "Jury d’automne",
            "starts_at": "2026-10-20T08:00:00Z", "place": "Salle 12",
            "window": { "opens_at": "2026-10-05T00:00:00Z", "closes_at": "2026-10-25T00:00:00Z" },
        });
        let planned = app.post("/api/v1/jury-sessions").by(&head).json(body).send().await;
        let id = text(&planned.is(201).value()["id"]);
        let mut jury = Self { app, head, id, members: Vec::new() };
        for (name, profile) in [
            ("alix", json!({ "chair": true, "employment": "employer" })),
            ("bruno", json!({ "employment": "employee" })),
            ("chloe", json!({ "employment": "employee" })),
            ("david", json!({ "represents_certifier": true })),
            ("elise", json!({ "represents_certifier": true })),
        ] {
            let person = scene.school.person(name, &["jury"]).await;
            let mut body = json!({
                "user_id": person.id, "voting": true, "external": true, "professional": true,
                "experience_years": 10, "qualification_level": 7,
            });
            for (field, value) in profile.as_object().expect("a profile") {
                body[field] = value.clone();
            }
            if body["represents_certifier"] == true {
                body["external"] = false.into();
                body["professional"] = false.into();
            }
            let ask = app.post(format!("{}/members", jury.path())).by(&jury.head);
            ask.json(body).send().await.is(201);
            jury.members.push(person);
        }
        let list: Vec<Value> = candidates.iter().map(|id| json!({ "enrolment_id": id })).collect();
        let ask = app.ask(Method::PUT, format!("{}/candidates", jury.path())).by(&jury.head);
        let version = version(&jury.read(&jury.head).await);
        ask.version(version).json(json!({ "candidates": list })).send().await.is(200);
        jury.step("convene").await;
        jury
    }

    pub async fn open(scene: &Scene<'a>, candidates: &[&str]) -> Jury<'a> {
        let jury = Self::planned(scene, candidates).await;
        jury.step("open").await;
        jury
    }

    pub fn path(&self) -> String {
        format!("/api/v1/jury-sessions/{}", self.id)
    }

    pub fn of(&self, candidate: &str) -> String {
        format!("{}/candidates/{candidate}", self.path())
    }

    pub async fn read(&self, by: &Person) -> Value {
        self.app.get(self.path()).by(by).send().await.is(200).value()
    }

    pub async fn step(&self, step: &str) {
        let version = version(&self.read(&self.head).await);
        let ask = self.app.post(format!("{}/{step}", self.path())).by(&self.head);
        ask.version(version).send().await.is(200);
    }

    pub async fn status(&self, by: &Person, candidate: &str) -> u16 {
        self.app.get(self.of(candidate)).by(by).send().await.status.as_u16()
    }

    /// The member's seat, as its manager sees it.
    pub async fn seat(&self, of: &Person) -> Value {
        let session = self.read(&self.head).await;
        let members = session["members"].as_array().expect("members");
        members.iter().find(|seat| seat["user_id"] == of.id).expect("the seat").clone()
    }

    pub async fn recuse(&self, member: &Person, from: &str) {
        let mut seat = self.seat(member).await;
        let path = format!("{}/members/{}", self.path(), text(&seat["id"]));
        let ask = self.app.ask(Method::PUT, path).by(&self.head).version(version(&seat));
        seat["recused_from"] = json!([from]);
        ask.json(seat).send().await.is(200);
    }

    pub async fn declare(&self, member: &Person, conflict_with: &str) {
        let seat = self.seat(member).await;
        let conflict = json!({ "candidate": conflict_with, "reason": "Mon voisin" });
        let ask = self.app.post(format!("{}/answer", self.path())).by(member);
        let body = json!({ "accepts": true, "conflicts": [conflict] });
        ask.version(version(&seat)).json(body).send().await.is(200);
    }

    pub async fn note(&self, by: &Person, candidate: &str, body: Value) -> Value {
        let ask = self.app.post(format!("{}/notes", self.of(candidate))).by(by);
        ask.json(body).send().await.is(201).value()
    }

    pub async fn papers(&self, by: &Person, candidate: &str) -> Value {
        let path = format!("{}/notes", self.of(candidate));
        self.app.get(path).by(by).send().await.is(200).value()
    }
}

/// A scene whose student has deposited the first block.
pub async fn deposited(app: &TestApp) -> (Scene<'_>, Value) {
    let scene = Scene::new(app).await;
    scene.covered().await;
    let dossier = scene.deposited().await;
    (scene, dossier)
}

/// Another student of the same school.
pub async fn fellow<'a>(scene: &Scene<'a>, given_name: &str) -> Scene<'a> {
    let School { app, name, head } = &scene.school;
    let school = School { app, name, head: head.clone() };
    let student = school.person(given_name, &["apprentice"]).await;
    let enrolment = school.enrol(&student.id, None, &[]).await;
    let (company, tutor) = (scene.company.clone(), scene.tutor.clone());
    Scene { school, student, company, tutor, enrolment }
}

/// Another student of the same school, who has deposited too.
pub async fn another<'a>(scene: &Scene<'a>, given_name: &str) -> Scene<'a> {
    let other = fellow(scene, given_name).await;
    other.covered().await;
    other.deposited().await;
    other
}

fn question(text: &str) -> Value {
    json!({ "kind": "question", "block": block(), "competency": competency(), "text": text })
}

fn texts(papers: &Value) -> Vec<String> {
    papers["notes"].as_array().expect("notes").iter().map(|note| text(&note["text"])).collect()
}

/// What a jury is served of a dossier.
fn without_addresses(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match name.as_str() {
                    "email" => *field = "".into(),
                    "supervisor_email" => *field = Value::Null,
                    _ => *field = without_addresses(field.take()),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = without_addresses(item.take());
            }
        }
        _ => {}
    }
    value
}

#[tokio::test]
async fn a_member_reads_what_was_deposited_and_nothing_since() {
    let app = TestApp::new().await;
    let (scene, dossier) = deposited(&app).await;
    let path = format!("/api/v1/dossiers/{}", text(&dossier["id"]));
    let frozen = app.get(path).by(&scene.student).send().await.is(200).value()["frozen"].clone();
    let jury = Jury::open(&scene, &[&scene.enrolment]).await;
    let member = &jury.members[2];
    scene.submitted("Depuis le dépôt").await;
    scene.signed(&scene.tutor, "school", &below()).await;

    let answer = app.get(jury.of(&scene.enrolment)).by(member).send().await.is(200);
    let tag = answer.header("etag").to_owned();
    let reading = answer.value();
    assert_eq!(reading["dossier"], without_addresses(frozen.clone()));
    let path = format!("/api/v1/dossiers/{}", text(&dossier["id"]));
    let served = app.get(path).by(member).send().await.is(200).value()["frozen"].clone();
    for served in [&reading["dossier"], &served] {
        assert!(!served.to_string().contains('@'), "{served}");
    }
    assert!(frozen.to_string().contains('@'), "what is sealed keeps them");
    assert_eq!(reading["manifest_sha256"], dossier["manifest_sha256"]);
    assert_eq!(reading["session"]["title"], "Jury d’automne");
    let minutes = (&reading["presentation_minutes"], &reading["interview_minutes"]);
    assert_eq!(minutes, (&json!(20), &json!(20)));
    let none = (&reading["previous"], &reading["next"]);
    assert_eq!(none, (&Value::Null, &Value::Null));

    let again = app.get(jury.of(&scene.enrolment)).by(member).header("if-none-match", &tag);
    assert!(again.send().await.is(304).body.is_empty());
    let file = &frozen["evidence"][0]["files"][0]["id"];
    let path = format!("/api/v1/dossiers/{}/files/{}", text(&dossier["id"]), text(file));
    assert_eq!(app.get(path).by(member).send().await.is(200).body, "Le rapport entier");
}

#[tokio::test]
async fn only_members_read_and_only_in_their_window() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = Jury::planned(&scene, &[candidate]).await;
    let member = jury.members[1].clone();
    let outsider = scene.school.person("paula", &["jury"]).await;
    let elsewhere = School::open(&app, "ailleurs").await;
    assert_eq!(jury.status(&member, candidate).await, 403, "it is not open yet");
    jury.step("open").await;
    for (who, person, status) in [
        ("a member", &member, 200),
        ("a manager", &scene.school.head, 403),
        ("a juror of another session", &outsider, 404),
        ("the student", &scene.student, 404),
        ("the student's tutor", &scene.tutor, 404),
        ("a manager of another school", &elsewhere.head, 404),
    ] {
        assert_eq!(jury.status(person, candidate).await, status, "{who}");
    }
    let unknown = [uuid::Uuid::nil().to_string(), "x".to_owned()];
    for candidate in &unknown {
        assert_eq!(jury.status(&member, candidate).await, 404);
    }
    jury.note(&member, candidate, question("Pourquoi ?")).await;

    app.pass(TimeDelta::days(25));
    let member = member.again(&app).await;
    assert_eq!(jury.status(&member, candidate).await, 403, "the window is over");
    let notes = format!("{}/notes", jury.of(candidate));
    app.get(&notes).by(&member).send().await.fails(403, "forbidden");
    let late = app.post(&notes).by(&member).json(question("Trop tard ?")).send().await;
    late.fails(403, "forbidden");
}

#[tokio::test]
async fn to_who_is_set_aside_the_candidate_does_not_exist() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let (second, third) = (another(&scene, "zoe").await, another(&scene, "yann").await);
    let candidates = [&scene, &second, &third].map(|scene| scene.enrolment.clone());
    let [first, second, third] = candidates.each_ref().map(String::as_str);
    let jury = Jury::open(&scene, &[first, second, third]).await;
    let neighbours = |reading: &Value| {
        ["previous", "next"].map(|side| reading[side]["id"].as_str().map(str::to_owned))
    };
    let read = |by: &Person, candidate: &str| app.get(jury.of(candidate)).by(by).send();
    let member = &jury.members[1];
    let before = read(member, second).await.is(200);
    assert_eq!(neighbours(&before.value()), [Some(first.to_owned()), Some(third.to_owned())]);
    let tag = read(member, first).await.is(200).header("etag").to_owned();
    jury.note(member, second, question("Avant la récusation")).await;

    jury.recuse(member, second).await;
    assert_eq!(jury.status(member, second).await, 404);
    for part in ["notes", "grid"] {
        let method = if part == "notes" { Method::GET } else { Method::PUT };
        let ask = app.ask(method, format!("{}/{part}", jury.of(second))).by(member).version(0);
        ask.json(json!({ "levels": [] })).send().await.fails(404, "not_found");
    }
    // Who comes next is part of what is shown.
    let asked = app.get(jury.of(first)).by(member).header("if-none-match", &tag).send().await;
    assert_eq!(neighbours(&asked.is(200).value()), [None, Some(third.to_owned())]);

    let other = &jury.members[3];
    jury.declare(other, first).await;
    assert_eq!(jury.status(other, first).await, 404);
    let reading = read(other, second).await.is(200).value();
    assert_eq!(neighbours(&reading), [None, Some(third.to_owned())]);
}

#[tokio::test]
async fn notes_are_their_writers_alone() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = Jury::open(&scene, &[candidate]).await;
    let [writer, other] = [&jury.members[0], &jury.members[1]];
    let written = jury.note(writer, candidate, question("Qui a choisi l’outil ?")).await;
    let free = json!({ "kind": "note", "text": "Un parcours solide" });
    jury.note(writer, candidate, free).await;
    let papers = jury.papers(writer, candidate).await;
    assert_eq!(texts(&papers), ["Qui a choisi l’outil ?", "Un parcours solide"]);
    assert_eq!(papers["notes"][0], written);
    assert_eq!(jury.papers(other, candidate).await["notes"], json!([]));

    let path = format!("{}/notes/{}", jury.of(candidate), text(&written["id"]));
    let put = |by: &Person, version: i64, text: &str| {
        let ask = app.ask(Method::PUT, &path).by(by).version(version);
        ask.json(question(text)).send()
    };
    put(other, 1, "À moi").await.fails(404, "not_found");
    app.delete(&path).by(other).version(1).send().await.fails(404, "not_found");
    app.get(format!("{}/notes", jury.of(candidate)))
        .by(&scene.school.head)
        .send()
        .await
        .fails(403, "forbidden");

    // Two tabs: the later one learns that there is another text, and loses none.
    let changed = put(writer, 1, "Qui a choisi l’outil, et quand ?").await.is(200).value();
    assert_eq!(changed["version"], 2);
    put(writer, 1, "Un autre onglet").await.fails(412, "stale_version");
    app.delete(&path).by(writer).version(1).send().await.fails(412, "stale_version");
    let texts_now = texts(&jury.papers(writer, candidate).await);
    assert_eq!(texts_now[0], "Qui a choisi l’outil, et quand ?");
    let unversioned = app.ask(Method::PUT, &path).by(writer).json(question("Sans version"));
    unversioned.send().await.fails(428, "precondition_required");
    app.delete(&path).by(writer).version(2).send().await.is(204);
    assert_eq!(texts(&jury.papers(writer, candidate).await), ["Un parcours solide"]);
    put(writer, 2, "Une note supprimée").await.fails(404, "not_found");

    let id = scene.school.id().await;
    assert_eq!(store::audit::first_break(&app.db, id).await.expect("a read"), None);
    let audited =
        app.texts("SELECT after AS text FROM audit_entries WHERE after IS NOT NULL").await;
    assert!(audited.iter().all(|entry| !entry.contains("outil")), "what they think is theirs");
}

#[tokio::test]
async fn a_note_that_is_sent_twice_is_written_once() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = Jury::open(&scene, &[candidate]).await;
    let member = &jury.members[0];
    let send = |text: &str| {
        let ask = app.post(format!("{}/notes", jury.of(candidate))).by(member);
        ask.header("idempotency-key", "one").json(question(text)).send()
    };
    let first = send("Une fois").await.is(201).value();
    assert_eq!(send("Une fois").await.is(201).value(), first);
    send("Autre chose").await.fails(409, "idempotency_key_reused");
    assert_eq!(texts(&jury.papers(member, candidate).await), ["Une fois"]);
}

#[tokio::test]
async fn a_note_that_cannot_be_is_refused() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = Jury::open(&scene, &[candidate]).await;
    let member = &jury.members[0];
    let path = format!("{}/notes", jury.of(candidate));
    for (body, faults) in [
        (json!({ "kind": "note", "text": " " }), &["text: required"][..]),
        (json!({ "kind": "note", "text": "é".repeat(4_001) }), &["text: too_long"]),
        (json!({ "kind": "note", "text": "a\u{0}b" }), &["text: bad_character"]),
        (json!({ "kind": "note", "block": "BC99", "text": "a" }), &["block: unknown_block"]),
        (
            json!({ "kind": "note", "block": block(), "competency": "none", "text": "a" }),
            &["competency: competency_not_in_block"],
        ),
        (json!({ "kind": "verdict", "text": "a" }), &["kind: bad_json"]),
        (json!({ "kind": "note" }), &["text: required"]),
    ] {
        let answer = app.post(&path).by(member).json(body.clone()).send().await;
        assert_eq!(answer.faults(), faults, "{body}");
    }
    assert_eq!(jury.papers(member, candidate).await["notes"], json!([]));
}

#[tokio::test]
async fn a_member_writes_so_many_notes_and_no_more() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = Jury::open(&scene, &[candidate]).await;
    let member = &jury.members[0];
    let id = |text: &str| text.parse::<uuid::Uuid>().expect("an id");
    let desk = Desk {
        organisation: scene.school.id().await,
        session: id(&jury.id),
        user: id(&member.id),
        member: id(&text(&jury.seat(member).await["id"])),
        candidate: id(candidate),
    };
    let certification = crate::support::certification();
    let note = NoteContent {
        kind: NoteKind::Note,
        block: None,
        competency: None,
        text: "Encore une".to_owned(),
    };
    for _ in 0..NOTES_MAX {
        store::jury_notes::create(&app.db, &desk, &certification, note.clone(), None)
            .await
            .expect("a note");
    }
    let ask = app.post(format!("{}/notes", jury.of(candidate))).by(member);
    ask.json(question("Une de trop")).send().await.fails(409, "too_many");
}

#[tokio::test]
async fn an_own_grid_is_set_whole_and_read_by_its_writer() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = Jury::open(&scene, &[candidate]).await;
    let [writer, other] = [&jury.members[0], &jury.members[1]];
    let criterion = crate::support::certification()
        .competency(&competency())
        .expect("the competency")
        .criteria()[0]
        .key
        .clone();
    let level = |level: &str| {
        json!({
            "block": block(), "competency": competency(), "criterion": criterion, "level": level,
        })
    };
    let put = |version: i64, levels: Value| {
        let ask = app.ask(Method::PUT, format!("{}/grid", jury.of(candidate))).by(writer);
        ask.version(version).json(json!({ "levels": levels })).send()
    };
    let empty = json!({ "levels": [], "version": 0 });
    assert_eq!(jury.papers(writer, candidate).await["grid"], empty);
    put(1, json!([level(&below())])).await.fails(412, "stale_version");
    let first = put(0, json!([level(&below())])).await.is(200).value();
    assert_eq!(first, json!({ "levels": [level(&below())], "version": 1 }));
    put(0, json!([level(&required())])).await.fails(412, "stale_version");
    put(1, json!([level(&required())])).await.is(200);
    let kept = json!({ "levels": [level(&required())], "version": 2 });
    assert_eq!(jury.papers(writer, candidate).await["grid"], kept);
    assert_eq!(jury.papers(other, candidate).await["grid"], empty);

    for (levels, faults) in [
        (json!([level("superb")]), &["levels[0].level: level_outside_scale"][..]),
        (json!([level(&below()), level(&below())]), &["levels[1].criterion: repeated"]),
        (json!("none"), &["levels: bad_json"]),
    ] {
        assert_eq!(put(2, levels.clone()).await.faults(), faults, "{levels}");
    }
    put(2, json!([])).await.is(200);
    let cleared = json!({ "levels": [], "version": 3 });
    assert_eq!(jury.papers(writer, candidate).await["grid"], cleared);
}

#[tokio::test]
async fn a_dossier_takes_as_many_statements_whatever_it_holds() {
    let app = TestApp::new().await;
    let (few, _) = deposited(&app).await;
    let many = another(&few, "zoe").await;
    // A second version of the dossier, with more to read.
    let listed = many.read(&many.student, "dossiers").await["items"][0].clone();
    let reopen = app.post(format!("/api/v1/dossiers/{}/reopen", text(&listed["id"])));
    let reopen = reopen.by(&many.school.head).version(version(&listed));
    reopen.json(json!({ "reason": "À compléter" })).send().await.is(200);
    for number in 0..12 {
        let body = project(&format!("Un projet {number}"));
        let draft = many.new_evidence(body).send().await.is(201).value();
        many.step(&many.student, &draft, "submit", "").await;
    }
    many.deposited().await;
    let jury = Jury::open(&few, &[&few.enrolment, &many.enrolment]).await;
    let member = &jury.members[0];
    for text in ["Une", "Deux", "Trois"] {
        jury.note(member, &many.enrolment, question(text)).await;
    }
    let mut counts = Vec::new();
    for scene in [&few, &many] {
        let path = jury.of(&scene.enrolment);
        let reading = app.statements_of(member, &path).await;
        let papers = app.statements_of(member, &format!("{path}/notes")).await;
        counts.push((reading, papers));
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0].0 <= 20 && counts[0].1 <= 20, "{counts:?}");
}

#[tokio::test]
async fn a_dossier_and_its_files_are_shut_to_who_does_not_judge_it() {
    let app = TestApp::new().await;
    let (scene, dossier) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let path = format!("/api/v1/dossiers/{}", text(&dossier["id"]));
    let whole = app.get(&path).by(&scene.student).send().await.is(200).value();
    let file = text(&whole["frozen"]["evidence"][0]["files"][0]["id"]);
    let parts = [path.clone(), format!("{path}/manifest"), format!("{path}/files/{file}")];
    let gets = |by: Person, status: u16| {
        let (app, parts) = (&app, &parts);
        async move {
            for part in parts {
                let answer = app.get(part).by(&by).send().await;
                assert_eq!(answer.status, status, "{part}, {}", by.email);
            }
        }
    };
    let jury = Jury::planned(&scene, &[candidate]).await;
    let [member, recused, declared] = [1, 2, 3].map(|place: usize| jury.members[place].clone());
    gets(member.clone(), 404).await;
    jury.step("open").await;
    gets(member.clone(), 200).await;
    let reopen = app.post(format!("{path}/reopen")).by(&member).version(0);
    reopen.json(json!({ "reason": "Non" })).send().await.fails(403, "forbidden");
    let reopen = app.post(format!("{path}/reopen")).by(&scene.school.head).version(2);
    let reopen = reopen.json(json!({ "reason": "Trop tard" })).send().await;
    reopen.fails(409, "dossier_before_the_jury");
    jury.recuse(&recused, candidate).await;
    gets(recused, 404).await;
    jury.declare(&declared, candidate).await;
    gets(declared, 404).await;

    app.pass(TimeDelta::days(25));
    gets(member.again(&app).await, 404).await;
}
