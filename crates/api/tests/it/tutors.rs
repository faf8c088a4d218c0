//! What a tutor has to do, and does at once.

use serde_json::{Value, json};

use crate::{
    copies::copy_enrolment,
    support::{Person, Scene, School, TestApp, below, each, project, required, text, version},
};

async fn queue(app: &TestApp, by: &Person, query: &str) -> Value {
    app.get(format!("/api/v1/queue{query}")).by(by).send().await.is(200).value()
}

async fn accept(app: &TestApp, by: &Person, items: Value) -> Vec<(u16, String)> {
    let ask = app.post("/api/v1/evidence/decisions").by(by).json(json!({ "items": items }));
    let answer = ask.send().await.is(200).value();
    let results = answer["items"].as_array().expect("a list").clone();
    results
        .into_iter()
        .map(|one| match &one["problem"] {
            Value::Null => (200, one["version"].to_string()),
            problem => (
                u16::try_from(problem["status"].as_u64().unwrap()).unwrap(),
                text(&problem["code"]),
            ),
        })
        .collect()
}

fn item(evidence: &Value) -> Value {
    json!({ "id": evidence["id"], "version": evidence["version"] })
}

#[tokio::test]
async fn several_are_accepted_at_once_and_one_holds_up_no_other() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let one = scene.submitted("Une").await;
    let two = scene.submitted("Deux").await;
    let stale = scene.submitted("Relue trop tôt").await;
    let draft = scene.evidence("Brouillon").await;
    let returned = scene.submitted("À revoir").await;
    let returned = scene.step(&scene.tutor, &returned, "return", "Pourquoi ?").await;
    let nowhere = json!({ "id": scene.school.head.id, "version": 1 });
    let old = json!({ "id": stale["id"], "version": version(&stale) - 1 });
    let all = json!([item(&one), old, item(&draft), nowhere, item(&returned), item(&two)]);
    let conflict = |status: u16, code: &str| (status, code.to_owned());
    let expected = [
        conflict(200, "3"),
        conflict(412, "stale_version"),
        conflict(404, "not_found"),
        conflict(404, "not_found"),
        conflict(409, "not_submitted"),
        conflict(200, "3"),
    ];
    assert_eq!(accept(&app, &scene.company, all.clone()).await, expected);
    assert_eq!(accept(&app, &scene.company, all).await, expected, "sent again");
    let evidence = app.get(format!("/api/v1/evidence/{}", text(&one["id"]))).by(&scene.student);
    let evidence = evidence.send().await.is(200).value();
    assert_eq!((&evidence["status"], version(&evidence)), (&"accepted".into(), 3));
    assert_eq!(evidence["history"].as_array().expect("a list").len(), 2, "accepted once");
    // Another tutor finds it decided.
    let again = accept(&app, &scene.tutor, json!([item(&one)])).await;
    assert_eq!(again, [conflict(412, "stale_version")]);
    let organisation = scene.school.id().await;
    assert_eq!(store::audit::first_break(&app.db, organisation).await.unwrap(), None);
}

#[tokio::test]
async fn only_tutors_of_the_student_accept() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let elsewhere = School::open(&app, "ailleurs").await;
    let one = scene.submitted("Une").await;
    let other = scene.school.person("sara", &["school_tutor"]).await;
    for (person, status) in
        [(&scene.student, 403), (&scene.school.head, 403), (&other, 404), (&elsewhere.head, 404)]
    {
        let results = accept(&app, person, json!([item(&one)])).await;
        assert_eq!(results[0].0, status, "{}", person.email);
    }
    let many = vec![item(&one); 101];
    let ask = app.post("/api/v1/evidence/decisions").by(&scene.tutor);
    assert_eq!(ask.json(json!({ "items": many })).send().await.faults(), ["items: too_many"]);
    let unchanged = app.get(format!("/api/v1/evidence/{}", text(&one["id"]))).by(&scene.tutor);
    assert_eq!(unchanged.send().await.value()["status"], "submitted");
}

#[tokio::test]
async fn the_queue_says_how_long_it_takes_and_who_sees_it_differently() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.submitted("Un projet").await;
    let waiting = queue(&app, &scene.tutor, "").await;
    // Two minutes and twenty seconds to read; a grid of one criterion.
    assert_eq!(each(&waiting, "kind"), ["evidence_to_review", "block_to_assess"]);
    let minutes: Vec<&Value> =
        waiting["items"].as_array().unwrap().iter().map(|item| &item["minutes"]).collect();
    assert_eq!(minutes, [3, 2]);
    let total = json!({ "students": 1, "things": 2, "minutes": 5, "divergent": 0 });
    assert_eq!(waiting["total"], total);

    scene.signed(&scene.company, "company", &below()).await;
    assert_eq!(queue(&app, &scene.company, "").await["divergences"], json!([]));
    scene.signed(&scene.tutor, "school", &required()).await;
    for (by, other) in [(&scene.company, "school"), (&scene.tutor, "company")] {
        let queue = queue(&app, by, "").await;
        assert_eq!(each(&queue, "kind"), ["evidence_to_review"]);
        let divergence = &queue["divergences"][0];
        assert_eq!(divergence["other"], other);
        assert_eq!(
            (&divergence["competencies"], &queue["total"]["divergent"]),
            (&1.into(), &1.into())
        );
    }
    assert_eq!(queue(&app, &scene.student, "").await["divergences"], json!([]));
    let progress = scene.read(&scene.school.head, "progress").await;
    assert_eq!(progress["total"]["divergent"], 1, "the manager sees it too");
    scene.signed(&scene.company, "company", &required()).await;
    assert_eq!(queue(&app, &scene.tutor, "").await["divergences"], json!([]));
}

#[tokio::test]
async fn a_thousand_students_take_as_many_statements_as_ten() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.submitted("Une").await;
    scene.submitted("Deux").await;
    scene.signed(&scene.company, "company", &below()).await;
    scene.assessment(&scene.tutor, "school", &required()).await;
    let visit = scene.visit(&scene.company).await;
    scene.sign_visit(&scene.company, &visit).await;
    let mut counts = Vec::new();
    let mut have = 1;
    for students in [10, 1_000] {
        copy_enrolment(&app, &scene.enrolment, students - have, have).await;
        have = students;
        let queue = queue(&app, &scene.tutor, "").await;
        assert_eq!(queue["total"]["students"], students);
        assert_eq!(queue["total"]["things"], 4 * students);
        let shown: std::collections::BTreeSet<String> =
            each(&queue, "enrolment_id").into_iter().collect();
        assert_eq!(shown.len(), students.min(20));
        counts.push(app.statements_of(&scene.tutor, "/api/v1/queue").await);
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0] <= 24, "{counts:?}");

    let reviews = queue(&app, &scene.tutor, "?kind=evidence_to_review&students=3").await;
    assert_eq!(each(&reviews, "kind"), vec!["evidence_to_review"; 6]);
    assert_eq!(reviews["total"]["students"], 1_000);
    app.get("/api/v1/queue?kind=nonsense").by(&scene.tutor).send().await.fails(400, "bad_query");
}

#[tokio::test]
async fn an_evidence_of_a_shared_competency_is_one_block_to_assess() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let certification = crate::support::certification();
    // The transversal competencies of this certification are assessed in every block.
    let shared = certification.blocks[0].transversal[0].clone();
    let mut body = project("Partagée");
    body["competencies"][0]["competency"] = shared.into();
    let draft = scene.new_evidence(body).send().await.is(201).value();
    scene.step(&scene.student, &draft, "submit", "").await;
    let waiting = queue(&app, &scene.tutor, "?kind=block_to_assess").await;
    assert_eq!(waiting["items"].as_array().expect("a list").len(), 1);
    let codes: Vec<&Value> =
        waiting["items"][0]["blocks"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    let all: Vec<&String> = certification.blocks.iter().map(|block| &block.code).collect();
    assert_eq!(codes, all);
    assert_eq!(waiting["items"][0]["count"], 1);
    assert_eq!(waiting["items"][0]["block"], *all[0]);
}
