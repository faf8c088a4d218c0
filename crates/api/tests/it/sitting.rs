//! What changes once a session is open: the chair passes on, members leave the room, and whoever
//! closes has read what is sealed.

use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    deliberation::{call, gathered, says},
    reading::{Jury, another, deposited},
    support::{Answer, Person, TestApp, block, text, version},
};

impl Jury<'_> {
    async fn hand_over(&self, to: &Person, reason: &str) -> Answer {
        let seat = self.seat(to).await;
        let ask = self.app.post(format!("{}/chair", self.path())).by(&self.head);
        let ask = ask.version(version(&self.read(&self.head).await));
        ask.json(json!({ "member": seat["id"], "reason": reason })).send().await
    }

    async fn decide_as(&self, by: &Person, candidate: &str, seen: i64, ruling: Value) -> Answer {
        let path = format!("{}/blocks/{}/decision", self.of(candidate), block());
        self.app.ask(Method::PUT, path).by(by).version(seen).json(ruling).send().await
    }

    async fn close_as(&self, by: &Person) -> Answer {
        let version = version(&self.table(by).await["session"]);
        self.app.post(format!("{}/close", self.path())).by(by).version(version).send().await
    }
}

#[tokio::test]
async fn a_session_whose_chair_falls_ill_is_led_on_by_another() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = gathered(&scene, &[candidate], &[]).await;
    let [chair, second, third, fourth, _] = &jury.members[..] else { panic!("five members") };
    jury.decide(candidate, 0, says("validated")).send().await.is(200);
    call(&jury, &[0, 3]).await;
    for member in [chair, second] {
        let stuck = jury.decide_as(member, candidate, 1, says("postponed")).await;
        stuck.fails(403, "forbidden");
    }

    let refused = jury.hand_over(second, " ").await;
    assert_eq!(refused.faults(), ["reason: required"]);
    let refused = jury.hand_over(fourth, "Au hasard").await;
    assert_eq!(refused.faults(), ["member: not_present"]);
    let (seat, at) = (jury.seat(second).await, version(&jury.read(&jury.head).await));
    let path = format!("{}/chair", jury.path());
    let body = json!({ "member": seat["id"], "reason": "Souffrante" });
    let by_member = app.post(&path).by(third).version(at).json(body.clone()).send().await;
    by_member.fails(403, "forbidden");
    let stale = app.post(&path).by(&jury.head).version(at - 1).json(body).send().await;
    stale.fails(412, "stale_version");
    let handed = jury.hand_over(second, "Souffrante depuis midi").await.is(200).value();
    let chairs: Vec<&Value> =
        handed["members"].as_array().expect("members").iter().map(|one| &one["chair"]).collect();
    assert_eq!(chairs, [false, true, false, false, false]);
    assert_eq!(handed["handovers"][0]["reason"], "Souffrante depuis midi");
    assert_eq!(handed["handovers"][0]["to"], seat["id"]);
    assert_eq!(jury.hand_over(second, "Encore").await.faults(), ["member: already_chair"]);
    // Why is not for the others.
    let seen = jury.read(third).await;
    assert_eq!(seen["handovers"], json!([]));
    assert!(!seen.to_string().contains("Souffrante"));

    // Three of five decide nothing new, and what the five decided stands.
    let short = jury.decide_as(second, candidate, 1, says("refused")).await;
    assert_eq!(short.faults(), ["verdict: no_quorum"]);
    jury.close_as(second).await.is(204);
    let minutes = jury.minutes(second).send().await.is(200).value();
    let content = &minutes["content"];
    assert_eq!(content["candidates"][0]["decisions"][0]["verdict"], "validated");
    let quorum = content["candidates"][0]["quorum"].as_array().expect("quorum");
    assert!(quorum.iter().all(|check| check["met"] == true), "five took it: {quorum:?}");
    let seats = content["members"].as_array().expect("members");
    assert!(seats.iter().all(|seat| seat["attendance"] == "present"));
    assert_eq!(content["handovers"][0]["from"], "alix Test");
    assert_eq!(content["handovers"][0]["to"], "bruno Test");
    assert!(!minutes.to_string().contains("Souffrante"));
    let met = |part: &str| {
        let rules = content[part]["rules"].as_array().expect("rules");
        rules.iter().all(|check| check["met"] == true)
    };
    assert_eq!((met("opening"), met("closing")), (true, false), "three were there");
    let audit = app.texts("SELECT COALESCE(after, '') AS text FROM audit_entries").await.concat();
    assert!(!audit.contains("Souffrante"), "the audit outlives what is forgotten");
    let organisation = scene.school.id().await;
    assert_eq!(store::audit::first_break(&app.db, organisation).await.unwrap(), None);
    jury.hand_over(third, "Trop tard").await.fails(409, "session_not_open");

    // Minutes are for those who were there, though not to the end.
    for (member, status) in [(chair, 200), (third, 200), (fourth, 200)] {
        assert_eq!(jury.minutes(member).send().await.status, status);
        let pdf = app.get(format!("{}/minutes.pdf", jury.path())).by(member).send().await;
        assert_eq!(pdf.status, status);
    }
    jury.minutes(&jury.head).send().await.is(200);
}

#[tokio::test]
async fn a_chair_who_leaves_the_room_postpones_and_hears_nothing() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let other = another(&scene, "zoe").await;
    let (first, second) = (scene.enrolment.as_str(), other.enrolment.as_str());
    let jury = gathered(&scene, &[first, second], &[]).await;
    let chair = jury.chair();
    for candidate in [first, second] {
        let said = json!({ "verdict": "validated", "motive": "Mot de la salle" });
        jury.propose(&jury.members[1], candidate, 0, said).send().await.is(200);
    }
    jury.decide(first, 0, says("validated")).send().await.is(200);
    jury.decide(second, 0, says("validated")).send().await.is(200);
    jury.recuse(chair, second).await;

    let table = jury.table(chair).await;
    let left = &table["candidates"][1];
    assert_eq!(left["recused"], json!([jury.seat(chair).await["id"]]));
    let blocks = left["matter"]["blocks"].as_array().expect("blocks, to postpone them");
    assert_eq!(blocks[0]["decision"]["version"], 1);
    assert!(!left.to_string().contains("Mot de la salle"), "{left}");
    jury.propose(chair, second, 0, says("refused")).send().await.fails(409, "out_of_the_room");
    let waived = jury.waiver(Method::PUT, second, "CV", 0);
    let waived = waived.json(json!({ "motive": "Non", "granted_by": "Alix" })).send().await;
    waived.fails(409, "out_of_the_room");

    let refused = jury.close_as(chair).await.fails(422, "invalid");
    assert_eq!(refused["fields"][0]["code"], "out_of_the_room");
    let against = jury.decide_as(chair, second, 1, says("refused")).await;
    assert_eq!(against.faults(), ["verdict: out_of_the_room"]);
    let bare = jury.decide_as(chair, second, 1, json!({ "verdict": "postponed" })).await;
    assert_eq!(bare.faults(), ["motive: required"]);
    jury.decide_as(chair, second, 1, says("postponed")).await.is(200);
    jury.close_as(chair).await.is(204);

    // What was decided without them is not theirs to read; a manager reads it all.
    for (reader, candidates, left_out) in [(chair, 1, 1), (&jury.members[1], 2, 0)] {
        let minutes = jury.minutes(reader).send().await.is(200).value();
        let count = |part: &Value| part["candidates"].as_array().expect("candidates").len();
        let content = &minutes["content"];
        let counts = [content, &content["opening"], &content["closing"]].map(count);
        assert_eq!((counts, &minutes["left_out"]), ([candidates; 3], &json!(left_out)));
        assert_eq!(minutes.to_string().contains("zoe"), left_out == 0);
    }
    assert_eq!(jury.minutes(&jury.head).send().await.is(200).value()["left_out"], 0);
}

#[tokio::test]
async fn a_conflict_declared_at_the_table_ends_every_part_in_the_candidate() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = gathered(&scene, &[candidate], &[]).await;
    let [chair, second, third, ..] = &jury.members[..] else { panic!("five members") };
    jury.propose(second, candidate, 0, says("validated")).send().await.is(200);
    assert_eq!(jury.block(chair).await["tally"]["voters"], 5);
    let before = version(&jury.read(&jury.head).await);
    jury.declare(second, candidate).await;

    assert!(version(&jury.read(&jury.head).await) > before, "whoever closes looks again");
    assert_eq!(jury.status(second, candidate).await, 404);
    let said = jury.propose(second, candidate, 1, says("refused")).send().await;
    said.fails(409, "out_of_the_room");
    assert_eq!(jury.table(second).await["candidates"][0]["matter"], Value::Null);
    let block = jury.block(chair).await;
    assert_eq!((&block["tally"]["voters"], &block["tally"]["votes"][0]), (&json!(4), &json!(0)));
    let short = jury.decide(candidate, 0, says("validated")).send().await;
    assert_eq!(short.faults(), ["verdict: no_quorum"]);

    // Who left does not come back: neither by their own word nor by a manager's.
    let seat = jury.seat(second).await;
    let back = app.post(format!("{}/answer", jury.path())).by(second).version(version(&seat));
    let back = back.json(json!({ "accepts": true, "conflicts": [] })).send().await;
    back.fails(409, "session_open");
    jury.recuse(third, candidate).await;
    let mut seat = jury.seat(third).await;
    let path = format!("{}/members/{}", jury.path(), text(&seat["id"]));
    seat["recused_from"] = json!([]);
    let back =
        app.ask(Method::PUT, &path).by(&jury.head).version(version(&seat)).json(seat.clone());
    back.send().await.fails(409, "session_open");
    seat["recused_from"] = json!([candidate]);
    seat["experience_years"] = 2.into();
    let other = app.ask(Method::PUT, &path).by(&jury.head).version(version(&seat)).json(seat);
    other.send().await.fails(409, "session_open");
}

#[tokio::test]
async fn whoever_closes_has_read_what_is_sealed() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = gathered(&scene, &[candidate], &[]).await;
    let chair = jury.chair();
    let table = jury.table(chair).await;
    let key = table["candidates"][0]["matter"]["requirements"].as_array().expect("requirements");
    let key = key.iter().find(|one| one["state"] == "unmet").expect("one unmet")["key"].clone();
    let key = text(&key);
    jury.decide(candidate, 0, says("refused")).send().await.is(200);
    let close = async |seen| {
        let path = format!("{}/close", jury.path());
        app.post(path).by(chair).version(seen).send().await
    };
    for step in 0..5 {
        let read = version(&jury.table(chair).await["session"]);
        match step {
            0 => drop(jury.decide(candidate, 1, says("validated")).send().await.is(200)),
            1 => {
                let body = json!({ "motive": "Dossier égaré", "granted_by": "Alix" });
                let put = jury.waiver(Method::PUT, candidate, &key, 0).json(body);
                put.send().await.is(200);
            }
            2 => {
                let delete = jury.waiver(Method::DELETE, candidate, &key, 1);
                delete.send().await.is(204);
            }
            3 => {
                let again = jury.propose(&jury.members[1], candidate, 0, says("validated"));
                again.send().await.is(200);
            }
            _ => call(&jury, &[]).await,
        }
        let problem = close(read).await.fails(412, "stale_version");
        let now = &problem["current"];
        assert_eq!(version(&now["session"]), read + 1, "step {step}");
        let decision = &now["candidates"][0]["matter"]["blocks"][0]["decision"];
        assert_eq!(decision["said"]["verdict"], "validated");
    }
    close(version(&jury.table(chair).await["session"])).await.is(204);
}

#[tokio::test]
async fn a_link_that_comes_up_after_the_opening_is_settled_before_the_closing() {
    let app = TestApp::new().await;
    let (scene, _) = deposited(&app).await;
    let candidate = scene.enrolment.as_str();
    let jury = gathered(&scene, &[candidate], &[]).await;
    let (chair, second) = (jury.chair(), &jury.members[1]);
    jury.decide(candidate, 0, says("validated")).send().await.is(200);
    // The member is from the company of a period that is known by now.
    let seat = text(&jury.seat(second).await["id"]);
    let links = format!("[{{\"member\":\"{seat}\",\"nature\":\"Son oncle\"}}]");
    app.tamper(&format!("UPDATE jury_candidates SET links = '{links}'")).await;

    let check = app.get(format!("{}/check", jury.path())).by(&jury.head).send().await;
    assert_eq!(check.is(200).value()["complies"], false, "a manager sees it");
    let refused = jury.close_as(chair).await.fails(422, "invalid");
    assert_eq!(refused["fields"][0]["code"], "not_independent");
    assert!(text(&refused["fields"][0]["detail"]).starts_with("bruno Test a un lien déclaré"));
    jury.recuse(second, candidate).await;
    let short = jury.close_as(chair).await.fails(422, "invalid");
    assert_eq!(short["fields"][0]["code"], "no_quorum", "five were asked for");
    jury.decide(candidate, 1, says("postponed")).send().await.is(200);
    jury.close_as(chair).await.is(204);
    let minutes = jury.minutes(chair).send().await.is(200).value();
    let conflict = |part: &str| minutes["content"][part]["candidates"][0]["conflicts"].clone();
    assert_eq!(conflict("opening"), json!([]));
    let found = conflict("closing");
    assert_eq!(
        (&found[0]["ground"], &found[0]["recused"]),
        (&json!("declared_link"), &json!(true))
    );
    assert!(!minutes.to_string().contains("Son oncle"));
}

#[tokio::test]
async fn of_two_dossiers_that_wait_none_is_taken_by_chance() {
    let app = TestApp::new().await;
    let (scene, first) = deposited(&app).await;
    let path = format!("/api/v1/dossiers/{}/reopen", text(&first["id"]));
    let reopen = app.post(&path).by(&scene.school.head).version(version(&first));
    reopen.json(json!({ "reason": "À compléter" })).send().await.is(200);
    scene.deposited().await;
    let jury = Jury::planned(&scene, &[&scene.enrolment]).await;
    app.tamper("UPDATE dossiers SET status = 'deposited'").await;
    let open = async || {
        let at = version(&jury.read(&jury.head).await);
        app.post(format!("{}/open", jury.path())).by(&jury.head).version(at).send().await
    };
    let refused = open().await.fails(422, "invalid");
    assert_eq!(refused["fields"][0]["code"], "several_dossiers");
    let detail = text(&refused["fields"][0]["detail"]);
    assert!(detail.starts_with("lea Test a plusieurs dossiers déposés"), "{detail}");
    app.tamper("UPDATE dossiers SET status = 'reopened' WHERE number = 1").await;
    open().await.is(200);
}
