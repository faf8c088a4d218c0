//! What managers set, see, take away and bring.

use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    crowd::{grow, import, import_ask, preview},
    support::{
        Person, Scene, School, TestApp, below, block, certification, each, rating, required, text,
        version, visit,
    },
};

/// A date of a cohort.
async fn deadline(school: &School<'_>, cohort: &str, body: Value) -> Value {
    let path = format!("/api/v1/cohorts/{cohort}/deadlines");
    school.app.post(path).by(&school.head).json(body).send().await.is(201).value()
}

/// A scene whose student is in a cohort.
async fn in_cohort(app: &TestApp) -> (Scene<'_>, String) {
    let scene = Scene::new(app).await;
    let cohort = scene.school.cohort().await;
    let student = scene.school.person("max", &["apprentice"]).await;
    let tutors = [(scene.company.id.as_str(), "company"), (scene.tutor.id.as_str(), "school")];
    let enrolment = scene.school.enrol(&student.id, Some(&cohort), &tutors).await;
    (Scene { student, enrolment, ..scene }, cohort)
}

/// Signs a self-assessment of the block.
async fn assess_self(scene: &Scene<'_>, block: &str) {
    let certification = certification();
    let block = certification.block(block).expect("the block");
    let ratings: Vec<Value> = block.assessed().map(|key| rating(key, &required())).collect();
    let draft = scene
        .new_assessment(
            &scene.student,
            json!({
                "kind": "self", "block": block.code, "occasion": "Mi-parcours",
                "assessed_on": "2026-10-01", "ratings": ratings,
            }),
        )
        .send()
        .await
        .is(201)
        .value();
    scene.sign(&scene.student, &draft).await;
}

#[tokio::test]
async fn a_manager_sets_changes_and_takes_away_a_date() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let cohort = school.cohort().await;
    let made = deadline(
        &school,
        &cohort,
        json!({
            "kind": "self_assessment", "block": block(), "label": " Mi-parcours ",
            "due_on": "2027-01-31",
        }),
    )
    .await;
    assert_eq!((&made["label"], version(&made)), (&json!("Mi-parcours"), 1));
    deadline(&school, &cohort, json!({ "kind": "visit", "due_on": "2026-12-15" })).await;

    let path = format!("/api/v1/deadlines/{}", text(&made["id"]));
    let change = |version: i64| {
        let body = json!({ "kind": "self_assessment", "due_on": "2026-11-30" });
        app.ask(Method::PUT, &path).by(&school.head).version(version).json(body).send()
    };
    let changed = change(1).await.is(200).value();
    assert_eq!((&changed["block"], &changed["due_on"]), (&Value::Null, &json!("2026-11-30")));
    change(1).await.fails(412, "stale_version");
    let list = app.get(format!("/api/v1/cohorts/{cohort}/deadlines")).by(&school.head);
    assert_eq!(each(&list.send().await.is(200).value(), "due_on"), ["2026-11-30", "2026-12-15"]);

    app.delete(&path).by(&school.head).version(1).send().await.fails(412, "stale_version");
    app.delete(&path).by(&school.head).version(2).send().await.is(204);
    app.delete(&path).by(&school.head).version(2).send().await.fails(404, "not_found");
    assert_eq!(store::audit::first_break(&app.db, school.id().await).await.unwrap(), None);

    let set = |body: Value| {
        let path = format!("/api/v1/cohorts/{cohort}/deadlines");
        app.post(path).by(&school.head).json(body).send()
    };
    for (body, fault) in [
        (json!({ "kind": "visit", "due_on": "0026-12-15" }), "due_on: outside_the_path"),
        (
            json!({ "kind": "self_assessment", "block": "B9", "due_on": "2026-12-15" }),
            "block: unknown_block",
        ),
    ] {
        assert_eq!(set(body).await.faults(), [fault]);
    }
    for body in [json!({}), json!({ "kind": "party", "due_on": "2026-12-15" })] {
        set(body).await.fails(422, "invalid");
    }
    let once = |due_on: &str| {
        let path = format!("/api/v1/cohorts/{cohort}/deadlines");
        let ask = app.post(path).by(&school.head).header("idempotency-key", "abc");
        ask.json(json!({ "kind": "deposit", "due_on": due_on })).send()
    };
    let first = once("2027-08-01").await.is(201).value();
    assert_eq!(once("2027-08-01").await.is(201).value()["id"], first["id"]);
}

#[tokio::test]
async fn everyone_sees_their_own_dates_until_they_are_done() {
    let app = TestApp::new().await;
    let (scene, cohort) = in_cohort(&app).await;
    let dates = [
        json!({ "kind": "self_assessment", "block": block(), "due_on": "2026-10-01" }),
        json!({ "kind": "visit", "due_on": "2026-10-05" }),
        json!({ "kind": "deposit", "due_on": "2027-06-30" }),
    ];
    for body in dates {
        deadline(&scene.school, &cohort, body).await;
    }
    let outsider = scene.school.person("paul", &["apprentice"]).await;
    let of = |person: &Person| {
        let ask = app.get("/api/v1/deadlines").by(person);
        async move { ask.send().await.is(200).value()["items"].as_array().unwrap().clone() }
    };
    let seen = |dates: &[Value]| -> Vec<(String, i64, u64, usize)> {
        dates
            .iter()
            .map(|date| {
                let waiting = date["waiting"].as_array().unwrap().len();
                let left = date["days_left"].as_i64().unwrap();
                (text(&date["part"]), left, date["done"].as_u64().unwrap(), waiting)
            })
            .collect()
    };
    let each =
        |part: &str, waiting| [-4, 0, 268].map(|left| (part.to_owned(), left, 0, waiting)).to_vec();
    assert_eq!(seen(&of(&scene.student).await), each("student", 1));
    assert_eq!(seen(&of(&scene.tutor).await), each("tutor", 1));
    assert_eq!(seen(&of(&scene.company).await), each("tutor", 1));
    assert_eq!(seen(&of(&scene.school.head).await), each("manager", 0));
    assert_eq!(of(&outsider).await, Vec::<Value>::new());
    let me = app.get("/api/v1/me").by(&scene.student).send().await.is(200).value();
    assert_eq!(me["deadlines"], Value::from(of(&scene.student).await));

    assess_self(&scene, &block()).await;
    for person in [&scene.student, &scene.tutor, &scene.school.head] {
        let dates = of(person).await;
        assert_eq!((&dates[0]["done"], &dates[0]["waiting"]), (&json!(1), &json!([])));
        assert_eq!(dates[1]["done"], 0);
    }
    let due = store::deadline::due(
        &app.db,
        "2026-09-01".parse().unwrap()..="2026-10-05".parse().unwrap(),
    )
    .await
    .unwrap();
    let due: Vec<_> = due.iter().map(|due| (due.date.done, due.tutors.len())).collect();
    assert_eq!(due, [(true, 2), (false, 2)]);
}

#[tokio::test]
async fn a_corrected_visit_stands_for_one_date() {
    let app = TestApp::new().await;
    let (scene, cohort) = in_cohort(&app).await;
    for due_on in ["2026-09-20", "2026-10-31"] {
        deadline(&scene.school, &cohort, json!({ "kind": "visit", "due_on": due_on })).await;
    }
    let done = || async {
        let dates = app.get("/api/v1/deadlines").by(&scene.tutor).send().await.is(200).value();
        [0, 1].map(|index| dates["items"][index]["done"] == 1)
    };
    let sign = async |draft: Value| {
        let signed = scene.sign_visit(&scene.company, &draft).await;
        scene.sign_visit(&scene.tutor, &signed).await
    };
    let mut body = visit();
    body["held_on"] = json!("2026-09-25");
    let report = scene.new_visit(&scene.tutor, body.clone()).send().await.is(201).value();
    let report = sign(report).await;
    let path = format!("/api/v1/visits/{}/countersign", text(&report["id"]));
    let countersign = app.post(path).by(&scene.student).version(version(&report));
    countersign.json(json!({ "agreed": true, "comment": "" })).send().await.is(200);
    assert_eq!(done().await, [true, false]);

    // The day was wrong: two days are written down, for one visit.
    body["held_on"] = json!("2026-09-26");
    body["corrects"] = report["id"].clone();
    let correction = scene.new_visit(&scene.tutor, body.clone()).send().await.is(201).value();
    let again = scene.new_visit(&scene.company, body).send().await;
    again.fails(409, "visit_corrected");
    assert_eq!(done().await, [true, false]);
    sign(correction).await;
    assert_eq!(done().await, [true, false]);
}

#[tokio::test]
async fn a_cohort_gets_another_name_and_other_dates() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let path = format!("/api/v1/cohorts/{}", school.cohort().await);
    let change = |version: i64, body: Value| {
        app.ask(Method::PUT, &path).by(&school.head).version(version).json(body).send()
    };
    let body = json!({ "name": " Promo ", "starts_on": "2026-10-01", "ends_on": "2027-09-30" });
    let changed = change(1, body.clone()).await.is(200).value();
    assert_eq!((&changed["name"], version(&changed)), (&json!("Promo"), 2));
    assert_eq!(app.get(&path).by(&school.head).send().await.is(200).value(), changed);
    change(1, body).await.fails(412, "stale_version");
    let wrong = json!({ "name": "", "starts_on": "2026-10-01", "ends_on": "2026-09-30" });
    assert_eq!(change(2, wrong).await.faults(), ["name: required", "ends_on: end_before_start"]);
}

#[tokio::test]
async fn attention_coverage_and_workload_of_a_cohort() {
    let app = TestApp::new().await;
    let (scene, cohort) = in_cohort(&app).await;
    let head = &scene.school.head;
    let read = |path: &str| {
        let path = format!("/api/v1/{}", path.replace("{id}", &cohort));
        async { app.get(path).by(head).send().await.is(200).value() }
    };
    for kind in ["visit", "deposit"] {
        deadline(&scene.school, &cohort, json!({ "kind": kind, "due_on": "2026-10-04" })).await;
    }
    scene.submitted("Un projet").await;
    let attention = read("cohorts/{id}/attention").await;
    assert_eq!(attention["late"][0]["reasons"][0]["kind"], "overdue");
    assert_eq!(attention["late"][0]["reasons"][0]["days"], 1);
    assert_eq!(attention["late"][0]["reasons"].as_array().unwrap().len(), 2, "and the deposit");
    assert_eq!(attention["at_risk"][0]["reasons"][0]["kind"], "deliverable_missing");
    assert_eq!(attention["stuck"], json!([]));

    // As it would stand seven weeks later.
    app.tamper("UPDATE evidence SET updated_at = '2026-08-17T07:00:00+00:00'").await;
    scene.evidence("Un brouillon").await;
    let stuck = read("cohorts/{id}/attention").await["stuck"].clone();
    // A draft is activity, and what it holds is the student's own.
    assert_eq!(stuck[0]["reasons"], json!([{ "kind": "waiting", "days": 49, "count": 1 }]));
    assert_eq!(stuck[0]["student"]["given_name"], "max");

    let coverage = read("cohorts/{id}/coverage").await;
    let rows = coverage["competencies"].as_array().unwrap();
    let total: usize = certification().blocks.iter().map(|block| block.assessed().count()).sum();
    assert_eq!(rows.len(), total);
    assert_eq!((&rows[0]["evidenced"], &rows[0]["students"]), (&json!(0), &json!(1)));
    assert_eq!(rows[total - 1]["evidenced"], 1);

    let workload = read("workload").await;
    let of_school: Vec<&Value> = workload["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["tutor_kind"] == "school")
        .collect();
    // The scene's first student is in no cohort.
    assert_eq!(of_school[0]["students"], 2);
    let of_cohort = read(&format!("workload?cohort_id={cohort}")).await;
    assert_eq!(of_cohort["items"][0]["students"], 1);
    assert_eq!(of_cohort["items"][0]["waiting_evidence"], 1);
    assert!(of_cohort["items"][0]["waiting_since"].is_string());

    scene.signed(&scene.company, "company", &below()).await;
    scene.signed(&scene.tutor, "school", &required()).await;
    let divergences = read("cohorts/{id}/attention").await["divergences"].clone();
    assert_eq!(divergences[0]["company"]["level"], below());
    assert_eq!(divergences[0]["school"]["level"], required());
    assert_eq!(divergences[0]["school"]["level_label"], divergences[0]["required_label"]);
    assert_eq!(divergences[0]["enrolment_id"], scene.enrolment);
}

#[tokio::test]
async fn what_managers_see_goes_into_files() {
    let app = TestApp::new().await;
    let (scene, cohort) = in_cohort(&app).await;
    let head = &scene.school.head;
    deadline(&scene.school, &cohort, json!({ "kind": "visit", "due_on": "2026-10-04" })).await;
    let body = json!({
        "email": "eve@ecole.fr", "given_name": "=cmd|' /C calc'!A0", "family_name": "Été; l’autre",
        "roles": ["apprentice"],
    });
    app.post("/api/v1/users").by(head).json(body).send().await.is(201);

    let export =
        |query: &str| app.get(format!("/api/v1/cohorts/{cohort}/export?{query}")).by(head).send();
    for (part, name, expected) in [
        ("progress", "avancement", "Test;max;max@ecole.fr;apprenti;01/09/2026;"),
        (
            "attention",
            "points-d-attention",
            "En retard;\"Visite : à faire avant la fin du 04/10/2026, 1 jour de retard\"",
        ),
        ("coverage", "couverture", "Apprentis;Avec une preuve"),
        ("workload", "charge-des-tuteurs", "Test;nadia;nadia@ecole.fr;École;1;0;0;"),
    ] {
        let answer = export(&format!("format=csv&part={part}")).await.is(200);
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        let disposition =
            format!("attachment; filename*=UTF-8''{name}-promotion-2027-2026-10-05.csv");
        assert_eq!(answer.header("content-disposition"), disposition);
        let file = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(file.starts_with('\u{FEFF}'), "{file}");
        assert!(file.contains(expected), "{file}");
    }
    export("format=csv").await.faults();
    export("format=pdf").await.fails(400, "bad_query");
    let book = export("format=xlsx").await.is(200);
    assert_eq!(book.header("content-type"), sheets::XLSX);
    let rows = sheets::read(&book.body).unwrap();
    assert_eq!(rows[0].cells[..2], ["Nom", "Prénom"]);
    assert_eq!(rows[1].cells[4], "2026-09-01");

    let people = app.get("/api/v1/users/export?format=csv").by(head).send().await.is(200);
    let people = String::from_utf8(people.body.to_vec()).unwrap();
    assert!(people.contains("A un mot de passe"), "{people}");
    assert!(people.contains("\r\n'=cmd|' /C calc'!A0;\"Été; l’autre\";eve@ecole.fr;"), "{people}");
    let tutors = app.get("/api/v1/users/export?format=xlsx&role=school_tutor").by(head);
    let tutors = sheets::read(&tutors.send().await.is(200).body).unwrap();
    assert_eq!(tutors[1].cells[..4], ["nadia", "Test", "nadia@ecole.fr", "tuteur école"]);
}

const HEADER: &str = "prénom;nom;courriel;rôle;promotion;voie;tuteur entreprise\n";

/// What a preview or an import says of each line: its number, what it does, what is wrong.
fn told(report: &Value) -> Vec<(u64, String, String)> {
    let words = |list: &Value, of: &dyn Fn(&Value) -> String| {
        list.as_array().unwrap().iter().map(of).collect::<Vec<_>>().join(" ")
    };
    report["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let steps = words(&line["steps"], &|step| text(&step["kind"]));
            let faults = words(&line["faults"], &|fault| {
                format!("{}: {}", text(&fault["field"]), text(&fault["code"]))
            });
            (line["line"].as_u64().unwrap(), steps, faults)
        })
        .collect()
}

fn expected(lines: &[(u64, &str, &str)]) -> Vec<(u64, String, String)> {
    let owned = |(line, steps, faults): &(u64, &str, &str)| {
        (*line, (*steps).to_owned(), (*faults).to_owned())
    };
    lines.iter().map(owned).collect()
}

#[tokio::test]
async fn people_and_enrolments_come_from_a_table() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let cohort = school.cohort().await;
    school.invite("remi", &["school_tutor"]).await;
    let file = format!(
        "{HEADER}Zoé;Durand;zoe@ecole.fr;;promotion 2027;apprentissage;paul@firme.fr\n\
         Paul;Petit;Paul@Firme.fr;tuteur entreprise;;;\n\
         Rémi;Test;remi@ecole.fr;tuteur école, tuteur entreprise;;;\n"
    );
    let lines =
        [(2, "add_person enrol add_tutor", ""), (3, "add_person", ""), (4, "add_roles", "")];
    // In the encoding and with the separator of an old spreadsheet.
    let windows: Vec<u8> = file
        .replace(';', "\t")
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).expect("a letter of Latin 1"))
        .collect();
    let report = preview(&school, &school.head, &windows).await.is(200).value();
    assert_eq!(told(&report), expected(&lines));
    assert_eq!((&report["imported"], &report["people_added"]), (&json!(false), &json!(2)));
    assert_eq!(report["lines"][2]["known_as"], "remi Test");
    let people = || async {
        let list = app.get("/api/v1/users").by(&school.head).send().await.is(200).value();
        each(&list, "email")
    };
    assert_eq!(people().await.len(), 2, "a preview changes nothing");

    let done = import(&school, &school.head, &windows, false).await.is(200).value();
    assert_eq!((told(&done), &done["imported"]), (expected(&lines), &json!(true)));
    assert_eq!(people().await.len(), 4);
    let progress = app.get(format!("/api/v1/cohorts/{cohort}/progress")).by(&school.head);
    let enrolled = progress.send().await.is(200).value()["students"][0].clone();
    assert_eq!(enrolled["student"]["given_name"], "Zoé");
    let enrolment = format!("/api/v1/enrolments/{}", text(&enrolled["enrolment_id"]));
    let enrolment = app.get(enrolment).by(&school.head).send().await.is(200).value();
    assert_eq!(enrolment["tutors"][0]["user"]["email"], "paul@firme.fr");
    assert_eq!(
        (&enrolment["starts_on"], &enrolment["status"]),
        (&json!("2026-09-01"), &json!("apprentice"),)
    );

    // Again, as UTF-8: nothing changes.
    let again = import(&school, &school.head, file.as_bytes(), false).await.is(200).value();
    assert_eq!(told(&again), expected(&[(2, "", ""), (3, "", ""), (4, "", "")]));
    assert_eq!(again["unchanged"], 3);
    assert_eq!(people().await.len(), 4);
    assert_eq!(store::audit::first_break(&app.db, school.id().await).await.unwrap(), None);

    // A tutor more, and an enrolment that is not the same.
    let file = format!(
        "{HEADER}Zoé;Durand;zoe@ecole.fr;;Promotion 2027;apprentissage;remi@ecole.fr\n\
         Zoé;Durand;zoe@ecole.fr;;Promotion 2027;étudiant;\n"
    );
    let report = preview(&school, &school.head, file.as_bytes()).await.is(200).value();
    assert_eq!(
        told(&report),
        expected(&[(2, "add_tutor", ""), (3, "", "début: already_enrolled"),])
    );
}

#[tokio::test]
async fn while_a_line_is_wrong_nothing_is_imported_unless_the_manager_says_so() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    school.cohort().await;
    let file = format!(
        "{HEADER}Zoé;Durand;zoe@ecole.fr;;Promotion 2027;apprentissage;\n\
         Max;Roy;max@;;Promotion 2027;apprentissage;\n\
         Léa;Blot;lea@ecole.fr;;Promotion 1789;apprentissage;\n\
         Ana;Roux;ana@ecole.fr;;Promotion 2027;apprentissage;paul@firme.fr\n\
         Paul;;paul@firme.fr;tuteur entreprise;;;\n\
         Zoé;Durand;zoe@ecole.fr;;Promotion 2027;apprentissage;\n"
    );
    let lines = [
        (2, "add_person enrol", ""),
        (3, "", "courriel: bad_email"),
        (4, "", "promotion: unknown_cohort"),
        // Its tutor is on a line that is wrong.
        (5, "", "tuteur entreprise: not_a_tutor"),
        (6, "", "nom: required"),
        (7, "", "courriel: repeated"),
    ];
    let report = preview(&school, &school.head, file.as_bytes()).await.is(200).value();
    assert_eq!(told(&report), expected(&lines));
    assert_eq!((&report["right"], &report["wrong"]), (&json!(1), &json!(5)));
    import(&school, &school.head, file.as_bytes(), false).await.fails(409, "wrong_lines");
    let students = || async {
        let list = app.get("/api/v1/users?role=apprentice").by(&school.head);
        each(&list.send().await.is(200).value(), "email")
    };
    assert_eq!(students().await, Vec::<String>::new());
    let done = import(&school, &school.head, file.as_bytes(), true).await.is(200).value();
    assert_eq!(told(&done), expected(&lines));
    assert_eq!(students().await, ["zoe@ecole.fr"]);
}

#[tokio::test]
async fn a_file_that_was_not_previewed_or_cannot_be_read_is_refused() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let head = &school.head;
    let file = format!("{HEADER}Zoé;Durand;zoe@ecole.fr;jury;;;\n");
    let sent = |file: String, fields: &[(&str, &str)]| {
        import_ask(&school, head, "/api/v1/imports", file.as_bytes(), fields).send()
    };
    let sha256 = preview(&school, head, file.as_bytes()).await.is(200).value()["sha256"].clone();
    let sha256 = text(&sha256);
    let other = file.replace("Zoé", "Zoë");
    sent(other, &[("sha256", &sha256)]).await.fails(409, "file_changed");
    sent(file.clone(), &[]).await.fails(409, "file_changed");
    sent(file, &[("sha256", &sha256)]).await.is(200);

    for (content, fault) in [
        (&b"%PDF-1.7\0"[..], "file: unreadable_table"),
        (b"PK\x03\x04", "file: unreadable_table"),
        (b"\xD0\xCF\x11\xE0", "file: unreadable_table"),
        (b"a;b\nc;\"d", "file: unreadable_table"),
        (b"", "file: empty_file"),
        ("prénom;nom;courriel\n".as_bytes(), "file: empty_file"),
    ] {
        assert_eq!(preview(&school, head, content).await.faults(), [fault]);
    }
    let unknown = "prénom;nom;courriel;taille\nA;B;c@d.fr;1\n".as_bytes();
    assert_eq!(preview(&school, head, unknown).await.faults(), ["taille: unknown_column"]);
    let large = vec![b'a'; 6 * 1024 * 1024];
    preview(&school, head, &large).await.fails(413, "file_too_large");
    app.post("/api/v1/imports/preview")
        .by(head)
        .json(json!({}))
        .send()
        .await
        .fails(400, "bad_form");

    // Only the administration gives the roles of staff.
    let manager = school.person("tom", &["manager"]).await;
    let staff = format!("{HEADER}Eve;Roy;eve@ecole.fr;responsable;;;\n");
    let told_to = |report: Value| told(&report);
    let report = preview(&school, &manager, staff.as_bytes()).await.is(200).value();
    assert_eq!(told_to(report), expected(&[(2, "", "rôle: forbidden")]));
    let report = preview(&school, head, staff.as_bytes()).await.is(200).value();
    assert_eq!(told_to(report), expected(&[(2, "add_person", "")]));
}

#[tokio::test]
async fn the_template_can_be_filled_and_read() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    for format in ["csv", "xlsx"] {
        let path = format!("/api/v1/imports/template?format={format}");
        let template = app.get(path).by(&school.head).send().await.is(200);
        let rows = sheets::read(&template.body).unwrap();
        assert_eq!(rows[0].cells.len(), 13, "{format}");
        let empty = preview(&school, &school.head, &template.body).await;
        assert_eq!(empty.faults(), ["file: empty_file"], "{format}");
    }
}

#[tokio::test]
async fn pages_of_a_cohort_take_as_many_statements_for_a_thousand_as_for_ten() {
    let app = TestApp::new().await;
    let school = School::open(&app, "ecole").await;
    let tutor = school.person("nadia", &["school_tutor"]).await;
    let cohort = school.cohort().await;
    let body = json!({ "kind": "self_assessment", "due_on": "2026-10-04" });
    deadline(&school, &cohort, body).await;
    let mut counts = Vec::new();
    for students in [10, 1_000] {
        grow(&school, (&cohort, "Promotion 2027"), &tutor, students, 2).await;
        let path = format!("/api/v1/cohorts/{cohort}/progress");
        let shown = app.get(&path).by(&school.head).send().await.is(200).value();
        assert_eq!(shown["students"].as_array().unwrap().len(), students);
        let of = |part: &str| format!("/api/v1/cohorts/{cohort}/{part}");
        let pages = [
            ("progress", path.clone()),
            ("attention", of("attention")),
            ("coverage", of("coverage")),
            ("workload", "/api/v1/workload".to_owned()),
            ("deadlines", "/api/v1/deadlines".to_owned()),
            ("csv", of("export?format=csv&part=progress")),
            ("xlsx", of("export?format=xlsx")),
            ("people", "/api/v1/users/export?format=csv".to_owned()),
        ];
        let mut counted = Vec::new();
        for (name, path) in pages {
            counted.push((name, app.statements_of(&school.head, &path).await));
        }
        counts.push(counted);
    }
    assert_eq!(counts[0], counts[1]);
    let few = |(_, count): &(&str, usize)| (2..=25).contains(count);
    assert!(counts[0].iter().all(few), "{:?}", counts[0]);
}
