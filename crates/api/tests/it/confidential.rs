//! Confidential evidence: who opens it, and that no other page tells of it.

use serde_json::{Value, json};

use crate::support::{Person, Scene, TestApp, block, competency, each, required, text, version};

/// What nobody may meet who may not open it.
const SECRETS: [&str; 4] = ["Incident", "secret", "forge.md", "Entre nous"];

/// A scene with a confidential evidence that has a file, a message and a revision.
struct Hidden<'a> {
    scene: Scene<'a>,
    manager: Person,
    id: String,
    file: String,
}

impl<'a> Hidden<'a> {
    async fn new(app: &'a TestApp, visibility: &str) -> Self {
        let scene = Scene::new(app).await;
        let manager = scene.school.person("tom", &["manager"]).await;
        let modality = crate::support::certification().blocks[0].modalities[0].key.clone();
        let body = json!({
            "kind": "project",
            "title": "Incident réservé",
            "text": "Le secret de la forge",
            "competencies": [{ "competency": competency(), "justification": "secret" }],
            "modality": modality,
            "visibility": visibility,
        });
        let draft = scene.new_evidence(body).send().await.is(201).value();
        let id = text(&draft["id"]);
        let path = format!("/api/v1/evidence/{id}");
        let upload = app.post(format!("{path}/files")).by(&scene.student);
        let upload = upload.file("forge.md", b"# Le secret").send().await.is(201).value();
        let file = text(&upload["items"][0]["id"]);
        let draft = scene.reread(&draft).await;
        scene.step(&scene.student, &draft, "submit", "").await;
        let say = app.post(format!("{path}/messages")).by(&scene.student);
        say.json(json!({ "text": "Entre nous" })).send().await.is(201);
        Self { scene, manager, id, file }
    }

    /// Every address at which something of it could be read.
    fn addresses(&self) -> Vec<String> {
        let (id, file) = (&self.id, &self.file);
        vec![
            format!("/api/v1/evidence/{id}"),
            format!("/api/v1/evidence/{id}/revisions"),
            format!("/api/v1/evidence/{id}/messages"),
            format!("/api/v1/files/{file}"),
        ]
    }

    /// Every page that speaks of the student.
    fn pages(&self) -> Vec<String> {
        let at = format!("/api/v1/enrolments/{}", self.scene.enrolment);
        let block = block();
        vec![
            at.clone(),
            format!("{at}/progress"),
            format!("{at}/evidence"),
            format!("{at}/evidence?q=secret"),
            format!("{at}/evidence?deliverable=true"),
            format!("{at}/evidence?competency={}", competency()),
            format!("{at}/evidence?block={block}&order=newest&status=submitted&kind=project"),
            format!("{at}/assessments"),
            "/api/v1/enrolments".to_owned(),
            "/api/v1/queue".to_owned(),
            "/api/v1/me".to_owned(),
        ]
    }
}

#[tokio::test]
async fn only_who_is_chosen_opens_it() {
    for (visibility, company_may) in [("school", false), ("company", true)] {
        let app = TestApp::new().await;
        let hidden = Hidden::new(&app, visibility).await;
        let scene = &hidden.scene;
        let head = &scene.school.head;
        for (who, may) in [
            (&scene.student, true),
            (&scene.tutor, true),
            (&scene.company, company_may),
            (&hidden.manager, false),
            (head, false),
        ] {
            for path in hidden.addresses() {
                let status = app.get(&path).by(who).send().await.status.as_u16();
                assert_eq!(status, if may { 200 } else { 404 }, "{visibility} {path}");
            }
        }
    }
}

#[tokio::test]
async fn no_page_tells_of_it_to_who_may_not_open_it() {
    for (visibility, company_may) in [("school", false), ("company", true)] {
        let app = TestApp::new().await;
        let hidden = Hidden::new(&app, visibility).await;
        let scene = &hidden.scene;
        // A signed grid that took it into account is read by everybody.
        let mut grid = crate::support::grid("school", &required());
        grid["evidence"] = json!([hidden.id]);
        let grid = scene.new_assessment(&scene.tutor, grid).send().await.is(201).value();
        scene.sign(&scene.tutor, &grid).await;
        for (who, may) in [
            (&scene.tutor, true),
            (&scene.company, company_may),
            (&hidden.manager, false),
            (&scene.school.head, false),
        ] {
            let mut told = false;
            for path in hidden.pages() {
                let answer = app.get(&path).by(who).send().await.is(200);
                let body = String::from_utf8_lossy(&answer.body).into_owned();
                let leak = SECRETS.iter().find(|secret| body.contains(**secret));
                assert!(may || leak.is_none(), "{visibility} {path} tells {leak:?}");
                told |= leak.is_some();
            }
            assert_eq!(told, may, "{visibility}: who may open it finds it");
        }
        let cohort = scene.school.cohort().await;
        let path = format!("/api/v1/cohorts/{cohort}/progress");
        let page = app.get(path).by(&hidden.manager).send().await.is(200);
        assert!(!String::from_utf8_lossy(&page.body).contains("Incident"));
    }
}

#[tokio::test]
async fn it_counts_all_the_same_and_says_that_something_is_not_shown() {
    let app = TestApp::new().await;
    let hidden = Hidden::new(&app, "school").await;
    let scene = &hidden.scene;
    for (who, found, opens) in [
        (&scene.student, 0, true),
        (&scene.tutor, 0, true),
        (&scene.company, 1, false),
        (&hidden.manager, 1, false),
    ] {
        let progress = scene.read(who, "progress").await;
        let block = &progress["blocks"][0];
        assert_eq!(block["competencies"][0]["evidence"]["submitted"], 1);
        let id = if opens { Value::from(hidden.id.clone()) } else { Value::Null };
        assert_eq!(block["deliverables"][0]["evidence_id"], id, "it is there for everybody");
        // Whatever is searched: what is found must not depend on what is hidden.
        for query in ["evidence", "evidence?q=secret", "evidence?q=nothing"] {
            assert_eq!(scene.read(who, query).await["hidden"], found, "{query}");
        }
    }
}

#[tokio::test]
async fn who_may_not_open_it_neither_decides_nor_speaks() {
    let app = TestApp::new().await;
    let hidden = Hidden::new(&app, "school").await;
    let scene = &hidden.scene;
    let path = format!("/api/v1/evidence/{}", hidden.id);
    for who in [&scene.company, &hidden.manager] {
        let accept = app.post(format!("{path}/accept")).by(who).version(3).json(json!({}));
        accept.send().await.fails(404, "not_found");
        let say = app.post(format!("{path}/messages")).by(who).json(json!({ "text": "Bonjour" }));
        say.send().await.fails(404, "not_found");
    }
    let kinds = |answer: Value| each(&answer, "kind");
    let queue =
        async |who: &Person| kinds(app.get("/api/v1/queue").by(who).send().await.is(200).value());
    assert!(queue(&scene.company).await.is_empty(), "it opens no block to assess either");
    assert_eq!(queue(&scene.tutor).await, ["evidence_to_review", "block_to_assess"]);
    let seen = app.get(&path).by(&scene.tutor).send().await.is(200).value();
    scene.step(&scene.tutor, &seen, "accept", "").await;
}

#[tokio::test]
async fn the_student_decides_and_it_holds_at_once() {
    let app = TestApp::new().await;
    let hidden = Hidden::new(&app, "school").await;
    let scene = &hidden.scene;
    let path = format!("/api/v1/evidence/{}", hidden.id);
    let seen = app.get(&path).by(&scene.tutor).send().await.value();
    let returned = scene.step(&scene.tutor, &seen, "return", "Montrez-la à l’entreprise.").await;
    let change = |visibility: &str, version: i64| {
        let body = json!({ "visibility": visibility });
        app.patch(&path).by(&scene.student).version(version).json(body).send()
    };
    app.get(&path).by(&scene.company).send().await.fails(404, "not_found");
    let shown = change("company", version(&returned)).await.is(200).value();
    let read = app.get(&path).by(&scene.company).send().await.is(200).value();
    assert_eq!(read["visibility"], "company");
    app.get(&path).by(&hidden.manager).send().await.fails(404, "not_found");
    change("open", version(&shown)).await.is(200);
    app.get(&path).by(&hidden.manager).send().await.is(200);
}
