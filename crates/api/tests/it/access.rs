//! Who gets what: every operation of the description, so that none is forgotten.

use std::{collections::BTreeSet, fmt::Write};

use axum::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    openapi::operations,
    support::{CODE, Person, Scene, School, TestApp, below, block, each, text},
};

/// Open to everyone: ways in, what a mail's own secret permits, and what a page shows before anyone
/// is in, and what verifies a credential. Nothing else may join this list.
const PUBLIC: [(&str, &str); 18] = [
    ("GET", "/api/v1/instance"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/api/v1/demo/mails"),
    ("GET", "/api/v1/mails/unsubscribe"),
    ("GET", "/api/v1/verify/{token}"),
    ("GET", "/api/v1/credentials/issuers/{issuer}"),
    ("GET", "/api/v1/credentials/keys/{key}"),
    ("GET", "/api/v1/credentials/status/{list}"),
    ("POST", "/api/v1/auth/link"),
    ("POST", "/api/v1/auth/link/ask"),
    ("POST", "/api/v1/auth/link/look"),
    ("POST", "/api/v1/auth/link/renew"),
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/auth/refresh"),
    ("POST", "/api/v1/mails/mute"),
    ("POST", "/api/v1/mails/unsubscribe"),
    ("POST", "/api/v1/setup"),
];

fn is_public(method: &str, path: &str) -> bool {
    PUBLIC.contains(&(method, path))
}

#[tokio::test]
async fn without_credentials_nothing_is_given() {
    let app = TestApp::new().await;
    for (method, path, operation) in operations() {
        let open = operation["security"] == json!([{}]);
        assert_eq!(open, is_public(&method, &path), "{method} {path}");
        if open {
            continue;
        }
        let filled = path.replace("{id}", &Uuid::nil().to_string()).replace("{code}", "RNCP1");
        let method: Method = method.parse().expect("a method");
        let bare = app.ask(method.clone(), &filled).send().await;
        bare.fails(401, "session_expired");
        let forged = app
            .ask(method, &filled)
            .header("authorization", "Bearer eyJhbGciOiJub25lIn0.e30.")
            .json(json!({}))
            .send()
            .await;
        forged.fails(401, "session_expired");
    }
}

/// One request on a row, which never changes anything: what is let in fails further on.
struct Row {
    label: &'static str,
    method: &'static str,
    /// As in the description.
    path: &'static str,
    id: String,
    /// What stands in the path beside the id.
    parts: Vec<(&'static str, String)>,
    query: &'static str,
    body: Option<Value>,
}

fn row(label: &'static str, method: &'static str, path: &'static str, id: &Value) -> Row {
    let id = id.as_str().unwrap_or_default().to_owned();
    Row { label, method, path, id, parts: Vec::new(), query: "", body: None }
}

impl Row {
    fn body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    fn part(mut self, name: &'static str, value: &Value) -> Self {
        self.parts.push((name, text(value)));
        self
    }

    fn query(self, query: &'static str) -> Self {
        Self { query, ..self }
    }

    async fn ask(&self, app: &TestApp, by: &Person) -> u16 {
        let mut path = self.path.replace("{id}", &self.id).replace("{code}", &self.id);
        for (name, value) in &self.parts {
            path = path.replace(name, value);
        }
        if !self.query.is_empty() {
            path = format!("{path}?{}", self.query);
        }
        let method: Method = self.method.parse().expect("a method");
        // No version is ever zero, so that whoever is let in meets a stale one.
        let mut ask = app.ask(method, path).by(by).version(0);
        if let Some(body) = &self.body {
            ask = ask.json(body.clone());
        }
        ask.send().await.status.as_u16()
    }
}

/// Every operation, on the rows of a scene.
async fn rows(scene: &Scene<'_>) -> Vec<Row> {
    const ASSESSMENT: &str = "/api/v1/assessments/{id}";
    let none = Value::Null;
    let enrolment = Value::from(scene.enrolment.clone());
    let cohort = Value::from(scene.school.cohort().await);
    let person = Value::from(scene.student.id.clone());
    let staff = Value::from(scene.school.head.id.clone());
    let grid = scene.assessment(&scene.company, "company", &below()).await["id"].clone();
    let signed = scene.signed(&scene.tutor, "school", &below()).await["id"].clone();

    let mut rows = of_managers(scene, &cohort).await;
    rows.extend(of_grids(scene, &grid).await);
    rows.extend(of_evidence(scene, &enrolment).await);
    rows.extend(of_visits(scene, &enrolment).await);
    rows.extend(of_dossiers(scene, &enrolment).await);
    rows.extend(of_sessions(scene).await);
    rows.extend(of_reading(scene, &enrolment).await);
    rows.extend(of_deliberation(scene, &enrolment).await);
    rows.extend(of_session_archives(scene).await);
    let start = |label, kind| {
        row(label, "POST", "/api/v1/enrolments/{id}/assessments", &enrolment).body(json!({
            "kind": kind, "block": "none", "occasion": "", "assessed_on": "2026-10-01",
        }))
    };
    rows.extend([
        row("me", "GET", "/api/v1/me", &none),
        row("queue", "GET", "/api/v1/queue", &none),
        row("certifications", "GET", "/api/v1/certifications", &none),
        row("certification", "GET", "/api/v1/certifications/{code}", &"RNCP38822".into()),
        row("publish a certification", "POST", "/api/v1/certifications", &none)
            .body(json!({ "source": "" })),
        row("cohorts", "GET", "/api/v1/cohorts", &none),
        row("create a cohort", "POST", "/api/v1/cohorts", &none).body(json!({})),
        row("cohort's progress", "GET", "/api/v1/cohorts/{id}/progress", &cohort),
        row("people", "GET", "/api/v1/users", &none),
        row("add a student", "POST", "/api/v1/users", &none).body(person_with(&["apprentice"])),
        row("add a manager", "POST", "/api/v1/users", &none).body(person_with(&["manager"])),
        row("invite a student", "POST", "/api/v1/users/{id}/invitation", &person),
        row("invite staff", "POST", "/api/v1/users/{id}/invitation", &staff),
        row("enrolments", "GET", "/api/v1/enrolments", &none),
        row("enrol", "POST", "/api/v1/enrolments", &none).body(json!({})),
        row("enrolment", "GET", "/api/v1/enrolments/{id}", &enrolment),
        row("progress", "GET", "/api/v1/enrolments/{id}/progress", &enrolment),
        row("set tutors", "PUT", "/api/v1/enrolments/{id}/tutors", &enrolment)
            .body(json!({ "tutors": [] })),
        row("assessments", "GET", "/api/v1/enrolments/{id}/assessments", &enrolment),
        start("assess as the student", "self"),
        start("assess as the company", "company"),
        start("assess as the school", "school"),
        start("assess as a jury", "jury"),
        row("change the company's grid", "PATCH", ASSESSMENT, &grid).body(json!({})),
        row("delete the company's grid", "DELETE", ASSESSMENT, &grid),
        row("sign the company's grid", "POST", "/api/v1/assessments/{id}/sign", &grid),
        row("change the school's signed one", "PATCH", ASSESSMENT, &signed).body(json!({})),
        row("certification of it", "GET", "/api/v1/enrolments/{id}/certification", &enrolment),
        row("change one's password", "POST", "/api/v1/auth/password", &none).body(json!({})),
    ]);
    rows.extend(of_credentials(scene, &enrolment).await);
    rows.extend(of_records(scene, &enrolment).await);
    rows.push(row("archive", "GET", "/api/v1/enrolments/{id}/archive", &enrolment));
    rows.extend(of_mails(scene).await);
    rows.extend(of_corrections(scene, &enrolment));
    // The last one: it ends the session.
    rows.push(row("log out", "POST", "/api/v1/auth/logout", &none));
    rows
}

/// Those on evidence: a draft, what is handed in, and what is confidential.
async fn of_evidence(scene: &Scene<'_>, enrolment: &Value) -> Vec<Row> {
    const EVIDENCE: &str = "/api/v1/evidence/{id}";
    const FILE: &str = "/api/v1/files/{id}";
    let app = scene.school.app;
    let none = Value::Null;
    let draft = scene.evidence("Brouillon").await;
    let submitted = scene.evidence("Envoyée").await;
    let id = text(&submitted["id"]);
    let uploaded = app
        .post(format!("/api/v1/evidence/{id}/files"))
        .by(&scene.student)
        .file("a.txt", b"texte")
        .send()
        .await
        .is(201)
        .value();
    let file = uploaded["items"][0]["id"].clone();
    let submitted = scene.reread(&submitted).await;
    let submitted = scene.step(&scene.student, &submitted, "submit", "").await["id"].clone();
    let hidden = scene.confidential("school").await["id"].clone();
    let shown = scene.confidential("company").await["id"].clone();
    let draft = draft["id"].clone();
    vec![
        row("evidence of it", "GET", "/api/v1/enrolments/{id}/evidence", enrolment),
        row("log evidence", "POST", "/api/v1/enrolments/{id}/evidence", enrolment)
            .body(json!({ "kind": "project", "title": "" })),
        row("draft", "GET", EVIDENCE, &draft),
        row("change a draft", "PATCH", EVIDENCE, &draft).body(json!({})),
        row("delete a draft", "DELETE", EVIDENCE, &draft),
        row("submit a draft", "POST", "/api/v1/evidence/{id}/submit", &draft),
        row("accept a draft", "POST", "/api/v1/evidence/{id}/accept", &draft).body(json!({})),
        row("file on a draft", "POST", "/api/v1/evidence/{id}/files", &draft),
        row("handed in", "GET", EVIDENCE, &submitted),
        row("change what is handed in", "PATCH", EVIDENCE, &submitted).body(json!({})),
        row("accept", "POST", "/api/v1/evidence/{id}/accept", &submitted).body(json!({})),
        row("return", "POST", "/api/v1/evidence/{id}/return", &submitted)
            .body(json!({ "comment": "Pourquoi ?" })),
        row("revisions", "GET", "/api/v1/evidence/{id}/revisions", &submitted),
        row("messages", "GET", "/api/v1/evidence/{id}/messages", &submitted),
        row("send a message", "POST", "/api/v1/evidence/{id}/messages", &submitted)
            .body(json!({ "text": "" })),
        row("withdraw", "POST", "/api/v1/evidence/{id}/withdraw", &submitted),
        row("declare a deliverable", "PUT", "/api/v1/evidence/{id}/deliverable", &submitted)
            .body(json!({})),
        row("show to others", "PUT", "/api/v1/evidence/{id}/visibility", &submitted)
            .body(json!({})),
        row("confidential", "GET", EVIDENCE, &hidden),
        row("accept what is confidential", "POST", "/api/v1/evidence/{id}/accept", &hidden)
            .body(json!({})),
        row("confidential, messages", "GET", "/api/v1/evidence/{id}/messages", &hidden),
        row("confidential, send a message", "POST", "/api/v1/evidence/{id}/messages", &hidden)
            .body(json!({ "text": "" })),
        row("confidential, revisions", "GET", "/api/v1/evidence/{id}/revisions", &hidden),
        row("shown to the company", "GET", EVIDENCE, &shown),
        row("accept what is shown", "POST", "/api/v1/evidence/{id}/accept", &shown).body(json!({})),
        row("file", "GET", FILE, &file),
        row("remove a file", "DELETE", FILE, &file),
        row("accept several", "POST", "/api/v1/evidence/decisions", &none)
            .body(json!({ "items": [{ "id": text(&submitted), "version": 0 }] })),
    ]
}

async fn of_mails(scene: &Scene<'_>) -> Vec<Row> {
    let none = Value::Null;
    let mail = Value::from(sent_mail(scene).await);
    vec![
        row("mails that did not arrive", "GET", "/api/v1/mails/problems", &none),
        row("send a mail again", "POST", "/api/v1/mails/{id}/resend", &mail),
        row("what mails are about", "GET", "/api/v1/me/mails", &none),
        row("mute what cannot be", "PUT", "/api/v1/me/mails", &none)
            .body(json!({ "topic": "access", "muted": true })),
    ]
}

/// Those that put right what was written about an enrolment or a person.
fn of_corrections(scene: &Scene<'_>, enrolment: &Value) -> Vec<Row> {
    const USER: &str = "/api/v1/users/{id}";
    let identity = || json!({ "email": "a@b.fr", "given_name": "A", "family_name": "B" });
    let (student, staff) = (scene.student.id.clone(), scene.school.head.id.clone());
    vec![
        row("correct an enrolment", "PUT", "/api/v1/enrolments/{id}", enrolment).body(json!({
            "route": "apprenticeship", "status": "apprentice", "starts_on": "2026-09-01",
        })),
        row("a student of the school", "GET", USER, &student.clone().into()),
        row("correct a student's name", "PUT", USER, &student.into()).body(identity()),
        row("correct the name of staff", "PUT", USER, &staff.into()).body(identity()),
    ]
}

/// Those on the school's grids: a published one, and one in preparation.
async fn of_grids(scene: &Scene<'_>, assessment: &Value) -> Vec<Row> {
    const GRID: &str = "/api/v1/grids/{id}";
    let none = Value::Null;
    let certification = scene.school.certification_id().await;
    let published = scene.school.published_grid(&certification, |_| ()).await["id"].clone();
    let draft = scene.school.draft_grid(&certification).await["id"].clone();
    vec![
        row("restart the company's grid", "POST", "/api/v1/assessments/{id}/restart", assessment),
        row("grids", "GET", "/api/v1/grids", &none),
        row("start a grid", "POST", "/api/v1/grids", &none).body(json!({})),
        row("published grid", "GET", GRID, &published),
        row("change a published grid", "PUT", GRID, &published).body(json!({})),
        row("draft grid", "GET", GRID, &draft),
        row("draft grid's certification", "GET", "/api/v1/grids/{id}/certification", &draft),
        row("change a draft grid", "PUT", GRID, &draft).body(json!({})),
        row("delete a draft grid", "DELETE", GRID, &draft),
        row("publish a grid", "POST", "/api/v1/grids/{id}/publish", &draft),
    ]
}

/// Those on visit reports: one that nobody has signed, one that waits for the student.
async fn of_visits(scene: &Scene<'_>, enrolment: &Value) -> Vec<Row> {
    const LIST: &str = "/api/v1/enrolments/{id}/visits";
    const VISIT: &str = "/api/v1/visits/{id}";
    let draft = scene.visit(&scene.tutor).await["id"].clone();
    let signed = scene.visit(&scene.tutor).await;
    let signed = scene.sign_visit(&scene.tutor, &signed).await;
    let signed = scene.sign_visit(&scene.company, &signed).await["id"].clone();
    vec![
        row("visits", "GET", LIST, enrolment),
        row("draft a visit report", "POST", LIST, enrolment)
            .body(json!({ "held_on": "1000-01-01", "place": "company" })),
        row("report nobody signed", "GET", VISIT, &draft),
        row("report of the tutors", "GET", VISIT, &signed),
        row("change a report", "PATCH", VISIT, &signed).body(json!({})),
        row("delete a report", "DELETE", VISIT, &draft),
        row("sign a report", "POST", "/api/v1/visits/{id}/sign", &draft),
        row("countersign a report", "POST", "/api/v1/visits/{id}/countersign", &signed)
            .body(json!({ "agreed": true })),
    ]
}

/// Those on a jury session that is planned, in which none of those who ask sits.
async fn of_sessions(scene: &Scene<'_>) -> Vec<Row> {
    const SESSION: &str = "/api/v1/jury-sessions/{id}";
    const MEMBER: &str = "/api/v1/jury-sessions/{id}/members/{member}";
    let none = Value::Null;
    let School { app, head, .. } = &scene.school;
    let terms = json!({
        "title": "Jury", "starts_at": "2026-12-01T08:00:00Z", "place": "Salle 1",
        "window": { "opens_at": "2026-11-25T08:00:00Z", "closes_at": "2026-12-02T08:00:00Z" },
    });
    let mut plan = terms.clone();
    plan["certification"] = "RNCP38822".into();
    plan["route"] = "apprenticeship".into();
    let planned = app.post("/api/v1/jury-sessions").by(head).json(plan).send().await;
    let session = planned.is(201).value()["id"].clone();
    let seated = app
        .post(format!("/api/v1/jury-sessions/{}/members", text(&session)))
        .by(head)
        .json(json!({ "email": "jo@jury.fr", "given_name": "Jo", "family_name": "Roy" }))
        .send()
        .await
        .is(201)
        .value();
    let member = &seated["members"][0]["id"];
    vec![
        row("jury sessions", "GET", "/api/v1/jury-sessions", &none),
        row("plan a session", "POST", "/api/v1/jury-sessions", &none).body(json!({})),
        row("session", "GET", SESSION, &session),
        row("change a session", "PUT", SESSION, &session).body(terms),
        row("delete a session", "DELETE", SESSION, &session),
        row("set candidates", "PUT", "/api/v1/jury-sessions/{id}/candidates", &session)
            .body(json!({ "candidates": [] })),
        row("jury pool", "GET", "/api/v1/jury-sessions/{id}/pool", &session),
        row("seat a member", "POST", "/api/v1/jury-sessions/{id}/members", &session)
            .body(json!({})),
        row("change a member", "PUT", MEMBER, &session).part("{member}", member).body(json!({})),
        row("remove a member", "DELETE", MEMBER, &session).part("{member}", member),
        row("check a session", "GET", "/api/v1/jury-sessions/{id}/check", &session),
        row("convene a jury", "POST", "/api/v1/jury-sessions/{id}/convene", &session),
        row("answer a convocation", "POST", "/api/v1/jury-sessions/{id}/answer", &session)
            .body(json!({ "accepts": true })),
        row("open a session", "POST", "/api/v1/jury-sessions/{id}/open", &session),
        row("suspend a session", "POST", "/api/v1/jury-sessions/{id}/suspend", &session),
        row("call the roll", "POST", "/api/v1/jury-sessions/{id}/roll-call", &session)
            .body(json!({ "present": [] })),
        row("hand over the chair", "POST", "/api/v1/jury-sessions/{id}/chair", &session)
            .body(json!({ "member": member, "reason": "Souffrante" })),
        row(
            "session's calendar file",
            "GET",
            "/api/v1/jury-sessions/{id}/invitation.ics",
            &session,
        ),
    ]
}

/// Those on the dossiers of a student, one of which is deposited.
async fn of_dossiers(scene: &Scene<'_>, enrolment: &Value) -> Vec<Row> {
    const LIST: &str = "/api/v1/enrolments/{id}/dossiers";
    const DOSSIER: &str = "/api/v1/dossiers/{id}";
    scene.covered().await;
    let dossier = scene.deposited().await["id"].clone();
    let path = format!("/api/v1/dossiers/{}", text(&dossier));
    let frozen = scene.school.app.get(path).by(&scene.student).send().await.is(200).value();
    let file = &frozen["frozen"]["evidence"][0]["files"][0]["id"];
    vec![
        row("gate", "GET", "/api/v1/enrolments/{id}/gate", enrolment),
        row("dossiers", "GET", LIST, enrolment),
        row("hearings", "GET", "/api/v1/enrolments/{id}/hearings", enrolment),
        row("deposit", "POST", LIST, enrolment).body(json!({ "blocks": [] })),
        row("dossier", "GET", DOSSIER, &dossier),
        row("dossier's manifest", "GET", "/api/v1/dossiers/{id}/manifest", &dossier),
        row("dossier's file", "GET", "/api/v1/dossiers/{id}/files/{file}", &dossier)
            .part("{file}", file),
        row("reopen a dossier", "POST", "/api/v1/dossiers/{id}/reopen", &dossier)
            .body(json!({ "reason": "À compléter" })),
    ]
}

/// Those on credentials: one of a block.
async fn of_credentials(scene: &Scene<'_>, enrolment: &Value) -> Vec<Row> {
    const LIST: &str = "/api/v1/enrolments/{id}/credentials";
    let validated = scene.validated(1, &block(), "2026-10-01").await;
    let credential = scene.credential(&validated).await["id"].clone();
    vec![
        row("credentials", "GET", LIST, enrolment),
        row("issue a credential", "POST", LIST, enrolment).body(json!({ "kind": "none" })),
        row("revoke a credential", "POST", "/api/v1/credentials/{id}/revoke", &credential)
            .body(json!({ "reason": "Erreur" })),
        row("choose what is shown", "PUT", "/api/v1/credentials/{id}/sharing", &credential)
            .body(json!({ "holder": true, "competencies": false })),
        row("signed credential", "GET", "/api/v1/credentials/{id}/credential.jwt", &credential),
        row("credential as a picture", "GET", "/api/v1/credentials/{id}/badge.svg", &credential),
    ]
}

/// Those on records; nothing is validated but what the credential is of.
async fn of_records(scene: &Scene<'_>, enrolment: &Value) -> Vec<Row> {
    const LETTER: &str = "/api/v1/enrolments/{id}/juries/{session}/result-letter.pdf";
    const ATTESTATION: &str = "/api/v1/enrolments/{id}/blocks/{block}/attestation.pdf";
    let none = Value::Null;
    let nothing = Value::from(Uuid::nil().to_string());
    let dossier = scene.read(&scene.student, "dossiers").await["items"][0]["id"].clone();
    vec![
        row("record", "GET", "/api/v1/enrolments/{id}/record", enrolment),
        row("attestation", "GET", ATTESTATION, enrolment).part("{block}", &Value::from(block())),
        row("letter of no jury", "GET", LETTER, enrolment).part("{session}", &nothing),
        row("certificate", "GET", "/api/v1/enrolments/{id}/certificate.pdf", enrolment),
        row("printed dossier", "GET", "/api/v1/dossiers/{id}/dossier.pdf", &dossier),
        row("printed minutes", "GET", "/api/v1/jury-sessions/{id}/minutes.pdf", &nothing),
        row("letterhead", "GET", "/api/v1/letterhead", &none),
        row("change the letterhead", "PUT", "/api/v1/letterhead", &none).body(json!({})),
    ]
}

/// A session in which none of the cast sits.
async fn planned(scene: &Scene<'_>, title: &str) -> Value {
    let body = json!({
        "certification": CODE, "route": "student", "title": title,
        "starts_at": "2026-10-20T08:00:00Z", "place": "Salle 12",
        "window": { "opens_at": "2026-10-05T00:00:00Z", "closes_at": "2026-10-25T00:00:00Z" },
    });
    let plan = scene.school.app.post("/api/v1/jury-sessions").by(&scene.school.head).json(body);
    plan.send().await.is(201).value()["id"].clone()
}

/// Those on a candidate of a session in which none of the cast sits.
async fn of_reading(scene: &Scene<'_>, candidate: &Value) -> Vec<Row> {
    const CANDIDATE: &str = "/api/v1/jury-sessions/{id}/candidates/{candidate}";
    const NOTES: &str = "/api/v1/jury-sessions/{id}/candidates/{candidate}/notes";
    const NOTE: &str = "/api/v1/jury-sessions/{id}/candidates/{candidate}/notes/{note}";
    const GRID: &str = "/api/v1/jury-sessions/{id}/candidates/{candidate}/grid";
    let session = planned(scene, "À lire").await;
    let note = Value::from(Uuid::nil().to_string());
    [
        row("candidate's dossier", "GET", CANDIDATE, &session),
        row("notes on a candidate", "GET", NOTES, &session),
        row("write a note", "POST", NOTES, &session).body(json!({ "kind": "note", "text": "" })),
        row("rewrite a note", "PUT", NOTE, &session).body(json!({ "kind": "note", "text": "" })),
        row("delete a note", "DELETE", NOTE, &session),
        row("set one's own grid", "PUT", GRID, &session).body(json!({ "levels": "" })),
    ]
    .map(|row| row.part("{candidate}", candidate).part("{note}", &note))
    .into()
}

/// Those on the deliberation and the minutes of a session in which none of the cast sits.
async fn of_deliberation(scene: &Scene<'_>, candidate: &Value) -> Vec<Row> {
    const PROPOSAL: &str =
        "/api/v1/jury-sessions/{id}/candidates/{candidate}/blocks/{block}/proposal";
    const DECISION: &str =
        "/api/v1/jury-sessions/{id}/candidates/{candidate}/blocks/{block}/decision";
    const WAIVER: &str = "/api/v1/jury-sessions/{id}/candidates/{candidate}/waivers/{requirement}";
    let session = planned(scene, "À délibérer").await;
    let ruling = || json!({ "verdict": "postponed" });
    let waiver = json!({ "motive": "", "granted_by": "" });
    [
        row("deliberation", "GET", "/api/v1/jury-sessions/{id}/deliberation", &session),
        row("propose", "PUT", PROPOSAL, &session).body(ruling()),
        row("decide on a block", "PUT", DECISION, &session).body(ruling()),
        row("waive a requirement", "PUT", WAIVER, &session).body(waiver),
        row("withdraw a waiver", "DELETE", WAIVER, &session),
        row("close a session", "POST", "/api/v1/jury-sessions/{id}/close", &session),
        row("accommodations", "GET", "/api/v1/jury-sessions/{id}/accommodations", &session),
        row("minutes", "GET", "/api/v1/jury-sessions/{id}/minutes", &session),
        row("amend minutes", "POST", "/api/v1/jury-sessions/{id}/minutes/amendments", &session)
            .body(json!({ "text": "" })),
    ]
    .map(|row| row.part("{candidate}", candidate))
    .into()
}

/// The archive of a session in which none of the cast sits.
async fn of_session_archives(scene: &Scene<'_>) -> Vec<Row> {
    let session = planned(scene, "À emporter").await;
    vec![row("a session's archive", "GET", "/api/v1/jury-sessions/{id}/archive", &session)]
}

/// What is for managers alone, and everybody's dates.
async fn of_managers(scene: &Scene<'_>, cohort: &Value) -> Vec<Row> {
    let none = Value::Null;
    let set = scene
        .school
        .app
        .post(format!("/api/v1/cohorts/{}/deadlines", text(cohort)))
        .by(&scene.school.head)
        .json(json!({ "kind": "visit", "due_on": "2026-12-15" }))
        .send()
        .await
        .is(201)
        .value();
    let deadline = &set["id"];
    vec![
        row("cohort", "GET", "/api/v1/cohorts/{id}", cohort),
        row("change a cohort", "PUT", "/api/v1/cohorts/{id}", cohort).body(json!({
            "name": "Promotion", "starts_on": "2026-09-01", "ends_on": "2027-08-31",
        })),
        row("cohort's attention", "GET", "/api/v1/cohorts/{id}/attention", cohort),
        row("cohort's coverage", "GET", "/api/v1/cohorts/{id}/coverage", cohort),
        row("cohort as a file", "GET", "/api/v1/cohorts/{id}/export", cohort)
            .query("format=csv&part=progress"),
        row("workload", "GET", "/api/v1/workload", &none),
        row("my deadlines", "GET", "/api/v1/deadlines", &none),
        row("cohort's deadlines", "GET", "/api/v1/cohorts/{id}/deadlines", cohort),
        row("set a deadline", "POST", "/api/v1/cohorts/{id}/deadlines", cohort)
            .body(json!({ "kind": "deposit", "due_on": "0026-01-01" })),
        row("change a deadline", "PUT", "/api/v1/deadlines/{id}", deadline)
            .body(json!({ "kind": "visit", "due_on": "2026-12-16" })),
        row("delete a deadline", "DELETE", "/api/v1/deadlines/{id}", deadline),
        row("people as a file", "GET", "/api/v1/users/export", &none).query("format=csv"),
        row("preview an import", "POST", "/api/v1/imports/preview", &none),
        row("import", "POST", "/api/v1/imports", &none),
        row("import's template", "GET", "/api/v1/imports/template", &none).query("format=csv"),
    ]
}

/// A mail to the student that has left, so that nobody can send it again.
async fn sent_mail(scene: &Scene<'_>) -> String {
    let app = scene.school.app;
    let mails = app.mails(&scene.student.email).await;
    mails.last().expect("the invitation").id.to_string()
}

/// Let in, it fails at the address.
fn person_with(roles: &[&str]) -> Value {
    json!({ "email": "none", "given_name": "A", "family_name": "B", "roles": roles })
}

/// Everybody who may ask: those around the scene first.
async fn cast(scene: &Scene<'_>, elsewhere: &School<'_>) -> Vec<(&'static str, Person)> {
    let school = &scene.school;
    vec![
        ("its student", scene.student.clone()),
        ("another student", school.person("paul", &["apprentice"]).await),
        ("its company tutor", scene.company.clone()),
        ("another company tutor", school.person("remi", &["company_tutor"]).await),
        ("its school tutor", scene.tutor.clone()),
        ("another school tutor", school.person("sara", &["school_tutor"]).await),
        ("manager", school.person("tom", &["manager"]).await),
        ("administrator", school.person("ugo", &["administrator"]).await),
        ("jury", school.person("vera", &["jury"]).await),
        ("head of another school", elsewhere.head.clone()),
    ]
}

#[tokio::test]
async fn roles_and_endpoints() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let elsewhere = School::open(&app, "ailleurs").await;
    let rows = rows(&scene).await;
    let described: BTreeSet<_> = operations()
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .filter(|(method, path)| !is_public(method, path))
        .collect();
    let asked = rows.iter().map(|row| (row.method.to_owned(), row.path.to_owned())).collect();
    assert_eq!(described, asked, "every operation has a row, and every row an operation");

    let cast = cast(&scene, &elsewhere).await;
    let mut table = format!("{:<32}", "");
    for (number, _) in cast.iter().enumerate() {
        write!(table, "{:>5}", number + 1).unwrap();
    }
    for row in &rows {
        write!(table, "\n{:<32}", row.label).unwrap();
        for (_, person) in &cast {
            write!(table, "{:>5}", row.ask(&app, person).await).unwrap();
        }
    }
    table.push('\n');
    for (number, (name, _)) in cast.iter().enumerate() {
        write!(table, "\n{:>2} {name}", number + 1).unwrap();
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn from_another_school_no_row_can_be_reached() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let elsewhere = School::open(&app, "ailleurs").await;
    let everything = elsewhere
        .person(
            "tous",
            &["apprentice", "company_tutor", "school_tutor", "manager", "jury", "administrator"],
        )
        .await;
    for row in rows(&scene).await.iter().filter(|row| row.path.contains("{id}")) {
        for person in [&elsewhere.head, &everything] {
            assert_eq!(row.ask(&app, person).await, 404, "{}", row.label);
        }
    }
}

#[tokio::test]
async fn a_list_shows_what_can_be_read_one_by_one() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let elsewhere = School::open(&app, "ailleurs").await;
    let (foreign, _) = elsewhere.invite("zoe", &["apprentice"]).await;
    let mut cast = cast(&scene, &elsewhere).await;
    let (_, other) = &cast[1];
    let both = scene.school.person("ines", &["apprentice", "school_tutor"]).await;
    let tutored = [(both.id.as_str(), "school"), (scene.company.id.as_str(), "company")];
    let all = [
        scene.enrolment.clone(),
        scene.school.enrol(&other.id, None, &tutored).await,
        scene.school.enrol(&both.id, None, &[]).await,
        elsewhere.enrol(&foreign, None, &[]).await,
    ];
    cast.push(("student and tutor", both));
    let expected = [1, 1, 2, 0, 1, 0, 3, 0, 0, 1, 2];
    for ((name, person), expected) in cast.iter().zip(expected) {
        let mut readable = BTreeSet::new();
        for id in &all {
            let answer = app.get(format!("/api/v1/enrolments/{id}")).by(person).send().await;
            match answer.status.as_u16() {
                200 => readable.insert(id.clone()),
                404 => false,
                other => panic!("{name} gets {other}"),
            };
        }
        let list = app.get("/api/v1/enrolments").by(person).send().await.is(200).value();
        let listed: BTreeSet<String> = each(&list, "id").into_iter().collect();
        assert_eq!(listed, readable, "{name}");
        assert_eq!(listed.len(), expected, "{name}");
    }
}

#[tokio::test]
async fn no_school_gives_a_way_into_an_account_of_another() {
    let app = TestApp::new().await;
    let victim = School::open(&app, "ecole").await;
    let attacker = School::open(&app, "ailleurs").await;
    // One has a password already, the other has not used the link of their own school yet.
    let (waiting, link) = victim.invite("lea", &["manager"]).await;
    let add = |email: String| {
        let body = json!({
            "email": email, "given_name": "A", "family_name": "B", "roles": ["apprentice"],
        });
        app.post("/api/v1/users").by(&attacker.head).json(body).send()
    };
    for (email, id) in
        [(victim.head.email.clone(), victim.head.id.clone()), ("lea@ecole.fr".to_owned(), waiting)]
    {
        let added = add(email).await.is(201).value();
        assert_eq!(added["invitation_url"], Value::Null);
        let path = format!("/api/v1/users/{id}/invitation");
        app.post(path).by(&attacker.head).send().await.fails(403, "managed_elsewhere");
    }
    let look = app.post("/api/v1/auth/link/look").json(json!({ "token": link })).send().await;
    assert_eq!(look.is(200).value()["email"], "lea@ecole.fr");
}

#[tokio::test]
async fn a_role_that_is_not_held_any_more_opens_nothing() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.assessment(&scene.company, "company", &below()).await;
    app.tamper("DELETE FROM memberships WHERE role = 'company_tutor'").await;
    let read = app.get(format!("/api/v1/enrolments/{}", scene.enrolment)).by(&scene.company);
    read.send().await.fails(404, "not_found");
    let path = format!("/api/v1/assessments/{}/sign", text(&draft["id"]));
    app.post(path).by(&scene.company).version(1).send().await.fails(404, "not_found");
}
