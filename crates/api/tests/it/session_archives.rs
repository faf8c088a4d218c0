//! The dossiers of a jury session as one archive: who gets which, proven whole.

use std::{
    fs,
    io::{Cursor, Read},
};

use archive::{Archive, Content, Part, Refusal, SESSION_PATH, Session};
use chrono::{DateTime, TimeDelta};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    archives::Kept,
    reading::{Jury, another, deposited, fellow},
    records::Defence,
    support::{Answer, Person, Scene, School, TestApp, block, competency, text},
};

impl Jury<'_> {
    async fn archive(&self, by: &Person) -> Answer {
        self.app.get(format!("{}/archive", self.path())).by(by).send().await
    }

    async fn kept(&self, by: &Person) -> Kept {
        Kept::of(&self.archive(by).await.is(200).body)
    }
}

impl Kept {
    fn session(&mut self) -> Session {
        assert_eq!(self.archive.verify().expect("readable"), []);
        self.archive.session().expect("readable").expect("a session")
    }

    /// The same archive with another text at this path, under a manifest of its own.
    fn rewritten(&mut self, at: &str, from: &str, to: &str) -> Self {
        let paths: Vec<String> =
            self.archive.manifest().entries().iter().map(|one| one.path.clone()).collect();
        let parts = paths.into_iter().map(|path| {
            let mut bytes = Vec::new();
            let mut content = self.archive.content(&path).expect("it");
            content.read_to_end(&mut bytes).expect("read");
            if path == at {
                let text = String::from_utf8(bytes).expect("a text");
                assert!(text.contains(from), "{from} in {path}");
                bytes = text.replace(from, to).into_bytes();
            }
            Part { path, content: Content::Bytes(bytes) }
        });
        let parts = parts.collect();
        let mut bytes = Cursor::new(Vec::new());
        archive::write(&mut bytes, parts, DateTime::UNIX_EPOCH).expect("written");
        Self::of(&bytes.into_inner())
    }

    fn names(&mut self) -> Vec<String> {
        self.session().candidates.into_iter().map(|one| one.name).collect()
    }
}

#[tokio::test]
async fn only_managers_and_members_in_their_window_take_a_session_away() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let jury = Jury::planned(&scene, &[&scene.enrolment]).await;
    let status = async |by: &Person| jury.archive(by).await.status.as_u16();
    let (member, declining) = (jury.members[1].clone(), jury.members[4].clone());
    let outsider = scene.school.person("paula", &["jury"]).await;
    let elsewhere = School::open(&app, "ailleurs").await;
    assert_eq!(status(&member).await, 403, "it is not open yet");
    jury.step("open").await;
    for (who, person, expected) in [
        ("a member", &member, 200),
        ("a manager", &scene.school.head, 200),
        ("a juror of another session", &outsider, 404),
        ("the student", &scene.student, 404),
        ("the student's tutor", &scene.tutor, 404),
        ("a manager of another school", &elsewhere.head, 404),
    ] {
        assert_eq!(status(person).await, expected, "{who}");
    }
    let session = jury.read(&jury.head).await;
    let seats = session["members"].as_array().expect("members").iter();
    let present: Vec<_> =
        seats.filter(|one| one["user_id"] != declining.id).map(|one| one["id"].clone()).collect();
    let call = app.post(format!("{}/roll-call", jury.path())).by(&jury.head);
    let call = call.version(crate::support::version(&session));
    call.json(json!({ "present": present })).send().await.is(200);
    assert_eq!(status(&declining).await, 403, "who is absent reads no more");

    app.pass(TimeDelta::days(25));
    assert_eq!(status(&member.again(&app).await).await, 403, "the window is over");
    assert_eq!(status(&jury.head.again(&app).await).await, 200);
}

#[tokio::test]
async fn a_member_takes_what_they_may_read_and_their_own_notes() {
    let app = TestApp::new().await;
    let (scene, dossier) = deposited(&app).await;
    let second = another(&scene, "zoe").await;
    second.confidential("school").await;
    let third = another(&scene, "yann").await;
    let candidates = [&scene, &second, &third].map(|one| one.enrolment.clone());
    let jury = Jury::open(&scene, &candidates.each_ref().map(String::as_str)).await;
    let [chair, member, other] = [0, 1, 2].map(|place| &jury.members[place]);
    let body = json!({ "kind": "question", "block": block(), "competency": competency(),
        "text": "Qui a choisi l’outil ?" });
    jury.note(member, &candidates[0], body).await;
    jury.note(chair, &candidates[0], json!({ "kind": "note", "text": "À moi seul" })).await;
    jury.recuse(member, &candidates[1]).await;
    jury.declare(other, &candidates[0]).await;

    let answer = jury.archive(member).await.is(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    let name = "acquis-jury-d-automne-2026-10-05.zip";
    assert!(answer.header("content-disposition").contains(name));
    let mut kept = Kept::of(&answer.body);
    let session = kept.session();
    assert_eq!(kept.names(), ["lea Test", "yann Test"], "not her from whom they are recused");
    assert_eq!(jury.kept(other).await.names(), ["zoe Test", "yann Test"]);
    assert_eq!(jury.kept(chair).await.names().len(), 3);
    let carried = session.candidates[0].dossier.as_ref().expect("a dossier");
    assert_eq!(carried.manifest_sha256, text(&dossier["manifest_sha256"]));
    assert_eq!((session.minutes, &carried.folder), (None, &None));
    let entries = kept.archive.manifest().entries().to_vec();
    let files = entries.iter().filter(|one| one.path.starts_with("fichiers/"));
    assert_eq!(files.count(), 1, "what two candidates share stands once");
    for path in [&carried.page, &carried.document, "index.html", SESSION_PATH] {
        assert!(entries.iter().any(|one| one.path == *path), "{path} in {entries:?}");
    }

    let texts = kept.texts();
    assert!(texts.contains("Qui a choisi l’outil ?"));
    assert!(!texts.contains("À moi seul"), "nobody else's");
    assert!(!texts.contains("zoe Test"));
    assert!(texts.contains("Mon parcours.") && texts.contains("Le rapport entier"));
    assert!(!texts.contains("lea@") && !texts.contains(&scene.student.email));
    assert!(matches!(kept.archive.portfolio(), Err(Refusal::OfSession)));
}

#[tokio::test]
async fn a_manager_takes_frozen_dossiers_without_what_is_confidential() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let second = fellow(&scene, "zoe").await;
    second.covered().await;
    second.confidential("school").await;
    second.deposited().await;
    let third = scene.school.person("yann", &["apprentice"]).await;
    let third = scene.school.enrol(&third.id, None, &[]).await;
    let jury = Jury::planned(&scene, &[&scene.enrolment, &second.enrolment, &third]).await;

    let mut kept = jury.kept(&jury.head).await;
    let session = kept.session();
    let [whole, hidden, none] = &session.candidates[..] else { panic!("three candidates") };
    assert_eq!(none.dossier, None, "nothing is deposited");
    let hidden = hidden.dossier.as_ref().expect("a dossier");
    assert_eq!((hidden.hidden, &hidden.folder), (1, &None));
    let folder = whole.dossier.as_ref().and_then(|it| it.folder.clone()).expect("a folder");
    let mut frozen = String::new();
    let path = format!("{folder}/dossier.json");
    kept.archive.content(&path).expect("it").read_to_string(&mut frozen).expect("a text");
    assert!(frozen.contains("Mon parcours."));
    let texts = kept.texts();
    assert!(!texts.contains("Le secret de la forge") && !texts.contains("Incident réservé"));
    assert!(texts.contains("Dossier incomplet."));
    assert!(session.minutes.is_none() && !texts.contains("proces-verbal"));
}

/// Hands in an evidence with a file that has always the same content.
async fn attached(scene: &Scene<'_>, name: &str) {
    let draft = scene.evidence("Le projet du groupe").await;
    let path = format!("/api/v1/evidence/{}/files", text(&draft["id"]));
    let ask = scene.school.app.post(path).by(&scene.student).file(name, b"Le rapport du groupe");
    ask.send().await.is(201);
    scene.step(&scene.student, &scene.reread(&draft).await, "submit", "").await;
}

#[tokio::test]
async fn what_has_two_names_is_found_from_every_page() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let second = fellow(&scene, "zoe").await;
    for (scene, names) in [(&scene, &["a.txt", "b.txt"][..]), (&second, &["c.txt"])] {
        scene.covered().await;
        for name in names {
            attached(scene, name).await;
        }
        scene.deposited().await;
    }
    let jury = Jury::planned(&scene, &[&scene.enrolment, &second.enrolment]).await;
    jury.kept(&jury.head).await.check_links();
    let path = format!("/api/v1/enrolments/{}/archive", scene.enrolment);
    let own = app.get(path).by(&scene.student).send().await.is(200);
    Kept::of(&own.body).check_links();
}

#[tokio::test]
async fn after_closing_a_manager_takes_the_minutes_and_every_change_is_named() {
    let app = TestApp::new().await;
    let defence = Defence::open(&app, &[0]).await;
    defence.decide(0, json!({ "verdict": "validated", "transversal": ["T1", "T2"] })).await;
    defence.close().await;
    let head = &defence.scene.school.head;
    let at = format!("/api/v1/jury-sessions/{}", defence.session);
    let amend = app.post(format!("{at}/minutes/amendments")).by(head);
    amend.json(json!({ "text": "Lire « Léa »" })).send().await.is(201);
    let bytes = app.get(format!("{at}/archive")).by(head).send().await.is(200).body;
    let mut kept = Kept::of(&bytes);
    let session = kept.session();
    let minutes = session.minutes.expect("minutes");
    assert_eq!(minutes.amendments[0].text, "Lire « Léa »");
    let mut sealed = String::new();
    kept.archive.content(&minutes.path).expect("it").read_to_string(&mut sealed).expect("a text");
    assert_eq!(hex::encode(Sha256::digest(&sealed)), minutes.sha256);
    let served = app.get(format!("{at}/minutes")).by(head).send().await.is(200).value();
    assert_eq!(text(&served["sha256"]), minutes.sha256);
    let paths: Vec<&str> =
        kept.archive.manifest().entries().iter().map(|one| one.path.as_str()).collect();
    assert!(paths.contains(&"documents/proces-verbal.pdf"), "{paths:?}");

    // A member of the closed session still reads, without what is sealed for managers.
    let member = &defence.jurors[1];
    let mut theirs =
        Kept::of(&app.get(format!("{at}/archive")).by(member).send().await.is(200).body);
    assert_eq!(theirs.session().minutes, None);

    let mut changed = bytes.to_vec();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), changed).expect("written");
    let found = Archive::open(file.path()).map(|mut archive| archive.verify());
    assert!(!matches!(found, Ok(Ok(findings)) if findings.is_empty()), "a changed byte is seen");

    // Whoever writes the manifest anew does not come through with what is sealed inside.
    for (what, path, from, to, found) in [
        ("an amendment", SESSION_PATH, "Lire « Léa »", "Lire « Zoé »", "l’additif 1 ne suit pas"),
        (
            "the minutes",
            minutes.path.as_str(),
            "validated",
            "postponed",
            "procès-verbal : son texte",
        ),
        ("a file of a dossier", "certification.toml", "e", "é", "dossier 1 de lea Test"),
    ] {
        let findings = kept.rewritten(path, from, to).archive.verify().expect("readable");
        let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(
            findings.iter().any(|it| it.replace('\u{a0}', " ").contains(found)),
            "{what}: {findings:?}"
        );
    }
}
