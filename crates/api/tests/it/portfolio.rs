//! The main path: evidence from draft to acceptance, assessments from draft to progress.

use serde_json::{Value, json};

use crate::support::{
    Person, Scene, TestApp, below, block, certification, competency, each, grid, project, rating,
    required, text, version,
};

/// Where the first competency of the first block stands.
async fn unit(scene: &Scene<'_>) -> Value {
    scene.read(&scene.student, "progress").await["blocks"][0]["competencies"][0].clone()
}

#[tokio::test]
async fn an_evidence_from_draft_to_acceptance() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let (student, tutor) = (&scene.student, &scene.tutor);

    let draft = scene.evidence("Un projet").await;
    assert_eq!(draft["actions"], json!(["edit", "submit", "delete"]));
    assert_eq!(unit(&scene).await["status"], "untouched");
    assert_eq!(unit(&scene).await["gaps"][0], "evidence_not_submitted");
    let list = |by: &Person| {
        let by = by.clone();
        let scene = &scene;
        async move { each(&scene.read(&by, "evidence").await, "title") }
    };
    assert_eq!(list(student).await, ["Un projet"]);
    assert!(list(tutor).await.is_empty(), "what was never handed in is the student's own");
    let path = format!("/api/v1/evidence/{}", text(&draft["id"]));
    app.get(&path).by(tutor).send().await.fails(404, "not_found");

    let changed = app
        .patch(&path)
        .by(student)
        .version(1)
        .json(json!({ "text": "Premier jet", "title": "  Un grand projet " }))
        .send()
        .await
        .is(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    let changed = changed.value();
    assert_eq!(
        (&changed["title"], &changed["text"]),
        (&"Un grand projet".into(), &"Premier jet".into())
    );
    assert_eq!(changed["competencies"], draft["competencies"], "what is not named stays");
    app.post(format!("{path}/files")).by(student).file("a.txt", b"le premier").send().await.is(201);
    let changed = scene.reread(&changed).await;
    assert_eq!(version(&changed), 3, "what is submitted is what was seen");

    let submitted = scene.step(student, &changed, "submit", "").await;
    assert_eq!(submitted["status"], "submitted");
    assert_eq!(unit(&scene).await["status"], "evidenced");
    assert_eq!(list(tutor).await, ["Un grand projet"]);
    let edit = app.patch(&path).by(student).version(version(&submitted)).json(json!({}));
    edit.send().await.fails(409, "not_editable");

    let seen = app.get(&path).by(tutor).send().await.is(200).value();
    assert_eq!(seen["actions"], json!(["decide", "discuss"]));
    let give_back = app.post(format!("{path}/return")).by(tutor).version(version(&seen));
    assert_eq!(give_back.json(json!({})).send().await.faults(), ["comment: required"]);
    let returned = scene.step(tutor, &seen, "return", "Dites votre rôle.").await;
    assert_eq!(returned["status"], "returned");
    assert_eq!(unit(&scene).await["status"], "untouched");

    let edit = app.patch(&path).by(student).version(version(&returned));
    let edited = edit.json(json!({ "text": "Second jet" })).send().await.is(200).value();
    let again = scene.step(student, &edited, "submit", "").await;
    let accepted = scene.step(tutor, &again, "accept", "Très bien").await;
    assert_eq!(
        (&accepted["status"], &accepted["actions"]),
        (&"accepted".into(), &json!(["discuss"]))
    );
    let history = accepted["history"].as_array().expect("a history");
    let history: Vec<_> = history
        .iter()
        .map(|event| (text(&event["action"]), event["revision"].as_i64(), event["comment"].clone()))
        .collect();
    let event =
        |action: &str, revision, comment: Value| (action.to_owned(), Some(revision), comment);
    assert_eq!(
        history,
        [
            event("submitted", 1, Value::Null),
            event("returned", 1, "Dites votre rôle.".into()),
            event("submitted", 2, Value::Null),
            event("accepted", 2, "Très bien".into()),
        ]
    );

    let revisions = app.get(format!("{path}/revisions")).by(tutor).send().await.is(200).value();
    let texts: Vec<_> =
        (0..2).map(|index| text(&revisions["items"][index]["content"]["text"])).collect();
    assert_eq!(texts, ["Premier jet", "Second jet"]);
    assert_eq!(revisions["items"][0]["files"][0]["name"], "a.txt");
}

#[tokio::test]
async fn a_returned_evidence_is_never_deleted_but_a_draft_is() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let submitted = scene.submitted("Lue").await;
    let returned = scene.step(&scene.tutor, &submitted, "return", "À revoir").await;
    let delete = |evidence: &Value| {
        let path = format!("/api/v1/evidence/{}", text(&evidence["id"]));
        app.delete(path).by(&scene.student).version(version(evidence)).send()
    };
    delete(&returned).await.fails(409, "not_deletable");
    let draft = scene.evidence("À jeter").await;
    let path = format!("/api/v1/evidence/{}/files", text(&draft["id"]));
    app.post(path).by(&scene.student).file("a.txt", b"x").send().await.is(201);
    delete(&draft).await.fails(412, "stale_version");
    let draft = scene.reread(&draft).await;
    delete(&draft).await.is(204);
    assert_eq!(each(&scene.read(&scene.student, "evidence").await, "title"), ["Lue"]);
}

#[tokio::test]
async fn a_file_taken_off_later_stays_with_the_revision_that_shows_it() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.evidence("Avec un fichier").await;
    let path = format!("/api/v1/evidence/{}", text(&draft["id"]));
    let upload = app.post(format!("{path}/files")).by(&scene.student).file("a.txt", b"lu");
    let file = text(&upload.send().await.is(201).value()["items"][0]["id"]);
    let draft = scene.reread(&draft).await;
    let submitted = scene.step(&scene.student, &draft, "submit", "").await;
    scene.step(&scene.tutor, &submitted, "return", "Un autre").await;
    app.delete(format!("/api/v1/files/{file}")).by(&scene.student).send().await.is(204);
    let now = app.get(&path).by(&scene.student).send().await.is(200).value();
    assert_eq!(now["files"], json!([]));
    let revisions = app.get(format!("{path}/revisions")).by(&scene.tutor).send().await.value();
    assert_eq!(revisions["items"][0]["files"][0]["id"], file.as_str());
    let content = app.get(format!("/api/v1/files/{file}")).by(&scene.tutor).send().await.is(200);
    assert_eq!(content.body.as_ref(), b"lu");
    app.delete(format!("/api/v1/files/{file}")).by(&scene.student).send().await.is(404);
}

#[tokio::test]
async fn others_see_only_what_was_handed_in() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let (student, tutor) = (&scene.student, &scene.tutor);
    let draft = scene.evidence("Relevés").await;
    let path = format!("/api/v1/evidence/{}", text(&draft["id"]));
    let upload = |name: &'static str| {
        let ask = app.post(format!("{path}/files")).by(student).file(name, name.as_bytes());
        async move { text(&ask.send().await.is(201).value()["items"][0]["id"]) }
    };
    let taken_off = upload("prive.txt").await;
    app.delete(format!("/api/v1/files/{taken_off}")).by(student).send().await.is(204);
    let kept = upload("remis.txt").await;
    let draft = scene.reread(&draft).await;
    let submitted = scene.step(student, &draft, "submit", "").await;
    for by in [student, tutor] {
        app.get(format!("/api/v1/files/{taken_off}")).by(by).send().await.fails(404, "not_found");
        app.get(format!("/api/v1/files/{kept}")).by(by).send().await.is(200);
    }

    let returned = scene.step(tutor, &submitted, "return", "Précisez").await;
    let change = app.patch(&path).by(student).version(version(&returned));
    change.json(json!({ "text": "En cours de reprise" })).send().await.is(200);
    let unsent = upload("pas-encore.txt").await;
    app.get(format!("/api/v1/files/{unsent}")).by(tutor).send().await.fails(404, "not_found");
    let seen = app.get(&path).by(tutor).send().await.is(200).value();
    assert_ne!(seen["text"], "En cours de reprise");
    assert_eq!(each(&json!({ "items": seen["files"] }), "name"), ["remis.txt"]);

    scene.evidence("Un autre brouillon").await;
    let counted = scene.read(tutor, "progress").await["blocks"][0]["competencies"][0].clone();
    assert_eq!(counted["evidence"]["draft"], 0, "a draft is the student's own");
    assert_eq!(unit(&scene).await["evidence"]["draft"], 1);
}

#[tokio::test]
async fn one_grid_at_a_time_and_only_on_what_was_handed_in() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.evidence("Pas encore remise").await;
    let mut body = grid("self", &required());
    body["evidence"] = json!([draft["id"]]);
    let faults = scene.new_assessment(&scene.student, body.clone()).send().await.faults();
    assert_eq!(faults, ["evidence: unknown_evidence"]);
    scene.step(&scene.student, &draft, "submit", "").await;
    scene.new_assessment(&scene.student, body.clone()).send().await.is(201);
    scene.new_assessment(&scene.student, body).send().await.fails(409, "draft_exists");
}

#[tokio::test]
async fn assessments_stand_side_by_side_and_move_progress() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let (student, company, tutor) = (&scene.student, &scene.company, &scene.tutor);

    scene.signed(student, "self", &required()).await;
    let after_self = unit(&scene).await;
    assert_eq!(after_self["status"], "untouched", "a self-assessment never counts as acquired");
    assert!(after_self["gaps"].as_array().unwrap().contains(&"only_self_assessed".into()));

    scene.signed(company, "company", &below()).await;
    assert_eq!(unit(&scene).await["status"], "assessed");
    assert_eq!(unit(&scene).await["divergent"], false);

    let draft = scene.assessment(tutor, "school", &required()).await;
    assert_eq!(unit(&scene).await["status"], "assessed", "a draft counts for nothing");
    let signed = scene.sign(tutor, &draft).await;
    assert_eq!((&signed["status"], &signed["superseded"]), (&"signed".into(), &false.into()));
    let both = unit(&scene).await;
    assert_eq!((&both["status"], &both["divergent"]), (&"acquired".into(), &true.into()));
    let views: Vec<_> =
        both["views"].as_array().unwrap().iter().map(|v| text(&v["assessor"])).collect();
    assert_eq!(views, ["self", "company", "school"]);

    // The school takes it back; the company comes to agree.
    scene.signed(tutor, "school", &below()).await;
    let all = scene.read(tutor, "assessments").await;
    let shown: Vec<_> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (text(&item["kind"]), item["superseded"].as_bool().unwrap()))
        .collect();
    let shown: Vec<_> =
        shown.iter().map(|(kind, superseded)| (kind.as_str(), *superseded)).collect();
    assert_eq!(
        shown,
        [("school", false), ("school", true), ("company", false), ("self", false)],
        "newest first"
    );
    let last = unit(&scene).await;
    assert_eq!((&last["status"], &last["divergent"]), (&"assessed".into(), &false.into()));
    let total = scene.read(student, "progress").await["total"].clone();
    assert_eq!(total["assessed"], 1);
    assert_eq!(total["self_assessed"], 1);
}

#[tokio::test]
async fn only_what_is_rated_anew_is_superseded() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let certification = certification();
    let second = &certification.blocks[0].competencies[1].competency;
    let mut both = grid("school", &required());
    both["ratings"] = json!([rating(&competency(), &required()), rating(second, &required())]);
    let first = scene.new_assessment(&scene.tutor, both).send().await.is(201).value();
    scene.sign(&scene.tutor, &first).await;
    scene.signed(&scene.tutor, "school", &below()).await;
    let all = scene.read(&scene.tutor, "assessments").await;
    assert_eq!(all["items"][1]["superseded"], false, "it still speaks of the second competency");
    let units = scene.read(&scene.student, "progress").await["blocks"][0]["competencies"].clone();
    assert_eq!(
        (&units[0]["status"], &units[1]["status"]),
        (&"assessed".into(), &"acquired".into())
    );
}

#[tokio::test]
async fn a_draft_of_an_assessment_is_its_authors_own() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let people = [(&scene.student, "self"), (&scene.company, "company"), (&scene.tutor, "school")];
    for (person, kind) in people {
        scene.assessment(person, kind, &below()).await;
    }
    for (person, kind) in people {
        assert_eq!(each(&scene.read(person, "assessments").await, "kind"), [kind]);
    }
    assert!(each(&scene.read(&scene.school.head, "assessments").await, "kind").is_empty());
    let filter = |query: &str| {
        let part = format!("assessments?{query}");
        let scene = &scene;
        async move { each(&scene.read(&scene.tutor, &part).await, "kind") }
    };
    assert_eq!(filter(&format!("kind=school&block={}", block())).await, ["school"]);
    assert!(filter("kind=company").await.is_empty());
    assert!(filter("block=none").await.is_empty());
}

#[tokio::test]
async fn the_queue_says_what_waits_for_whom() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let queue = |by: &Person| {
        let ask = app.get("/api/v1/queue").by(by).send();
        async { each(&ask.await.is(200).value(), "kind") }
    };
    assert!(queue(&scene.tutor).await.is_empty());
    scene.evidence("Brouillon").await;
    let submitted = scene.submitted("Envoyée").await;
    assert_eq!(queue(&scene.student).await, ["evidence_draft"]);
    assert_eq!(queue(&scene.company).await, ["evidence_to_review", "block_to_assess"]);
    assert_eq!(queue(&scene.tutor).await, ["evidence_to_review", "block_to_assess"]);
    assert!(queue(&scene.school.head).await.is_empty());

    scene.step(&scene.tutor, &submitted, "return", "À revoir").await;
    assert_eq!(queue(&scene.student).await, ["evidence_returned", "evidence_draft"]);
    assert!(queue(&scene.tutor).await.is_empty());

    let again = app.get(format!("/api/v1/evidence/{}", text(&submitted["id"]))).by(&scene.student);
    let again = again.send().await.value();
    let again = scene.step(&scene.student, &again, "submit", "").await;
    scene.step(&scene.tutor, &again, "accept", "").await;
    assert_eq!(queue(&scene.tutor).await, ["block_to_assess"]);
    let grid = scene.assessment(&scene.tutor, "school", &below()).await;
    assert_eq!(queue(&scene.tutor).await, ["assessment_draft"]);
    scene.sign(&scene.tutor, &grid).await;
    assert!(queue(&scene.tutor).await.is_empty());
    assert_eq!(queue(&scene.company).await, ["block_to_assess"], "each kind assesses for itself");
}

#[tokio::test]
async fn progress_is_answered_anew_only_when_something_changed() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let path = format!("/api/v1/enrolments/{}/progress", scene.enrolment);
    let mut tag = "none".to_owned();
    let mut fresh = async |change: &str| {
        let asked = app.get(&path).by(&scene.student).header("if-none-match", &tag);
        let answer = asked.send().await.is(200);
        tag = answer.header("etag").to_owned();
        let known = app.get(&path).by(&scene.student).header("if-none-match", &tag).send().await;
        assert_eq!(known.status.as_u16(), 304, "{change}");
        assert_eq!(known.header("etag"), tag);
    };
    fresh("the first time").await;
    let draft = scene.evidence("Un projet").await;
    fresh("a draft").await;
    let submitted = scene.step(&scene.student, &draft, "submit", "").await;
    fresh("a submission").await;
    scene.step(&scene.tutor, &submitted, "accept", "").await;
    fresh("a decision").await;
    scene.signed(&scene.tutor, "school", &required()).await;
    fresh("a signature").await;
}

#[tokio::test]
async fn every_write_leaves_an_entry_that_cannot_be_changed() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let submitted = scene.submitted("Un projet").await;
    scene.step(&scene.tutor, &submitted, "accept", "").await;
    scene.signed(&scene.company, "company", &required()).await;
    let organisation = scene.school.id().await;
    let first_break = async || store::audit::first_break(&app.db, organisation).await.unwrap();
    assert_eq!(first_break().await, None);
    app.tamper("UPDATE audit_entries SET action = 'nothing' WHERE seq = 4").await;
    assert_eq!(first_break().await, Some(4));
    app.tamper("DELETE FROM audit_entries WHERE seq = 2").await;
    assert_eq!(first_break().await, Some(2));
}

#[tokio::test]
async fn the_last_entries_cannot_be_cut_off() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.new_evidence(project("Un projet")).send().await.is(201);
    let organisation = scene.school.id().await;
    app.tamper("DELETE FROM audit_entries WHERE action = 'evidence.created'").await;
    assert!(store::audit::first_break(&app.db, organisation).await.unwrap().is_some());
}
