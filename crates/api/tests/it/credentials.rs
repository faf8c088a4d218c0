//! Credentials, from what a jury validated to what anybody verifies.

use std::{path::Path, process::Command};

use api::App;
use axum::Router;
use credentials::{PublicKey, is_set};
use domain::ambient::{Clock, SystemClock};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, Person, Scene, TestApp, block, certification, text, version};

/// An id as the database writes it.
fn id(app: &TestApp, id: &str) -> String {
    let id: Uuid = id.parse().expect("an id");
    if app.is_postgres() { format!("'{id}'") } else { format!("X'{}'", id.simple()) }
}

impl Scene<'_> {
    /// Writes down what a jury would have validated, and gives its id.
    pub async fn validated(&self, number: u128, block: &str, day: &str) -> String {
        let app = self.school.app;
        let validated = Uuid::from_u128(number).to_string();
        app.tamper(&format!(
            "INSERT INTO validated_blocks (id, organisation_id, student_id, enrolment_id, block, \
             validated_on, transversal, created_at) VALUES ({}, {}, {}, {}, '{block}', '{day}', \
             '[]', '{day} 12:00:00+00:00')",
            id(app, &validated),
            id(app, &self.school.id().await.to_string()),
            id(app, &self.student.id),
            id(app, &self.enrolment),
        ))
        .await;
        validated
    }

    async fn obtained(&self, day: &str) {
        let app = self.school.app;
        app.tamper(&format!(
            "INSERT INTO certifications_obtained (enrolment_id, organisation_id, student_id, \
             obtained_on, created_at) VALUES ({}, {}, {}, '{day}', '{day} 12:00:00+00:00')",
            id(app, &self.enrolment),
            id(app, &self.school.id().await.to_string()),
            id(app, &self.student.id),
        ))
        .await;
    }

    async fn issue(&self, subject: Value) -> Answer {
        let path = format!("/api/v1/enrolments/{}/credentials", self.enrolment);
        self.school.app.post(path).by(&self.school.head).json(subject).send().await
    }

    /// A credential of a block.
    pub async fn credential(&self, validated: &str) -> Value {
        let subject = json!({ "kind": "block", "validated_block": validated });
        self.issue(subject).await.is(201).value()
    }

    async fn credentials(&self, by: &Person) -> Value {
        self.read(by, "credentials").await
    }
}

async fn share(app: &TestApp, by: &Person, credential: &Value, shown: Value) -> Answer {
    let path = format!("/api/v1/credentials/{}/sharing", text(&credential["id"]));
    let ask = app.ask(axum::http::Method::PUT, path).by(by).version(version(credential));
    ask.json(shown).send().await
}

async fn revoke(app: &TestApp, by: &Person, credential: &Value, reason: &str) -> Answer {
    let path = format!("/api/v1/credentials/{}/revoke", text(&credential["id"]));
    let ask = app.post(path).by(by).version(version(credential));
    ask.json(json!({ "reason": reason })).send().await
}

async fn look(app: &TestApp, credential: &Value) -> Answer {
    app.get(format!("/api/v1/verify/{}", text(&credential["token"]))).send().await
}

async fn download(app: &TestApp, by: &Person, credential: &Value, name: &str) -> String {
    let path = format!("/api/v1/credentials/{}/{name}", text(&credential["id"]));
    let answer = app.get(path).by(by).send().await.is(200);
    assert!(answer.header("content-disposition").starts_with("attachment"));
    String::from_utf8(answer.body.to_vec()).expect("text")
}

/// What a public address gives: a path on this server.
async fn fetch(app: &TestApp, url: &str) -> String {
    let path = url.strip_prefix("http://acquis.test").expect("an address of this server");
    let answer = app.get(path).send().await.is(200);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(answer.header("cache-control").starts_with("public"));
    String::from_utf8(answer.body.to_vec()).expect("text")
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Header and payload, whatever the signature says.
fn parts(jwt: &str) -> (Value, Value) {
    let header = jsonwebtoken::decode_header(jwt).expect("a header");
    let payload = jsonwebtoken::dangerous::insecure_decode::<Value>(jwt).expect("a payload");
    (serde_json::to_value(header).expect("JSON"), payload.claims)
}

async fn key_of(app: &TestApp, jwt: &str) -> PublicKey {
    let (header, _) = parts(jwt);
    let id = text(&header["kid"]);
    let jwk = json_of(&fetch(app, &id).await);
    assert_eq!(jwk["kid"], header["kid"]);
    assert_eq!(jwk.get("d"), None, "the private half is nobody's");
    PublicKey { id, x: text(&jwk["x"]) }
}

/// What the checkers find, with everything that a verifier fetches.
async fn findings(app: &TestApp, by: &Person, credential: &Value) -> Vec<String> {
    let jwt = download(app, by, credential, "credential.jwt").await;
    let (header, payload) = parts(&jwt);
    let folder = tempfile::tempdir().expect("a folder");
    let list = text(&payload["credentialStatus"]["statusListCredential"]);
    for (name, content) in [
        ("badge.jwt", jwt),
        ("badge.svg", download(app, by, credential, "badge.svg").await),
        ("key.json", fetch(app, &text(&header["kid"])).await),
        ("issuer.json", fetch(app, &text(&payload["issuer"]["id"])).await),
        ("list.jwt", fetch(app, &list).await),
    ] {
        std::fs::write(folder.path().join(name), content).expect("written");
    }
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let target = scratch.parent().expect("the target folder");
    let output = Command::new(target.join("badge-checkers/bin/python"))
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check_badge.py"))
        .arg(folder.path())
        .output()
        .expect("the checkers of crates/api/tests/requirements.txt, which tests/run installs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn other_programs_verify_what_is_issued() {
    let app = TestApp::new().await;
    // They go by the machine's clock.
    app.clock.set(SystemClock.now());
    let scene = Scene::new(&app).await;
    let today = app.clock.now().date_naive().to_string();
    let validated = scene.validated(1, &block(), &today).await;
    scene.obtained(&today).await;
    let of_block = scene.credential(&validated).await;
    let whole = scene.issue(json!({ "kind": "certification" })).await.is(201).value();
    for credential in [&of_block, &whole] {
        assert_eq!(findings(&app, &scene.student, credential).await, [""; 0]);
    }
    let revoked = revoke(&app, &scene.school.head, &whole, "Erreur de saisie").await;
    let revoked = revoked.is(200).value();
    let found = findings(&app, &scene.student, &revoked).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("'revocation' is set"), "{found:?}");
    assert_eq!(findings(&app, &scene.student, &of_block).await, [""; 0]);
}

#[tokio::test]
async fn a_credential_says_what_the_jury_validated_and_names_nobody() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let validated = scene.validated(1, &block(), "2026-10-01").await;
    let before = scene.credentials(&scene.student).await;
    assert_eq!(before["issuable"][0]["block"]["code"], block());
    assert_eq!(before["rights"], json!(["share"]));
    let issued = scene.credential(&validated).await;
    assert_eq!(scene.credential(&validated).await["id"], issued["id"], "issued once");
    let after = scene.credentials(&scene.school.head).await;
    assert_eq!((&after["issuable"], &after["rights"]), (&json!([]), &json!(["issue"])));
    assert_eq!(after["credentials"][0]["page"], issued["page"]);

    let jwt = download(&app, &scene.student, &issued, "credential.jwt").await;
    let (header, payload) = parts(&jwt);
    assert_eq!((&header["alg"], &header["typ"]), (&json!("EdDSA"), &json!("JWT")));
    assert_eq!(key_of(&app, &jwt).await.verify(&jwt), Ok(payload.clone()));
    assert_eq!((&payload["id"], &payload["jti"]), (&issued["page"], &issued["page"]));
    assert_eq!(payload["awardedDate"], "2026-09-30T22:00:00Z", "midnight in Paris");
    assert_eq!(payload["validUntil"], "2031-10-01T22:00:00Z", "the whole last day");
    let achievement = &payload["credentialSubject"]["achievement"];
    let alignments = achievement["alignment"].as_array().expect("alignments");
    assert_eq!(alignments.len(), certification().blocks[0].competencies.len());
    for alignment in alignments {
        assert_eq!(
            alignment["targetUrl"],
            "https://www.francecompetences.fr/recherche/rncp/38822/"
        );
    }
    let said = payload.to_string();
    for secret in [&scene.student.email, &scene.student.id, "Test", "ecole.fr"] {
        assert!(!said.contains(secret), "{secret}");
    }
    let other = scene.validated(2, &certification().blocks[1].code, "2026-10-01").await;
    let other = scene.credential(&other).await;
    let other = parts(&download(&app, &scene.student, &other, "credential.jwt").await).1;
    for pointer in ["/credentialSubject/id", "/credentialSubject/identifier/0/identityHash"] {
        assert_ne!(payload.pointer(pointer), other.pointer(pointer), "nothing joins the two");
    }
    let organisation = scene.school.id().await;
    assert_eq!(store::audit::first_break(&app.db, organisation).await.unwrap(), None);
}

#[tokio::test]
async fn the_page_shows_what_its_holder_chose_and_what_became_of_it() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let validated = scene.validated(1, &block(), "2026-10-01").await;
    let issued = scene.credential(&validated).await;
    let seen = look(&app, &issued).await.is(200);
    assert_eq!(seen.header("x-robots-tag"), "noindex, nofollow");
    let seen = seen.value();
    assert_eq!(
        seen,
        json!({
            "state": "valid",
            "award": {
                "certification_code": "RNCP38822",
                "certification_title": certification().title,
                "block": { "code": block(), "title": certification().blocks[0].title },
                "awarded_on": "2026-10-01",
                "last_day": "2031-10-01",
            },
            "school": "ecole",
            "issued_on": "2026-10-05",
            "revoked_on": null,
            "holder": null,
            "competencies": null,
        })
    );
    let all = json!({ "holder": true, "competencies": true });
    share(&app, &scene.school.head, &issued, all.clone()).await.fails(403, "forbidden");
    let shared = share(&app, &scene.student, &issued, all.clone()).await.is(200).value();
    share(&app, &scene.student, &issued, all).await.fails(412, "stale_version");
    let seen = look(&app, &shared).await.is(200).value();
    assert_eq!(seen["holder"], "lea Test");
    assert_eq!(
        seen["competencies"].as_array().map(Vec::len),
        Some(certification().blocks[0].competencies.len())
    );
    assert!(!seen.to_string().contains('@'));

    app.clock.set("2031-10-01T21:59:59Z".parse().unwrap());
    assert_eq!(look(&app, &shared).await.is(200).value()["state"], "valid");
    app.clock.set("2031-10-01T22:00:00Z".parse().unwrap());
    assert_eq!(look(&app, &shared).await.is(200).value()["state"], "expired");
    let head = scene.school.head.again(&app).await;
    revoke(&app, &head, &shared, " ").await.fails(422, "invalid");
    let student = scene.student.again(&app).await;
    revoke(&app, &student, &shared, "Non").await.fails(403, "forbidden");
    let revoked = revoke(&app, &head, &shared, "Émis pour une autre personne").await;
    let revoked = revoked.is(200).value();
    revoke(&app, &head, &revoked, "Encore").await.fails(409, "already_revoked");
    let seen = look(&app, &revoked).await.is(200).value();
    assert_eq!((&seen["state"], &seen["revoked_on"]), (&json!("revoked"), &json!("2031-10-02")));
    assert!(!seen.to_string().contains("autre personne"), "why is the holder's affair");
    let issued =
        app.get(format!("/api/v1/enrolments/{}/credentials", scene.enrolment)).by(&student);
    let issued = issued.send().await.is(200).value();
    assert_eq!(issued["credentials"][0]["revocation"]["reason"], "Émis pour une autre personne");
    assert_eq!(issued["issuable"], json!([]), "it is no more in force");
    let again = app.post(format!("/api/v1/enrolments/{}/credentials", scene.enrolment)).by(&head);
    let again = again.json(json!({ "kind": "block", "validated_block": validated })).send().await;
    again.fails(409, "not_in_force");
}

#[tokio::test]
async fn a_block_that_is_validated_again_has_one_badge_to_show_and_an_earlier_one_that_stays_true()
{
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let earlier = scene.validated(1, &block(), "2022-03-10").await;
    let old = scene.credential(&earlier).await;
    assert_eq!(old["renewed_on"], Value::Null);
    let unissued = scene.validated(2, &block(), "2023-03-10").await;
    let newest = scene.validated(3, &block(), "2026-10-01").await;

    // Only the newest one is to be issued.
    let all = scene.credentials(&scene.school.head).await;
    let issuable = all["issuable"].as_array().expect("a list");
    assert_eq!(issuable.len(), 1);
    assert_eq!(issuable[0]["subject"]["validated_block"], newest);
    assert_eq!(all["credentials"][0]["renewed_on"], "2026-10-01");
    let subject = json!({ "kind": "block", "validated_block": unissued });
    scene.issue(subject).await.fails(409, "block_renewed");
    assert_eq!(scene.credential(&newest).await["renewed_on"], Value::Null);

    // What the old one says was so, and is: its own days, and nothing of the new one.
    let page = look(&app, &old).await.is(200).value();
    assert_eq!(page["state"], "valid");
    assert_eq!(page["award"]["awarded_on"], "2022-03-10");
    assert_eq!(page["award"]["last_day"], "2027-03-10");
    assert!(!page.to_string().contains("2026-10-01"), "{page}");
    let record = scene.read(&scene.student, "record").await;
    let days = record["validated"].as_array().expect("blocks").iter();
    let days: Vec<&Value> = days.map(|held| &held["validated_on"]).collect();
    assert_eq!(days, ["2026-10-01", "2023-03-10", "2022-03-10"]);
}

#[tokio::test]
async fn a_revocation_stands_in_the_list_of_its_school() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let blocks = certification().blocks;
    let mut places = Vec::new();
    for (number, block) in (1..).zip(&blocks) {
        let validated = scene.validated(number, &block.code, "2026-10-01").await;
        let issued = scene.credential(&validated).await;
        let jwt = download(&app, &scene.student, &issued, "credential.jwt").await;
        let status = parts(&jwt).1["credentialStatus"].clone();
        let index: u32 = text(&status["statusListIndex"]).parse().expect("a number");
        places.push((
            issued,
            text(&status["statusListCredential"]),
            index,
            key_of(&app, &jwt).await,
        ));
    }
    let set = async |list: &str, index: u32, key: &PublicKey| {
        let signed = key.verify(&fetch(&app, list).await).expect("signed by the same key");
        assert_eq!(signed["id"], list);
        let encoded = text(&signed["credentialSubject"]["encodedList"]);
        is_set(&encoded, index).expect("a bit")
    };
    for (_, list, index, key) in &places {
        assert!(!set(list, *index, key).await);
    }
    revoke(&app, &scene.school.head, &places[1].0, "Erreur").await.is(200);
    for (number, (_, list, index, key)) in places.iter().enumerate() {
        assert_eq!(set(list, *index, key).await, number == 1);
    }
    // What was revoked by mistake is issued anew, under another address and in another place.
    let validated = text(&places[1].0["award"]["subject"]["validated_block"]);
    let again = scene.credential(&validated).await;
    assert_ne!(again["token"], places[1].0["token"]);
    assert_eq!(look(&app, &again).await.is(200).value()["state"], "valid");
}

#[tokio::test]
async fn servers_that_share_a_secret_share_the_key_and_no_copy_of_the_database_holds_it() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    let blocks = certification().blocks;
    let mut jwts = Vec::new();
    // Another server on the same database, or this one started again; then one of another secret.
    for (number, secret) in [(1, [7; 32]), (2, [7; 32]), (3, [8; 32])] {
        let validated = scene.validated(number, &blocks[number as usize - 1].code, "2026-10-01");
        let validated: Uuid = validated.await.parse().unwrap();
        let other = App::new(app.db.clone(), &secret, "http://acquis.test/", None);
        let scope = [scene.school.id().await].into();
        let enrolment = scene.enrolment.parse().unwrap();
        let enrolled = store::enrolment::find(&app.db, &scope, enrolment).await.unwrap().unwrap();
        let issued = store::credential::issue(
            &app.db,
            &other.signing,
            scene.school.head.id.parse().unwrap(),
            &enrolled,
            domain::credential::Awarded::Block { validated_block: validated },
        );
        let id = issued.await.unwrap().id;
        jwts.push(store::credential::jwt(&app.db, id).await.unwrap());
        drop(api::router(other, Router::new()));
    }
    let kid = |jwt: &String| text(&parts(jwt).0["kid"]);
    assert_eq!(kid(&jwts[0]), kid(&jwts[1]));
    assert_ne!(kid(&jwts[0]), kid(&jwts[2]), "its key cannot be read with another secret");
    for jwt in &jwts {
        assert!(key_of(&app, jwt).await.verify(jwt).is_ok(), "old keys go on being served");
    }
    let sealed = app.texts("SELECT sealed_key AS text FROM signing_keys").await;
    assert_eq!(sealed.len(), 2);
    for sealed in sealed {
        // A nonce, a seed and a tag: the seed is not there as it is.
        assert_eq!(sealed.len(), 2 * (12 + 32 + 16));
    }
}

#[tokio::test]
async fn what_is_not_there_cannot_be_told_from_what_is_hidden() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    for path in [
        "/api/v1/verify/0123456789abcdef0123456789abcdef".to_owned(),
        "/api/v1/verify/%27".to_owned(),
        "/api/v1/verify/%00".to_owned(),
        format!("/api/v1/credentials/keys/{}", Uuid::nil()),
        "/api/v1/credentials/keys/1".to_owned(),
        format!("/api/v1/credentials/status/{}", Uuid::nil()),
        // A school that has issued nothing.
        format!("/api/v1/credentials/issuers/{}", scene.school.id().await),
    ] {
        app.get(path).send().await.fails(404, "not_found");
    }
    let foreign = json!({ "kind": "block", "validated_block": Uuid::nil() });
    scene.issue(foreign).await.fails(404, "not_found");
    scene.issue(json!({ "kind": "certification" })).await.fails(404, "not_found");
    scene.issue(json!({ "kind": "other" })).await.fails(422, "invalid");

    let validated = scene.validated(1, &block(), "2026-10-01").await;
    let issued = scene.credential(&validated).await;
    // What somebody changes in the database is not what was signed.
    app.tamper("UPDATE credentials SET jwt = jwt || 'A'").await;
    look(&app, &issued).await.fails(500, "internal");
}

#[tokio::test]
async fn whoever_looks_at_too_many_waits() {
    let app = TestApp::new().await;
    let ask = || app.get("/api/v1/verify/00").header("x-forwarded-for", "192.0.2.1");
    for _ in 0..300 {
        ask().send().await.fails(404, "not_found");
    }
    ask().send().await.fails(429, "too_many_tries");
}

#[tokio::test]
async fn a_block_that_the_certification_does_not_have_takes_nothing_from_the_others() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app).await;
    scene.validated(1, "BC99", "2026-10-01").await;
    let validated = scene.validated(2, &block(), "2026-10-01").await;
    let issuable = scene.credentials(&scene.student).await["issuable"].clone();
    assert_eq!(issuable.as_array().map(Vec::len), Some(1), "{issuable}");
    let issued = scene.credential(&validated).await;
    let page = format!("/api/v1/verify/{}", text(&issued["token"]));
    assert_eq!(app.get(page).send().await.is(200).value()["state"], "valid");
    let unknown = Uuid::from_u128(1).to_string();
    let unknown = json!({ "kind": "block", "validated_block": unknown });
    scene.issue(unknown).await.fails(404, "not_found");
    revoke(&app, &scene.school.head, &issued, "Erreur de saisie").await.is(200);
}
