//! Grids that schools own: drafted, published, and what stands on them.

use serde_json::{Value, json};

use crate::support::{
    Person, Scene, School, TestApp, below, block, competency, grid, rating, required, text, version,
};

/// One more criterion for the first competency of the first block.
fn with_another_criterion(content: &mut Value) {
    let criteria = criteria_of(content);
    criteria.push(json!({
        "key": "besoin",
        "text": "Le besoin est validé par les utilisateurs",
        "descriptors": { required(): "Validé par écrit" },
    }));
}

fn criteria_of(content: &mut Value) -> &mut Vec<Value> {
    let given = content["competencies"].as_array_mut().expect("a list").iter_mut();
    let given = given.filter(|given| given["competency"] == *competency());
    given.last().expect("the competency")["criteria"].as_array_mut().expect("a list")
}

/// The highest level is asked for.
fn with_the_highest_level(content: &mut Value) {
    let levels = content["levels"].as_array().expect("a scale");
    content["required_level"] = levels.last().expect("a level")["key"].clone();
}

/// What is said of the first competency in the first block.
async fn unit(scene: &Scene<'_>, by: &Person) -> Value {
    scene.read(by, "progress").await["blocks"][0]["competencies"][0].clone()
}

fn view(unit: &Value) -> (u64, bool, bool) {
    let view = &unit["views"][0];
    (
        view["grid"].as_u64().expect("a number"),
        view["older_grid"].as_bool().expect("yes or no"),
        view["reached"].as_bool().expect("yes or no"),
    )
}

#[tokio::test]
async fn what_is_signed_stays_on_its_grid() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let certification = scene.school.certification_id().await;
    let before = scene.signed(&scene.tutor, "school", &required()).await;
    assert_eq!(before["grid"], 0);
    assert_eq!(view(&unit(&scene, &scene.tutor).await), (0, false, true));

    scene
        .school
        .published_grid(&certification, |content| {
            with_another_criterion(content);
            with_the_highest_level(content);
        })
        .await;
    // Judged on what it was made on, it is acquired still; what is asked for has changed.
    let after = unit(&scene, &scene.tutor).await;
    assert_eq!(view(&after), (0, true, true));
    assert_eq!(after["status"], "acquired");
    assert_ne!(after["required_level"], *required());
    let tally = scene.read(&scene.tutor, "progress").await["blocks"][0]["tally"].clone();
    assert_eq!(tally["older_grid"], 1);
    let kept = scene.read(&scene.tutor, "assessments").await["items"][0].clone();
    assert_eq!(kept, before);

    // The old criteria alone are not enough on the new grid.
    let answer = scene.new_assessment(&scene.tutor, grid("school", &required())).send().await;
    let draft = answer.is(201).value();
    assert_eq!(draft["grid"], 1);
    let sign = app.post(format!("/api/v1/assessments/{}/sign", text(&draft["id"])));
    let faults = sign.by(&scene.tutor).version(1).send().await.faults();
    assert_eq!(faults, ["ratings[0].criteria: criterion_without_level"]);
    let mut ratings = draft["ratings"].clone();
    ratings[0]["criteria"]
        .as_array_mut()
        .expect("a list")
        .push(json!({ "criterion": "besoin", "level": required() }));
    let path = format!("/api/v1/assessments/{}", text(&draft["id"]));
    let saved = app.patch(path).by(&scene.tutor).version(1).json(json!({ "ratings": ratings }));
    let saved = saved.send().await.is(200).value();
    scene.sign(&scene.tutor, &saved).await;
    let newest = unit(&scene, &scene.tutor).await;
    assert_eq!(view(&newest), (1, false, false));
    assert_eq!(newest["status"], "assessed");
}

#[tokio::test]
async fn a_view_on_another_scale_is_said_in_that_scale_s_words() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let certification = scene.school.certification_id().await;
    scene.signed(&scene.company, "company", &required()).await;
    let label = unit(&scene, &scene.tutor).await["views"][0]["level_label"].clone();
    scene
        .school
        .published_grid(&certification, |content| {
            content["levels"] = json!([
                { "key": "non", "label": "Non", "description": null },
                { "key": "oui", "label": "Oui", "description": null },
            ]);
            content["required_level"] = json!("oui");
            content["required"] = json!([]);
        })
        .await;
    let after = unit(&scene, &scene.tutor).await;
    assert_eq!(after["views"][0]["level_label"], label);
    assert_eq!(view(&after), (0, true, true));
    let body = grid("school", &required());
    let faults = scene.new_assessment(&scene.tutor, body).send().await.faults();
    assert!(faults.iter().all(|fault| fault.ends_with("level_outside_scale")), "{faults:?}");
    scene.new_assessment(&scene.tutor, grid("school", "oui")).send().await.is(201);

    let certification = |number: &str| {
        let part = format!("certification{number}");
        let scene = &scene;
        async move { scene.read(&scene.student, &part).await }
    };
    assert_eq!(certification("").await["grid"], 1);
    assert_eq!(certification("").await["levels"][0]["key"], "non");
    assert_eq!(certification("?grid=0").await["levels"][0]["key"], *below());
    let path = format!("/api/v1/enrolments/{}/certification?grid=9", scene.enrolment);
    app.get(path).by(&scene.student).send().await.fails(404, "not_found");
}

#[tokio::test]
async fn a_draft_ends_on_its_grid_or_restarts_on_the_new_one() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let certification = scene.school.certification_id().await;
    let company = scene.assessment(&scene.company, "company", &required()).await;
    let other = crate::support::certification().blocks[0].competencies[1].competency.clone();
    let mut body = grid("school", &required());
    body["ratings"].as_array_mut().expect("a list").push(rating(&other, &required()));
    let school = scene.new_assessment(&scene.tutor, body).send().await.is(201).value();
    scene
        .school
        .published_grid(&certification, |content| {
            criteria_of(content).remove(0);
            with_another_criterion(content);
        })
        .await;
    // Who filled the page before learns it when it is saved for the first time.
    let late = json!({ "grid": 0, "kind": "self", "block": block(), "occasion": "Bilan",
        "assessed_on": "2026-10-01" });
    let answer = scene.new_assessment(&scene.student, late).send().await;
    answer.fails(409, "newer_grid");

    let signed = scene.sign(&scene.company, &company).await;
    assert_eq!((signed["grid"].as_u64(), &signed["status"]), (Some(0), &json!("signed")));

    let restart = |by: &Person, assessment: &Value, seen: i64| {
        let path = format!("/api/v1/assessments/{}/restart", text(&assessment["id"]));
        app.post(path).by(by).version(seen).send()
    };
    restart(&scene.tutor, &school, 7).await.fails(412, "stale_version");
    let moved = restart(&scene.tutor, &school, 1).await.is(200).value();
    assert_eq!(moved["grid"], 1);
    let kept =
        |assessment: &Value| assessment["ratings"][0]["criteria"].as_array().expect("a list").len();
    assert_eq!(kept(&moved), kept(&school) - 1, "what is gone is gone");
    assert_eq!(moved["ratings"][1], school["ratings"][1], "the rest is kept");
    restart(&scene.company, &signed, version(&signed)).await.fails(409, "assessment_signed");
}

#[tokio::test]
async fn a_published_grid_never_changes() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let certification = school.certification_id().await;
    let published = school.published_grid(&certification, with_another_criterion).await;
    assert_eq!(
        (published["number"].as_u64(), &published["status"]),
        (Some(1), &json!("published"))
    );
    assert_eq!(published["changes"]["criteria_added"], 1);
    let content = published["content"].clone();
    school.save_grid(&published, &content).send().await.fails(409, "grid_published");
    let path = format!("/api/v1/grids/{}", text(&published["id"]));
    let seen = version(&published);
    let delete = app.delete(&path).by(&school.head).version(seen);
    delete.send().await.fails(409, "grid_published");
    let again = app.post(format!("{path}/publish")).by(&school.head).version(seen);
    again.send().await.fails(409, "grid_published");
    let read = app.get(&path).by(&school.head).send().await.is(200).value();
    assert_eq!(read, published);

    let second = school.published_grid(&certification, with_the_highest_level).await;
    assert_eq!((second["number"].as_u64(), second["before"].as_u64()), (Some(2), Some(1)));
    assert_eq!(second["changes"]["criteria_added"], 0);
    let list = app.get(format!("/api/v1/grids?certification_id={certification}"));
    let list = list.by(&school.head).send().await.is(200).value();
    let numbers: Vec<_> = list["items"].as_array().expect("a list").iter().collect();
    assert_eq!(
        numbers.iter().map(|it| it["number"].as_u64()).collect::<Vec<_>>(),
        [Some(2), Some(1)]
    );
    let organisation = school.id().await;
    assert_eq!(store::audit::first_break(&app.db, organisation).await.unwrap(), None);
}

#[tokio::test]
async fn there_is_one_draft_at_a_time() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let certification = school.certification_id().await;
    let start = |from: &str, key: &str| {
        let body = json!({ "certification_id": certification, "from": from });
        let ask = app.post("/api/v1/grids").by(&school.head).json(body);
        ask.header("idempotency-key", key).send()
    };
    school.published_grid(&certification, with_another_criterion).await;
    let draft = start("in_force", "a").await.is(201).value();
    assert_eq!(start("in_force", "a").await.is(201).value()["id"], draft["id"]);
    start("in_force", "b").await.fails(409, "draft_exists");
    assert_eq!(draft["changes"]["criteria_removed"], 0);
    let path = format!("/api/v1/grids/{}", text(&draft["id"]));
    app.delete(&path).by(&school.head).version(1).send().await.is(204);
    app.get(&path).by(&school.head).send().await.fails(404, "not_found");
    let anew = start("original", "c").await.is(201).value();
    assert_eq!(anew["changes"]["criteria_removed"], 1);
    assert_eq!(anew["before"], 1);
}

#[tokio::test]
async fn bad_grids_are_refused_by_field() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let certification = school.certification_id().await;
    let draft = school.draft_grid(&certification).await;
    let content = draft["content"].clone();
    let changed = |change: fn(&mut Value)| {
        let mut content = content.clone();
        change(&mut content);
        content
    };
    for (change, expected) in [
        (
            (|content| content["levels"] = json!([])) as fn(&mut Value),
            &["levels: level_count", "required_level: level_outside_scale"][..],
        ),
        (
            |content| content["competencies"][0]["criteria"] = json!([]),
            &["competencies[0].criteria: no_criterion"],
        ),
        (
            |content| content["competencies"][0]["criteria"][0]["weight"] = json!(0),
            &["competencies[0].criteria[0].weight: weight_out_of_range"],
        ),
        (
            |content| {
                content["mappings"] = json!([{ "competency": competency(), "block": block() }]);
            },
            &["mappings[0].competency: already_in_block"],
        ),
        (|content| content["assessors"] = json!("nobody"), &["assessors: bad_json"]),
    ] {
        assert_eq!(school.save_grid(&draft, &changed(change)).send().await.faults(), expected);
    }
    let mut stale = draft.clone();
    stale["version"] = json!(9);
    school.save_grid(&stale, &content).send().await.fails(412, "stale_version");

    // A draft may be unfinished, what is published may not.
    let unfinished =
        changed(|content| content["competencies"][0]["criteria"][0]["text"] = "".into());
    let saved = school.save_grid(&draft, &unfinished).send().await.is(200).value();
    let path = format!("/api/v1/grids/{}/publish", text(&saved["id"]));
    let publish = app.post(path).by(&school.head).version(version(&saved));
    let faults = publish.send().await.faults();
    assert_eq!(faults, ["competencies[0].criteria[0].text: required"]);
}

#[tokio::test]
async fn a_publication_changes_the_tag_of_progress() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let certification = scene.school.certification_id().await;
    let path = format!("/api/v1/enrolments/{}/progress", scene.enrolment);
    let first = app.get(&path).by(&scene.student).send().await.is(200);
    let tag = first.header("etag").to_owned();
    let known = app.get(&path).by(&scene.student).header("if-none-match", &tag).send().await;
    known.is(304);
    scene.school.published_grid(&certification, with_the_highest_level).await;
    let known = app.get(&path).by(&scene.student).header("if-none-match", &tag).send().await;
    let answer = known.is(200);
    assert_ne!(answer.header("etag"), tag);
    assert_ne!(answer.value(), first.value());
    let enrolment = app.get(format!("/api/v1/enrolments/{}", scene.enrolment));
    assert_eq!(enrolment.by(&scene.student).send().await.is(200).value()["grid"], 1);
}

#[tokio::test]
async fn weights_are_told_to_those_who_assess() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let certification = scene.school.certification_id().await;
    let weigh = |content: &mut Value| {
        for criterion in criteria_of(content) {
            criterion["weight"] = json!(2);
        }
    };
    scene.school.published_grid(&certification, weigh).await;
    scene.signed(&scene.tutor, "school", &required()).await;
    let rank = crate::support::certification().rank(&required()).expect("a rank") + 1;
    let weighted = |unit: Value| unit["views"][0]["weighted"].as_u64();
    for (person, expected) in [
        (&scene.tutor, Some(rank as u64 * 100)),
        (&scene.company, Some(rank as u64 * 100)),
        (&scene.school.head, Some(rank as u64 * 100)),
        (&scene.student, None),
    ] {
        assert_eq!(weighted(unit(&scene, person).await), expected, "{}", person.email);
    }
}

#[tokio::test]
async fn a_mapped_competency_is_assessed_where_it_is_put() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let read = app.get("/api/v1/certifications/RNCP42008").by(&school.head).send().await;
    let certification = text(&read.is(200).value()["id"]);
    let student = school.person("lea", &["apprentice"]).await;
    let tutor = school.person("nadia", &["school_tutor"]).await;
    let body = json!({ "student_id": student.id, "certification": "RNCP42008",
        "route": "student", "status": "student", "starts_on": "2026-09-01" });
    let enrolled = app.post("/api/v1/enrolments").by(&school.head).json(body).send().await;
    let enrolment = text(&enrolled.is(201).value()["id"]);
    let put = app
        .ask(axum::http::Method::PUT, format!("/api/v1/enrolments/{enrolment}/tutors"))
        .by(&school.head)
        .version(1)
        .json(json!({ "tutors": [{ "user_id": tutor.id, "kind": "school" }] }));
    put.send().await.is(200);
    let assess = || {
        let body = json!({ "kind": "school", "block": "RNCP42008BC05", "occasion": "Bilan",
            "assessed_on": "2026-10-01", "ratings": [{ "competency": "C4",
            "criteria": [{ "criterion": "C4", "level": "acquis" }] }] });
        let path = format!("/api/v1/enrolments/{enrolment}/assessments");
        app.post(path).by(&tutor).json(body).send()
    };
    assert_eq!(assess().await.faults(), ["ratings[0].competency: competency_not_in_block"]);
    school
        .published_grid(&certification, |content| {
            content["mappings"] = json!([{ "competency": "C4", "block": "RNCP42008BC05" }]);
        })
        .await;
    let draft = assess().await.is(201).value();
    let sign = app.post(format!("/api/v1/assessments/{}/sign", text(&draft["id"])));
    sign.by(&tutor).version(1).send().await.is(200);
    let path = format!("/api/v1/enrolments/{enrolment}/progress");
    let progress = app.get(path).by(&student).send().await.is(200).value();
    let block = &progress["blocks"][4];
    assert_eq!(
        (block["tally"]["total"].as_u64(), block["tally"]["acquired"].as_u64()),
        (Some(2), Some(1))
    );
    let outside = progress["outside"].as_array().expect("a list");
    assert!(outside.iter().all(|unit| unit["competency"] != "C4"));
    assert!(outside.iter().any(|unit| unit["competency"] == "C5"));
}

#[tokio::test]
async fn a_school_s_grid_is_its_own() {
    let app = TestApp::new().await;
    let here = School::open(&app, "ecole").await;
    let elsewhere = School::open(&app, "ailleurs").await;
    let certification = here.certification_id().await;
    here.published_grid(&certification, with_another_criterion).await;
    let (student, _) = elsewhere.invite("zoe", &["apprentice"]).await;
    let enrolment = elsewhere.enrol(&student, None, &[]).await;
    let path = format!("/api/v1/enrolments/{enrolment}/certification");
    let theirs = app.get(path).by(&elsewhere.head).send().await.is(200).value();
    assert_eq!(theirs["grid"], 0);
    let list = format!("/api/v1/grids?certification_id={certification}");
    app.get(list).by(&elsewhere.head).send().await.fails(404, "not_found");
    let start = app.post("/api/v1/grids").by(&elsewhere.head);
    let start = start.json(json!({ "certification_id": certification }));
    start.send().await.fails(404, "not_found");
}
