//! The dossiers that wait for a jury, deposited in the last evening.

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ambient::{Clock, ManualClock},
    dossier::{Deposit, gate},
    progress::progress,
};
use store::{Db, enrolment::Enrolled};
use uuid::Uuid;

use super::students::Student;

/// Who has deposited nothing yet, by cohort and place: it is the visitor's turn to try.
const LEFT: (usize, usize) = (0, 0);
/// Whose dossier was reopened and deposited anew, by cohort and place.
const REOPENED: (usize, usize) = (0, 1);
const PRESENTATIONS: [&str; 4] = [
    "Je présente ici ce que j’ai conduit depuis mon arrivée : d’abord au sein de l’équipe qui m’a \
     accueilli, puis sur un projet dont j’ai eu la charge.\n\nLes preuves suivent l’ordre dans \
     lequel j’ai travaillé ; le rapport rassemble le reste.",
    "Mon dossier suit un seul projet, du premier entretien avec les utilisateurs à la mise en \
     service. J’ai choisi de montrer aussi ce qui n’a pas marché, et ce que j’en ai tiré.",
    "J’ai voulu garder peu de preuves, et les commenter. Chacune dit ce que j’ai fait moi-même et \
     ce que l’équipe a fait avec moi.",
    "Ces travaux ont été menés en entreprise et repris à l’école. Les deux tuteurs les ont lus.",
];
const REASON: &str = "La présentation s’arrête au milieu d’une phrase. Complétez-la, puis déposez \
                      de nouveau : rien d’autre n’est à reprendre.";

/// Deposits what passes the gate.
pub async fn deposit(
    db: &Db,
    clock: &ManualClock,
    organisation: Uuid,
    manager: Uuid,
    students: impl Iterator<Item = (&Student, Uuid)>,
) -> Result<()> {
    for (student, enrolment) in students {
        if (student.cohort, student.place) == LEFT {
            continue;
        }
        let found = store::enrolment::find(db, &[organisation].into(), enrolment).await?;
        let enrolled = found.context("the enrolment exists")?;
        let blocks = ready(db, &enrolled).await?;
        if blocks.is_empty() {
            continue;
        }
        let presentation = PRESENTATIONS[student.place % PRESENTATIONS.len()];
        if (student.cohort, student.place) == REOPENED {
            let cut = &presentation[..presentation.find(',').unwrap_or(presentation.len())];
            let first = hand_in(db, clock, &enrolled, blocks.clone(), cut).await?;
            pass(clock, 12);
            store::dossier::reopen(db, manager, first, 1, REASON).await?;
            pass(clock, 9);
        }
        hand_in(db, clock, &enrolled, blocks, presentation).await?;
    }
    Ok(())
}

/// The blocks that the gate lets through.
async fn ready(db: &Db, enrolled: &Enrolled) -> Result<Vec<String>> {
    let enrolment = &enrolled.enrolment;
    let (facts, _) = store::progress::facts(db, enrolment.id).await?;
    let effective = store::grid::in_force(db, enrolment.certification.id).await?;
    let progress = progress(&effective, enrolment.status, enrolment.profile.as_deref(), &facts);
    let gates = gate::gates(&effective.certification, &progress, &facts);
    Ok(gates.into_iter().filter(gate::BlockGate::passes).map(|gate| gate.block).collect())
}

async fn hand_in(
    db: &Db,
    clock: &ManualClock,
    enrolled: &Enrolled,
    blocks: Vec<String>,
    presentation: &str,
) -> Result<Uuid> {
    pass(clock, 4);
    let deposit = Deposit { blocks, presentation: presentation.to_owned() };
    let by = enrolled.enrolment.student.id;
    Ok(store::dossier::deposit(db, by, enrolled, deposit, None).await?)
}

fn pass(clock: &ManualClock, minutes: i64) {
    let now: DateTime<Utc> = clock.now();
    clock.set(now + TimeDelta::minutes(minutes));
}
