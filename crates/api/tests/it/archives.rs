//! Portfolios as archives: who gets what, proven whole, and brought into another instance.

use std::io::Write;

use archive::{Archive, PORTFOLIO_PATH};
use domain::portfolio::Portfolio;
use serde_json::Value;
use store::portfolio::bring;

use crate::records::Defence;
use crate::support::{Answer, Person, Scene, School, TestApp, below, block, required};

/// An archive on the disk, which is there as long as this is.
pub struct Kept {
    pub archive: Archive,
    file: tempfile::NamedTempFile,
}

impl Kept {
    pub fn of(bytes: &[u8]) -> Self {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(bytes).expect("written");
        let archive = Archive::open(file.path()).expect("an archive");
        Self { archive, file }
    }

    fn portfolio(&mut self) -> Portfolio {
        assert_eq!(self.archive.verify().expect("readable"), [], "{:?}", self.file);
        self.archive.portfolio().expect("a portfolio")
    }

    /// Every text of it, one after the other.
    pub fn texts(&mut self) -> String {
        let entries = self.archive.manifest().entries().to_vec();
        let mut texts = String::new();
        for entry in entries {
            let mut bytes = Vec::new();
            let mut content = self.archive.content(&entry.path).expect("it");
            std::io::Read::read_to_end(&mut content, &mut bytes).expect("read");
            texts.push_str(&entry.path);
            texts.push_str(&String::from_utf8_lossy(&bytes));
        }
        texts
    }
}

impl Scene<'_> {
    async fn archive(&self, by: &Person) -> Answer {
        let path = format!("/api/v1/enrolments/{}/archive", self.enrolment);
        self.school.app.get(path).by(by).send().await
    }

    /// Evidence with a file, judged, visited, deposited and validated.
    async fn lived(&self) {
        let evidence = self.covered().await;
        self.evidence("Un brouillon").await;
        let path = format!("/api/v1/evidence/{}/messages", crate::support::text(&evidence["id"]));
        let say = serde_json::json!({ "text": "Bravo <b>Léa</b>" });
        self.school.app.post(path).by(&self.tutor).json(say).send().await.is(201);
        self.signed(&self.tutor, "school", &below()).await;
        self.signed(&self.tutor, "school", &required()).await;
        self.signed(&self.company, "company", &below()).await;
        let visit = self.visit(&self.tutor).await;
        let visit = self.sign_visit(&self.tutor, &visit).await;
        self.sign_visit(&self.company, &visit).await;
        self.deposited().await;
        self.validated(1, &block(), "2026-10-01").await;
        self.step(&self.tutor, &self.reread(&evidence).await, "return", "À reprendre").await;
    }
}

#[tokio::test]
async fn a_student_takes_everything_away() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.lived().await;
    scene.confidential("school").await;
    let answer = scene.archive(&scene.student).await.is(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    let name = "acquis-lea-";
    assert!(
        answer.header("content-disposition").contains(name),
        "{:?}",
        answer.header("content-disposition")
    );
    assert!(answer.header("content-disposition").contains("-2026-10-05.zip"));
    assert_eq!(answer.header("content-length"), answer.body.len().to_string());
    let mut kept = Kept::of(&answer.body);
    let portfolio = kept.portfolio();
    assert_eq!(portfolio.left_out, 0);
    assert_eq!(portfolio.evidence.len(), 3);
    assert_eq!(portfolio.assessments.len(), 3);
    assert_eq!(portfolio.visits.len(), 1);
    assert_eq!(portfolio.validated.len(), 1);
    let paths: Vec<String> =
        kept.archive.manifest().entries().iter().map(|entry| entry.path.clone()).collect();
    for expected in [
        "LISEZMOI.txt",
        "certification.toml",
        "documents/dossier-1.pdf",
        "dossier-1.html",
        "dossiers/1/dossier.json",
        "dossiers/1/manifest.txt",
        "index.html",
        PORTFOLIO_PATH,
        "preuves.html",
    ] {
        assert!(paths.iter().any(|path| path == expected), "{expected} in {paths:?}");
    }
    assert!(
        paths.iter().any(|path| path.starts_with("fichiers/") && path.ends_with("-rapport.txt"))
    );
    let texts = kept.texts();
    assert!(texts.contains("Un brouillon") && texts.contains("Le secret de la forge"));
    assert!(texts.contains("Le rapport entier"));
    assert!(texts.contains("Bravo &lt;b&gt;Léa&lt;/b&gt;"), "what people write is text");
}

#[tokio::test]
async fn a_student_takes_papers_and_badges_away() {
    let app = TestApp::new().await;
    let defence = Defence::open(&app, &[0]).await;
    let scene = &defence.scene;
    let ruling = serde_json::json!({ "verdict": "validated", "transversal": ["T1", "T2"] });
    defence.decide(0, ruling).await;
    defence.close().await;
    let held = scene.read(&scene.student, "record").await["validated"][0]["id"].clone();
    let badge = scene.credential(&crate::support::text(&held)).await;
    let path = format!("/api/v1/credentials/{}", crate::support::text(&badge["id"]));
    let jwt = app.get(format!("{path}/credential.jwt")).by(&scene.student).send().await.is(200);
    let mut kept = Kept::of(&scene.archive(&scene.student).await.is(200).body);
    kept.portfolio();
    for (path, begins) in [
        ("documents/lettre-de-resultats-1.pdf".to_owned(), &b"%PDF"[..]),
        (format!("documents/attestation-{}.pdf", block()), b"%PDF"),
        (format!("badges/{}.jwt", block()), &jwt.body),
    ] {
        let mut bytes = Vec::new();
        let mut content = kept.archive.content(&path).expect(&path);
        std::io::Read::read_to_end(&mut content, &mut bytes).expect("read");
        assert!(bytes.starts_with(begins), "{path}");
    }
    assert!(kept.archive.content("documents/parchemin.pdf").is_err(), "it is not obtained");

    let reason = serde_json::json!({ "reason": "Erreur" });
    let ask = app.post(format!("{path}/revoke")).by(&scene.school.head);
    ask.version(crate::support::version(&badge)).json(reason).send().await.is(200);
    let kept = Kept::of(&scene.archive(&scene.school.head).await.is(200).body);
    let entries = kept.archive.manifest().entries();
    assert!(entries.iter().all(|one| !one.path.starts_with("badges/")), "it was taken back");
}

#[tokio::test]
async fn a_manager_gets_nothing_confidential_and_no_draft() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.covered().await;
    scene.evidence("Un brouillon").await;
    scene.confidential("school").await;
    scene.deposited().await;
    let mut kept = Kept::of(&scene.archive(&scene.school.head).await.is(200).body);
    let portfolio = kept.portfolio();
    assert_eq!((portfolio.left_out, portfolio.evidence.len()), (1, 1));
    assert!(portfolio.dossiers[0].frozen.is_none());
    let texts = kept.texts();
    for secret in ["Un brouillon", "Incident réservé", "Le secret de la forge"] {
        assert!(!texts.contains(secret), "{secret}");
    }
    assert!(texts.contains("CE QUI MANQUE") && texts.contains("Archive incomplète."));

    let there = TestApp::new().await;
    let school = School::open(&there, "lycee").await;
    let refused = bring(&there.db, school.id().await, &portfolio, "sum").await;
    assert!(matches!(refused, Err(store::Error::Conflict { code: "incomplete_archive", .. })));
}

/// What must be the same wherever the portfolio is: people by their address, and without the marks of
/// the instance.
fn lasting(portfolio: &Portfolio) -> Value {
    let mut value = serde_json::to_value(portfolio).expect("JSON");
    for field in ["exported_at", "organisation", "origins"] {
        value.as_object_mut().expect("an object").remove(field);
    }
    let journal = value["journal"].as_array_mut().expect("a journal");
    journal.retain(|act| act["action"] != "enrolment.imported");
    value["enrolment"]["organisation_id"] = Value::Null;
    value["enrolment"]["certification"]["id"] = Value::Null;
    by_address(&mut value);
    value
}

fn by_address(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(email) = fields.get("email").cloned() {
                fields.insert("id".to_owned(), email);
            }
            fields.values_mut().for_each(by_address);
        }
        Value::Array(items) => items.iter_mut().for_each(by_address),
        _ => {}
    }
}

#[tokio::test]
async fn another_instance_takes_a_portfolio_in_without_loss() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.lived().await;
    let bytes = scene.archive(&scene.student).await.is(200).body;
    let mut kept = Kept::of(&bytes);
    let portfolio = kept.portfolio();
    let sum = kept.archive.manifest().sha256();

    let there = TestApp::new().await;
    let school = School::open(&there, "lycee").await;
    let organisation = school.id().await;
    for (sha256, path) in &portfolio.contents {
        let mut content = Vec::new();
        let mut read = kept.archive.content(path).expect("the content");
        std::io::Read::read_to_end(&mut read, &mut content).expect("read");
        let stream = futures::stream::iter([Ok::<_, std::io::Error>(content.into())]);
        assert_eq!(there.db.files.keep(stream).await.expect("kept").sha256, *sha256);
    }
    let brought = bring(&there.db, organisation, &portfolio, &sum).await.expect("brought");
    assert!(brought.is_new);
    assert_eq!(store::audit::first_break(&there.db, organisation).await.expect("read"), None);
    assert!(there.mails(&scene.student.email).await.is_empty(), "no mail");

    let scope = [organisation].into();
    let enrolled = store::enrolment::find(&there.db, &scope, brought.enrolment).await;
    let enrolled = enrolled.expect("read").expect("the enrolment");
    let student = enrolled.enrolment.student.id;
    let everything = authz::Sight::Everything;
    let again =
        store::portfolio::read(&there.db, &enrolled, student, everything, archive::content_path)
            .await
            .expect("read");
    pretty(&lasting(&again), &lasting(&portfolio));
    assert_eq!(again.origins.len(), 1);
    assert_eq!(again.origins[0].archive_sha256, sum);

    // Once is enough.
    let twice = bring(&there.db, organisation, &portfolio, &sum).await.expect("again");
    assert_eq!((twice.enrolment, twice.is_new, twice.people), (brought.enrolment, false, 0));
    let here = scene.school.id().await;
    let home = bring(&app.db, here, &portfolio, &sum).await.expect("at home");
    assert!(!home.is_new, "the school that it left has it");
}

/// Says where two values differ.
fn pretty(one: &Value, other: &Value) {
    let lines = |value: &Value| serde_json::to_string_pretty(value).expect("JSON");
    let (one, other) = (lines(one), lines(other));
    for (number, (one, other)) in one.lines().zip(other.lines()).enumerate() {
        assert_eq!(one, other, "line {number}");
    }
    assert_eq!(one.lines().count(), other.lines().count());
}
