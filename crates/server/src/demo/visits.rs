//! Visits of tutors, and the reports that they sign with the student.

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    enrolment::TutorKind,
    visit::{Objective, Participant, VisitContent, VisitPlace},
};
use store::{Db, enrolment::Enrolled};
use uuid::Uuid;

use super::{
    calendar::{Calendar, after},
    dice::Dice,
    places::french,
    students::{Stage, Student},
};

const POINTS: [&str; 4] = [
    "Les missions correspondent au référentiel : développement, tests et mise en production.\n\
     L’autonomie progresse ; les comptes rendus d’avancement sont à tenir chaque semaine.",
    "Présentation du projet en cours et démonstration du service livré.\nLe tuteur souligne la \
     qualité du code ; la documentation reste à compléter avant la fin du mois.",
    "Point sur l’intégration dans l’équipe, très bonne. Les délais annoncés sont encore trop \
     courts : apprendre à les chiffrer avec les collègues.",
    "Retour sur les preuves déposées depuis la dernière visite. Deux compétences n’ont encore \
     aucune preuve ; les missions du trimestre permettront de les montrer.",
];

const OBJECTIVES: [[&str; 2]; 4] = [
    ["Tenir un compte rendu d’avancement chaque semaine", "Conduire seul une mise en production"],
    ["Compléter la documentation du service", "Présenter le projet à l’équipe"],
    ["Chiffrer les tâches avec un collègue", "Mener une réunion de suivi"],
    ["Déposer une preuve pour chaque compétence qui n’en a pas", "Préparer l’auto-évaluation"],
];

const REFUSAL: &str = "La date de livraison notée n’est pas celle dont nous avons convenu : c’est à \
                       la fin du trimestre, pas du mois.";

/// One step of a report.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    Draft(TutorKind),
    Sign(TutorKind),
    Countersign,
    Refuse,
}

/// When, on which of the reports, and what.
type Moment = (DateTime<Utc>, usize, Act);

pub struct Report {
    /// Place in the list of students.
    pub student: usize,
    held_on: NaiveDate,
    number: usize,
    place: VisitPlace,
    made: Option<Uuid>,
}

/// A visit in spring or summer that everybody has signed, and a recent one in each state for the
/// students of those whom the sign-in page shows.
pub fn plan(
    students: &[Student],
    calendar: &Calendar,
    dice: &mut Dice,
) -> (Vec<Report>, Vec<Moment>) {
    const BOTH: [Act; 3] = [
        Act::Draft(TutorKind::School),
        Act::Sign(TutorKind::School),
        Act::Sign(TutorKind::Company),
    ];
    const BY_COMPANY: [Act; 2] = [Act::Draft(TutorKind::Company), Act::Sign(TutorKind::Company)];
    let signed = [BOTH.as_slice(), &[Act::Countersign]].concat();
    let refused = [BOTH.as_slice(), &[Act::Refuse]].concat();
    let mut reports = Vec::new();
    let mut acts = Vec::new();
    let mut visit = |student: usize, days: i64, place, life: &[Act]| {
        let day = calendar.ago(u64::try_from(days).unwrap_or_default());
        let at = calendar.at_work(day, dice);
        let report = reports.len();
        let number = dice.below(POINTS.len());
        reports.push(Report { student, held_on: at.date_naive(), number, place, made: None });
        for (act, minutes) in life.iter().zip([0, 20, 45, 180]) {
            acts.push((at + TimeDelta::minutes(minutes), report, *act));
        }
    };
    for (index, student) in students.iter().enumerate() {
        if !student.has_company_tutor || student.stage == Stage::Newcomer {
            continue;
        }
        if student.stage >= Stage::Underway {
            let days = 90 + i64::try_from(index % 40).unwrap_or_default();
            visit(index, days, VisitPlace::Company, &signed);
        }
        if !student.closely {
            continue;
        }
        let life = match student.place % 5 {
            0 => &BOTH[..],
            1 => &BOTH[..2],
            2 => &refused,
            3 => &BOTH[..1],
            _ => &BY_COMPANY[..],
        };
        visit(index, 6, VisitPlace::Remote, life);
    }
    (reports, acts)
}

impl Report {
    pub async fn act(&mut self, db: &Db, enrolled: &Enrolled, by: Uuid, act: Act) -> Result<()> {
        if let Act::Draft(_) = act {
            let content = self.content(enrolled);
            let id = store::visit::create(db, by, enrolled, content, None, None).await?;
            self.made = Some(id);
            return Ok(());
        }
        let id = self.made.context("the report was drafted")?;
        let scope = [enrolled.enrolment.organisation_id].into();
        let version = store::visit::find(db, &scope, id).await?.context("it exists")?.version;
        match act {
            Act::Sign(kind) => {
                store::visit::sign(db, by, enrolled, &[kind].into(), id, version).await?;
            }
            Act::Countersign => {
                store::visit::countersign(db, by, enrolled, id, version, true, "").await?;
            }
            Act::Draft(_) | Act::Refuse => {
                let reason = french(REFUSAL);
                store::visit::countersign(db, by, enrolled, id, version, false, &reason).await?;
            }
        }
        Ok(())
    }

    fn content(&self, enrolled: &Enrolled) -> VisitContent {
        let tutors = enrolled.tutors.iter().map(|tutor| &tutor.user);
        let people = [&enrolled.enrolment.student].into_iter().chain(tutors);
        let objectives = OBJECTIVES[self.number].iter().zip([30, 75]);
        VisitContent {
            held_on: self.held_on,
            place: self.place,
            location: String::new(),
            participants: people
                .map(|user| Participant { user_id: Some(user.id), name: String::new() })
                .collect(),
            points: french(POINTS[self.number]),
            objectives: objectives
                .map(|(text, days)| Objective {
                    text: french(text),
                    due_on: Some(after(self.held_on, days)),
                })
                .collect(),
            evidence: Vec::new(),
        }
    }
}
