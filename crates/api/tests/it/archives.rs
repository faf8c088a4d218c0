//! Portfolios as archives: who gets what, proven whole, and brought into another instance.

use std::{cell::Cell, io::Write};

use archive::{Archive, PORTFOLIO_PATH};
use axum::http::Method;
use domain::{
    capitalisation::ValidatedBlock,
    decision::Verdict,
    portfolio::{Obtention, Portfolio, Validation},
};
use serde_json::{Value, json};
use store::portfolio::{Brought, bring};
use uuid::Uuid;

use crate::{
    records::{Defence, code, examined, hold, validated},
    support::{
        Answer, Person, Scene, School, TestApp, below, block, certification, each, required, text,
        version,
    },
};

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

    /// Every link of every page leads to something that is there.
    pub fn check_links(&mut self) {
        let paths: Vec<String> =
            self.archive.manifest().entries().iter().map(|entry| entry.path.clone()).collect();
        let is_there = |path: &str| path == "manifest.txt" || paths.iter().any(|one| one == path);
        for page in paths.iter().filter(|path| path.rsplit('.').next() == Some("html")) {
            let mut text = String::new();
            let mut content = self.archive.content(page).expect("it");
            std::io::Read::read_to_string(&mut content, &mut text).expect("read");
            for link in text.split("href=\"").skip(1) {
                let target = link.split(['"', '#']).next().unwrap_or_default();
                assert!(
                    target.is_empty() || is_there(target),
                    "{page} leads to {target}, not in {paths:?}"
                );
            }
        }
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

    /// Evidence with a file, judged, visited and deposited.
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

/// Brings the portfolio of an archive into a school.
pub async fn into(school: &School<'_>, kept: &mut Kept) -> Brought {
    let portfolio = kept.portfolio();
    for (sha256, path) in &portfolio.contents {
        let mut content = Vec::new();
        let mut read = kept.archive.content(path).expect("the content");
        std::io::Read::read_to_end(&mut read, &mut content).expect("read");
        let stream = futures::stream::iter([Ok::<_, std::io::Error>(content.into())]);
        assert_eq!(school.app.db.files.keep(stream).await.expect("kept").sha256, *sha256);
    }
    let sum = kept.archive.manifest().sha256();
    bring(&school.app.db, school.id().await, &portfolio, &sum).await.expect("brought")
}

/// A portfolio that was brought, as its student would take it away again.
async fn as_it_is(school: &School<'_>, brought: &Brought) -> Portfolio {
    portfolio_of(school, brought.enrolment).await
}

async fn portfolio_of(school: &School<'_>, enrolment: Uuid) -> Portfolio {
    let scope = [school.id().await].into();
    let enrolled = store::enrolment::find(&school.app.db, &scope, enrolment).await;
    let enrolled = enrolled.expect("read").expect("the enrolment");
    let student = enrolled.enrolment.student.id;
    let everything = authz::Sight::Everything;
    store::portfolio::read(&school.app.db, &enrolled, student, everything, archive::content_path)
        .await
        .expect("read")
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
    let brought = into(&school, &mut kept).await;
    assert!(brought.is_new);
    assert_eq!(brought.waiting_again, [0; 0]);
    assert_eq!(store::audit::first_break(&there.db, organisation).await.expect("read"), None);
    assert!(there.mails(&scene.student.email).await.is_empty(), "no mail");

    let again = as_it_is(&school, &brought).await;
    pretty(&lasting(&again), &lasting(&portfolio));
    assert_eq!(again.origins.len(), 1);
    assert_eq!(again.origins[0].archive_sha256, sum);

    // Once is enough.
    let twice = bring(&there.db, organisation, &portfolio, &sum).await.expect("again");
    assert_eq!((twice.enrolment, twice.is_new, twice.people), (brought.enrolment, false, 0));
    let here = scene.school.id().await;
    // What another archive of it has more would be lost without a word.
    for (app, organisation, sum) in [(&app, here, sum.as_str()), (&there, organisation, "newer")] {
        let refused = bring(&app.db, organisation, &portfolio, sum).await.expect_err("refused");
        assert!(refused.to_string().starts_with("already_here"), "{refused}");
    }
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

/// The jury of a school validates these blocks, waives every requirement that is not met, and adds to
/// its minutes.
async fn judged<'a>(app: &'a TestApp, blocks: &[usize]) -> Defence<'a> {
    let defence = Defence::open(app, blocks).await;
    let chair = &defence.jurors[0];
    for block in blocks {
        defence.decide(*block, validated(*block)).await;
    }
    let table = app.get(defence.path("/deliberation")).by(chair).send().await.is(200).value();
    let requirements = table["candidates"][0]["matter"]["requirements"].as_array().cloned();
    for one in requirements.expect("requirements").iter().filter(|one| one["state"] == "unmet") {
        let path = format!("/candidates/{}/waivers/{}", defence.scene.enrolment, text(&one["key"]));
        let ask = app.ask(Method::PUT, defence.path(&path)).by(chair).version(0);
        let waiver = json!({ "motive": "Entreprise fermée", "granted_by": "Rose Test" });
        ask.json(waiver).send().await.is(200);
    }
    defence.close().await;
    let ask = app.post(defence.path("/minutes/amendments")).by(chair);
    ask.json(json!({ "text": "Lire « Léa »." })).send().await.is(201);
    defence
}

#[tokio::test]
async fn what_a_jury_of_elsewhere_waived_counts_and_what_it_said_stays() {
    let app = TestApp::new().await;
    let defence = judged(&app, &[0, 1, 2]).await;
    let scene = &defence.scene;
    let mut kept = Kept::of(&scene.archive(&scene.student).await.is(200).body);
    let portfolio = kept.portfolio();
    let said = &portfolio.deliberations[0];
    assert_eq!(said.amendments[0].text, "Lire « Léa ».");
    assert!(!said.waivers.is_empty());
    let texts = kept.texts();
    let page = texts.find("Additif au").map(|at| &texts[at..(at + 80)]);
    assert!(texts.contains("Additif au procès-verbal, le 5 octobre 2026"), "{page:?}");
    let of_jury = portfolio.validated.iter().find(|one| one.block.block == block());
    assert_eq!(of_jury.expect("the block").session, Some(said.session));

    let there = TestApp::new().await;
    let school = School::open(&there, "lycee").await;
    let brought = into(&school, &mut kept).await;
    pretty(&lasting(&as_it_is(&school, &brought).await), &lasting(&portfolio));

    // The new school tells of it, in no letter of its own.
    let student = Person { id: portfolio.enrolment.student.id.to_string(), ..school.head.clone() };
    let id = brought.enrolment.to_string();
    let path = format!("/api/v1/enrolments/{id}");
    let head = school.head.clone();
    let read = async |path: String| there.get(path).by(&head).send().await;
    let record = read(format!("{path}/record")).await.is(200).value();
    assert_eq!(record["judged"][0]["elsewhere"], true);
    // Each block says where it comes from, and so does its attestation.
    for held in record["validated"].as_array().expect("blocks") {
        let provenance = &record["provenance"][text(&held["id"])];
        assert_eq!(provenance["school"], "ecole", "{held}");
        assert_eq!(provenance["recorded_on"], "2026-10-05");
        assert_eq!(provenance["recorded_by"], Value::Null, "the program brought it by itself");
    }
    let pdf = read(format!("{path}/blocks/{}/attestation.pdf", block())).await.is(200).body;
    let (findings, words) = examined(&pdf);
    assert_eq!(findings, "");
    for said in [
        "par décision d’un jury de ecole du 5 octobre 2026",
        "n’est pas d’un jury de lycee",
        "reprise le 5 octobre 2026",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert_eq!(record["judged"][0]["organisation"], "ecole");
    assert_eq!(record["judged"][0]["amendments"][0]["text"], "Lire « Léa ».");
    assert_eq!(record["attainment"]["blocks"], json!([code(3)]));
    assert_eq!(record["attainment"]["requirements"], json!([]));
    let letter = format!("{path}/juries/{}/result-letter.pdf", said.session);
    read(letter).await.fails(404, "not_found");

    // Its last block makes the certification.
    let (company, tutor) = (school.head.clone(), school.head.clone());
    let scene = Scene { school, student, company, tutor, enrolment: id };
    hold(&scene, &scene.enrolment, &[3], "2026-10-05").await;
    there.runner().tick().await.expect("a tick");
    let record = read(format!("{path}/record")).await.is(200).value();
    assert_eq!(record["obtained_on"], "2026-10-05");
}

#[tokio::test]
async fn what_was_tampered_with_does_not_leave() {
    let app = TestApp::new().await;
    let defence = judged(&app, &[0]).await;
    let scene = &defence.scene;
    scene.archive(&scene.student).await.is(200);
    for (change, back) in [
        (
            "UPDATE minutes SET content = replace(content, 'Entreprise fermée', 'Rien')",
            "UPDATE minutes SET content = replace(content, 'Rien', 'Entreprise fermée')",
        ),
        (
            "UPDATE minutes_amendments SET text = 'Lire « Zoé ».'",
            "UPDATE minutes_amendments SET text = 'Lire « Léa ».'",
        ),
        (
            "UPDATE dossiers SET content = replace(content, 'Trois ans', 'Trente ans')",
            "UPDATE dossiers SET content = replace(content, 'Trente ans', 'Trois ans')",
        ),
    ] {
        app.tamper(change).await;
        scene.archive(&scene.student).await.fails(500, "internal");
        app.tamper(back).await;
    }
    scene.archive(&scene.student).await.is(200);
}

#[tokio::test]
async fn what_is_not_what_it_says_is_not_taken_in() {
    let app = TestApp::new().await;
    let defence = judged(&app, &[0]).await;
    let scene = &defence.scene;
    let portfolio = Kept::of(&scene.archive(&scene.student).await.is(200).body).portfolio();
    let school = School::open(&app, "lycee").await;
    let organisation = school.id().await;
    let refusal = async |change: &dyn Fn(&mut Portfolio)| {
        let mut changed = portfolio.clone();
        change(&mut changed);
        bring(&app.db, organisation, &changed, "sum").await.expect_err("refused")
    };
    let error = refusal(&|it| it.validated[0].block.block = "BC99".to_owned()).await;
    let store::Error::Invalid(faults) = error else { panic!("{error}") };
    assert_eq!(faults[0].code, "unknown_block");
    assert!(faults[0].detail.contains("BC99"), "{}", faults[0].detail);
    let frozen =
        |it: &mut Portfolio| it.dossiers[0].frozen.as_mut().expect("frozen").content.clear();
    let error = refusal(&frozen).await;
    assert!(matches!(error, store::Error::Conflict { code: "broken_dossier", .. }), "{error}");
}

/// A change to an archive, and the field that it is refused for.
type Forgery<'a> = (&'a str, &'a dyn Fn(&mut Portfolio));

#[tokio::test]
async fn nothing_is_held_here_that_no_jury_of_the_archive_gave() {
    let app = TestApp::new().await;
    let defence = judged(&app, &[0]).await;
    let scene = &defence.scene;
    let portfolio = Kept::of(&scene.archive(&scene.student).await.is(200).body).portfolio();
    let school = School::open(&app, "lycee").await;
    let organisation = school.id().await;
    let day = portfolio.validated[0].block.validated_on;
    let forgeries: [Forgery; 5] = [
        ("validated[0]", &|it| it.deliberations.clear()),
        ("validated[0]", &|it| it.validated[0].block.validated_on = day.succ_opt().expect("a day")),
        ("validated[0]", &|it| it.deliberations[0].decisions[0].verdict = Verdict::Partial),
        ("validated[1]", &|it| {
            let block = ValidatedBlock { block: code(1), ..it.validated[0].block.clone() };
            let block = ValidatedBlock { transversal: Vec::new(), ..block };
            it.validated.push(Validation { block, ..it.validated[0].clone() });
        }),
        ("obtained", &|it| {
            let (session, recorded_at) = (it.validated[0].session, it.exported_at);
            it.obtained = Some(Obtention { obtained_on: day, session, recorded_at });
        }),
    ];
    for (index, (field, change)) in forgeries.into_iter().enumerate() {
        let mut changed = portfolio.clone();
        change(&mut changed);
        let error = bring(&app.db, organisation, &changed, "sum").await.expect_err("refused");
        let store::Error::Invalid(faults) = error else { panic!("{index}: {error}") };
        let [fault] = &faults[..] else { panic!("{index}: {faults:?}") };
        assert_eq!((fault.field.as_str(), fault.code), (field, "no_deliberation"), "{index}");
        let what = if field == "obtained" { "la certification" } else { "le bloc" };
        assert!(fault.detail.contains(what), "{}", fault.detail);
        assert!(fault.detail.contains("octobre 2026"), "{}", fault.detail);
    }
    // What its school wrote down from older records names no jury, and comes along.
    let mut older = portfolio;
    older.validated[0].session = None;
    bring(&app.db, organisation, &older, "sum").await.expect("as it left");
}

#[tokio::test]
async fn a_certification_that_a_jury_gave_comes_along_without_the_address_of_who_presided() {
    let app = TestApp::new().await;
    let defence = judged(&app, &[0, 1, 2, 3]).await;
    let scene = &defence.scene;
    let chair = &defence.jurors[0];
    let mut kept = Kept::of(&scene.archive(&scene.student).await.is(200).body);
    let portfolio = kept.portfolio();
    assert_eq!(
        portfolio.obtained.as_ref().and_then(|one| one.session).map(|id| id.to_string()),
        Some(defence.session.clone())
    );
    let acts = portfolio.journal.iter().filter(|act| act.action == "certification.obtained");
    assert_eq!(acts.count(), 1);
    let texts = kept.texts();
    assert!(texts.contains("rose Test") && !texts.contains(&chair.email));
    let record = scene.read(&scene.student, "record").await;
    assert_eq!(record["judged"][0]["sealed_by"]["given_name"], "rose");
    let member = &defence.jurors[1];
    let minutes = app.get(defence.path("/minutes")).by(member).send().await.is(200).value();
    assert_eq!(minutes["amendments"][0]["by"]["given_name"], "rose");
    for answer in [record, minutes] {
        assert!(!answer.to_string().contains(&chair.email), "{answer}");
    }
    let there = TestApp::new().await;
    let school = School::open(&there, "lycee").await;
    let brought = into(&school, &mut kept).await;
    pretty(&lasting(&as_it_is(&school, &brought).await), &lasting(&portfolio));

    // The school that gave it issues its certificate and its badges.
    let path = format!("/api/v1/enrolments/{}", brought.enrolment);
    let read = async |part: &str| there.get(format!("{path}/{part}")).by(&school.head).send().await;
    let record = read("record").await.is(200).value();
    assert_eq!(record["certificate"], "given_elsewhere");
    read("certificate.pdf").await.fails(409, "given_elsewhere");
    // Whoever had tried there before holds what was given, and no other papers.
    let body = json!({
        "student_id": there.get(&path).by(&school.head).send().await.is(200).value()["student"]["id"],
        "certification": crate::support::CODE,
        "route": "continuing",
        "status": "employee",
        "starts_on": "2010-09-01",
        "ends_on": "2012-08-31",
    });
    let earlier = there.post("/api/v1/enrolments").by(&school.head).json(body).send().await;
    let earlier = format!("/api/v1/enrolments/{}", text(&earlier.is(201).value()["id"]));
    let read_earlier =
        async |part: &str| there.get(format!("{earlier}/{part}")).by(&school.head).send().await;
    let again = read_earlier("record").await.is(200).value();
    assert_eq!(
        (&again["obtained_on"], &again["certificate"]),
        (&record["obtained_on"], &record["certificate"])
    );
    assert_eq!(again["obtained_under"], brought.enrolment.to_string());
    read_earlier("certificate.pdf").await.fails(409, "given_elsewhere");
    assert_eq!(read("credentials").await.is(200).value()["issuable"], json!([]));
    for subject in [
        json!({ "kind": "certification" }),
        json!({ "kind": "block", "validated_block": record["validated"][0]["id"] }),
    ] {
        let issue = there.post(format!("{path}/credentials")).by(&school.head).json(subject);
        issue.send().await.fails(409, "given_elsewhere");
    }
}

#[tokio::test]
async fn an_archive_is_of_one_moment() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let mut evidence = scene.submitted("Relue").await;
    let busy = Cell::new(true);
    let acts = async {
        for _ in 0..10 {
            evidence = scene.step(&scene.tutor, &evidence, "return", "Encore").await;
            evidence = scene.step(&scene.student, &evidence, "submit", "").await;
        }
        busy.set(false);
    };
    let takes = async {
        while busy.get() {
            let enrolment = scene.enrolment.parse().expect("an id");
            let portfolio = portfolio_of(&scene.school, enrolment).await;
            let kept = &portfolio.evidence[0];
            let sent = portfolio.journal.iter().filter(|act| act.action == "evidence.submitted");
            let sent = sent.count();
            assert_eq!((kept.evidence.revision as usize, kept.revisions.len()), (sent, sent));
        }
    };
    tokio::join!(acts, takes);
}

/// A dossier that a jury has open, of an evidence with a file that came back to its student; brought
/// into another school of the same instance, where every id is taken.
#[tokio::test]
async fn a_dossier_that_was_before_a_jury_waits_again_and_is_read_whatever_its_ids() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let evidence = scene.covered().await;
    scene.deposited().await;
    let defence = Defence::of(scene).await;
    let scene = &defence.scene;
    scene.step(&scene.tutor, &evidence, "return", "À reprendre").await;
    let mut kept = Kept::of(&scene.archive(&scene.student).await.is(200).body);
    let school = School::open(&app, "lycee").await;
    let brought = into(&school, &mut kept).await;
    assert_ne!(brought.enrolment.to_string(), scene.enrolment);
    assert_eq!(brought.waiting_again, [1]);

    let (student, head) = (scene.student.clone(), school.head.clone());
    let enrolment = brought.enrolment.to_string();
    let (company, tutor) = (head.clone(), head.clone());
    let here = Scene { school, student, company, tutor, enrolment };
    let dossiers = here.read(&head, "dossiers").await;
    assert_eq!(each(&dossiers, "status"), ["deposited"]);
    let dossier = format!("/api/v1/dossiers/{}", each(&dossiers, "id")[0]);
    let files = |dossier: &Value| {
        let evidence = dossier["evidence"].as_array().expect("evidence").clone();
        let files = evidence.iter().flat_map(|one| one["files"].as_array().expect("files").clone());
        files.map(|file| text(&file["id"])).collect::<Vec<_>>()
    };
    let seen = app.get(&dossier).by(&head).send().await.is(200).value();
    let file = format!("{dossier}/files/{}", files(&seen["frozen"])[0]);
    let content = app.get(&file).by(&head).send().await.is(200);
    assert_eq!(&content.body[..], b"Le rapport entier");
    assert!(content.header("content-disposition").contains("rapport.txt"));

    // What the student makes confidential here is hidden in the dossier from there.
    let own = here.read(&here.student, "evidence").await["items"][0].clone();
    assert_ne!(own["id"], evidence["id"]);
    let path = format!("/api/v1/evidence/{}", text(&own["id"]));
    let ask = app.patch(path).by(&here.student).version(version(&own));
    ask.json(json!({ "visibility": "school" })).send().await.is(200);
    let seen = app.get(&dossier).by(&head).send().await.is(200).value();
    assert_eq!((&seen["hidden"], files(&seen["frozen"]).len()), (&json!(1), 0));
    app.get(&file).by(&head).send().await.fails(404, "not_found");

    // A jury of here takes it, and opens every file.
    let sitting = Defence::of(here).await;
    let juror = &sitting.jurors[1];
    let reading = sitting.path(&format!("/candidates/{}", sitting.scene.enrolment));
    let reading = app.get(reading).by(juror).send().await.is(200).value();
    assert_eq!(files(&reading["dossier"]).len(), 1);
    assert_eq!(&app.get(&file).by(juror).send().await.is(200).body[..], b"Le rapport entier");
    sitting.decide(0, validated(0)).await;
    sitting.close().await;

    // And so it stays on the way to a third school.
    let scene = &sitting.scene;
    let mut kept = Kept::of(&scene.archive(&scene.student).await.is(200).body);
    let third = School::open(&app, "campus").await;
    let brought = into(&third, &mut kept).await;
    let path = format!("/api/v1/enrolments/{}/dossiers", brought.enrolment);
    let dossiers = app.get(path).by(&third.head).send().await.is(200).value();
    assert_eq!(each(&dossiers, "status"), ["decided"]);
    let dossier = format!("/api/v1/dossiers/{}", each(&dossiers, "id")[0]);
    assert_eq!(app.get(dossier).by(&third.head).send().await.is(200).value()["hidden"], 1);
    let record = format!("/api/v1/enrolments/{}/record", brought.enrolment);
    let record = app.get(record).by(&third.head).send().await.is(200).value();
    assert_eq!(record["judged"][0]["decisions"][0]["block"], certification().blocks[0].code);
}
