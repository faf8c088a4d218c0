//! Many at once, and many in a list.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{Person, Scene, School, TestApp, each, project, text, version};

#[tokio::test]
async fn twenty_writes_at_the_same_time_all_succeed() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let titles: Vec<String> = (0..20).map(|number| format!("Preuve {number}")).collect();
    let sent = titles.iter().map(|title| scene.new_evidence(project(title)).send());
    for answer in join_all(sent).await {
        answer.is(201);
    }
    let mut kept = each(&scene.read(&scene.student, "evidence").await, "title");
    kept.sort_by_key(|title| title[7..].parse::<u32>().unwrap());
    assert_eq!(kept, titles);
    let organisation = scene.school.id().await;
    assert_eq!(store::audit::first_break(&app.db, organisation).await.unwrap(), None);
}

#[tokio::test]
async fn writes_of_different_kinds_do_not_block_each_other() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let drafts = join_all((0..6).map(|number| {
        let title = format!("Preuve {number}");
        let scene = &scene;
        async move { scene.evidence(&title).await }
    }))
    .await;
    let cohort = json!({
        "name": "Promotion", "certification": "RNCP38822", "starts_on": "2026-09-01",
        "ends_on": "2027-08-31",
    });
    let mut asks = Vec::new();
    for draft in &drafts {
        let path = format!("/api/v1/evidence/{}", text(&draft["id"]));
        let submit = app.post(format!("{path}/submit")).by(&scene.student).version(1);
        let upload = app.post(format!("{path}/files")).by(&scene.student);
        asks.push(submit.send());
        asks.push(upload.file("a.txt", path.as_bytes()).send());
        asks.push(app.post("/api/v1/cohorts").by(&scene.school.head).json(cohort.clone()).send());
        let tutors = format!("/api/v1/enrolments/{}/tutors", scene.enrolment);
        let tutors = app.ask(axum::http::Method::PUT, tutors).by(&scene.school.head).version(2);
        asks.push(tutors.json(json!({ "tutors": [] })).send());
    }
    for answer in join_all(asks).await {
        let status = answer.status.as_u16();
        assert!(status < 500, "{answer:?}");
    }
}

#[tokio::test]
async fn of_two_changes_of_one_version_one_wins() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let draft = scene.evidence("Un projet").await;
    let path = format!("/api/v1/evidence/{}", text(&draft["id"]));
    let change = |title: &str| {
        app.patch(&path).by(&scene.student).version(1).json(json!({ "title": title })).send()
    };
    let answers = join_all(["Un", "Deux"].map(change)).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    let won = answers.iter().find(|answer| answer.status.is_success()).expect("a winner").value();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let kept = app.get(&path).by(&scene.student).send().await.value();
    assert_eq!((&kept["title"], version(&kept)), (&won["title"], 2));
}

#[tokio::test]
async fn a_creation_that_is_sent_twice_at_once_happens_once() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    // So that every connection is open already.
    join_all((0..20).map(|_| scene.read(&scene.student, "evidence"))).await;
    let once = || scene.new_evidence(project("Un projet")).header("idempotency-key", "abc").send();
    let answers = join_all((0..5).map(|_| once())).await;
    let ids: Vec<String> =
        answers.into_iter().map(|answer| text(&answer.is(201).value()["id"])).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(each(&scene.read(&scene.student, "evidence").await, "id"), ids[..1]);
}

/// Enrols students, each with evidence that is handed in.
async fn grow(school: &School<'_>, cohort: &str, tutor: &Person, students: usize, evidence: usize) {
    let app = school.app;
    let before = app.get("/api/v1/enrolments?limit=200").by(&school.head).send().await.value();
    for number in each(&before, "id").len()..students {
        let student = school.person(&format!("eleve{number}"), &["apprentice"]).await;
        let enrolment = school.enrol(&student.id, Some(cohort), &[(&tutor.id, "school")]).await;
        let path = format!("/api/v1/enrolments/{enrolment}/evidence");
        for _ in 0..evidence {
            let draft = app.post(&path).by(&student).json(project("Un projet")).send().await;
            let submit = format!("/api/v1/evidence/{}/submit", text(&draft.is(201).value()["id"]));
            app.post(submit).by(&student).version(1).send().await.is(200);
        }
    }
}

#[tokio::test]
async fn a_page_takes_as_many_statements_for_many_as_for_few() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let tutor = school.person("nadia", &["school_tutor"]).await;
    let cohort = school.cohort().await;
    let certification = school.certification_id().await;
    school.published_grid(&certification, |_| ()).await;
    let mut counts: Vec<Vec<(&str, usize)>> = Vec::new();
    for (students, evidence) in [(2, 3), (12, 30)] {
        // The students that come last have the most evidence.
        grow(&school, &cohort, &tutor, students, evidence).await;
        let all = app.get("/api/v1/enrolments?limit=200").by(&tutor).send().await.is(200).value();
        let enrolments = each(&all, "id");
        assert_eq!(enrolments.len(), students);
        let last = enrolments.last().unwrap();
        let listed = app.get(format!("/api/v1/enrolments/{last}/evidence")).by(&tutor).send().await;
        assert_eq!(each(&listed.value(), "id").len(), evidence);
        let pages = [
            ("progress", &tutor, format!("/api/v1/enrolments/{last}/progress")),
            ("evidence", &tutor, format!("/api/v1/enrolments/{last}/evidence")),
            (
                "search",
                &tutor,
                format!("/api/v1/enrolments/{last}/evidence?q=projet&order=newest&limit=200"),
            ),
            ("queue", &tutor, "/api/v1/queue".to_owned()),
            ("enrolments", &tutor, "/api/v1/enrolments".to_owned()),
            ("cohorts", &school.head, "/api/v1/cohorts".to_owned()),
            ("cohort", &school.head, format!("/api/v1/cohorts/{cohort}/progress")),
            ("people", &school.head, "/api/v1/users".to_owned()),
        ];
        let mut counted = Vec::new();
        for (name, by, path) in pages {
            counted.push((name, app.statements_of(by, &path).await));
        }
        counts.push(counted);
    }
    assert_eq!(counts[0], counts[1]);
    let few = |(_, count): &(&str, usize)| (2..=16).contains(count);
    assert!(counts[0].iter().all(few), "{:?}", counts[0]);
}

#[tokio::test]
async fn a_list_goes_on_where_it_stopped() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let mut made = Vec::new();
    for number in 0..5 {
        made.push(text(&scene.evidence(&format!("Preuve {number}")).await["id"]));
    }
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = scene.read(&scene.student, &format!("evidence?limit=2{cursor}")).await;
        seen.extend(each(&page, "id"));
        let Value::String(next) = &page["next"] else { break };
        cursor = format!("&cursor={next}");
        assert!(seen.len() < 10, "it ends");
    }
    assert_eq!(seen, made);
}
