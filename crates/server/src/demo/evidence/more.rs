//! What shows the rest of an evidence's life: confidential ones, notes in Markdown, one that was
//! taken back, and conversations.

use chrono::TimeDelta;
use domain::evidence::{CompetencyLink, EvidenceAction, EvidenceContent, EvidenceKind, Visibility};

use super::{Decision, File, FileContent, Planned, Planner, Said, blank, organisation, slug};
use crate::demo::{
    calendar::after,
    dice::Dice,
    places::{Words, french},
    students::Stage,
    templates::At,
};

/// An own seed, so that nothing else of the school changes with it.
const SEED: u64 = 27_731;

const QUESTION: &str = "Bonjour, je ne retrouve pas la partie que vous avez écrite vous-même. Pouvez-vous l’indiquer dans le texte ?";
const ANSWER: &str = "C’est le deuxième paragraphe : j’ai écrit le service et ses essais, l’équipe a fait la mise en production.";
const THANKS: &str = "Merci, c’est clair. Ajoutez-le en une phrase, et ce sera parfait.";

const INCIDENT: [&str; 2] = [
    "Analyse d'un incident de sécurité chez {org}. Le détail appartient à l'entreprise : cette preuve est confidentielle.",
    "J'ai reconstitué la suite des événements à partir des journaux, trouvé la cause et proposé trois mesures, dont deux sont en place.",
];

impl Planner<'_> {
    pub(super) fn more(&mut self) {
        if self.student.stage < Stage::Underway {
            return;
        }
        let mut dice =
            Dice::new(SEED + self.student.place as u64 * 17 + self.student.cohort as u64);
        self.talk(&mut dice);
        match self.student.place % 4 {
            0 => {
                self.incident(Visibility::School, &mut dice);
                self.taken_back(&mut dice);
            }
            1 => self.incident(Visibility::Company, &mut dice),
            2 => self.taken_back(&mut dice),
            _ => {}
        }
    }

    /// A tutor asks, the student answers, before the decision on it.
    fn talk(&mut self, dice: &mut Dice) {
        let calendar = self.calendar;
        let yesterday = calendar.ago(1);
        for planned in &mut self.planned {
            let Some(submitted) = planned.submitted else { continue };
            let end = planned.decision.as_ref().map_or(
                yesterday.and_hms_opt(6, 0, 0).expect("a time of the day").and_utc(),
                |decision| decision.at,
            );
            let asked = calendar.at_work(after(submitted.date_naive(), 1), dice);
            let answered = asked + TimeDelta::hours(3);
            let thanked = answered + TimeDelta::minutes(35);
            if asked > submitted && thanked < end && dice.percent(12) {
                let said = |at, by_tutor, text| Said { at, by_tutor, text };
                planned.said = vec![
                    said(asked, true, QUESTION),
                    said(answered, false, ANSWER),
                    said(thanked, true, THANKS),
                ];
            }
        }
    }

    /// A competency that the student has shown before.
    fn known(&self) -> Option<CompetencyLink> {
        let accepted = |planned: &&Planned| {
            planned.decision.as_ref().is_some_and(|it| it.action == EvidenceAction::Accepted)
        };
        let link =
            self.planned.iter().filter(accepted).find_map(|it| it.content.competencies.first())?;
        Some(CompetencyLink {
            competency: link.competency.clone(),
            justification: french(
                "J'ai conduit l'analyse seul, puis je l'ai présentée à l'équipe.",
            ),
        })
    }

    fn incident(&mut self, visibility: Visibility, dice: &mut Dice) {
        let Some(link) = self.known() else { return };
        let place = self.place(At::Company);
        let words = Words::new(place, dice);
        let text = INCIDENT.map(|text| words.fill(&text.replace("{org}", place.name)));
        let content = EvidenceContent {
            text: text.join("\n\n"),
            organisation: Some(organisation(place)),
            competencies: vec![link],
            visibility,
            ..blank(EvidenceKind::Project, french("Analyse d'un incident de sécurité"))
        };
        let note = format!(
            "# {}\n\n## Ce qui s’est passé\n\n1. Une alerte de la supervision, un *mardi* matin.\n\
             2. Un compte de service dont le mot de passe n’avait **jamais** été changé.\n\n\
             ## Mesures\n\n- renouveler les secrets chaque trimestre\n- tracer les accès de nuit\n\n\
             > Rédigé par {} {} pour {}.\n\n```\nauth: 43 échecs en 5 minutes\n```\n",
            content.title,
            self.student.name.0,
            self.student.name.1,
            organisation(place),
        );
        let day = self.calendar.ago(52);
        let submitted = self.calendar.at_leisure(day, dice);
        let decided = self.calendar.at_work(after(day, 4), dice);
        self.planned.push(Planned {
            files: vec![File {
                name: format!("{}.md", slug(&content.title)),
                content: FileContent::Note(note),
            }],
            content,
            created: submitted - TimeDelta::hours(2),
            submitted: Some(submitted),
            decision: Some(Decision {
                at: decided,
                by_company: false,
                action: EvidenceAction::Accepted,
                comment: Some(french("Analyse solide. Rien n'en sort de nos échanges.")),
            }),
            again: None,
            withdrawn: None,
            said: Vec::new(),
        });
    }

    fn taken_back(&mut self, dice: &mut Dice) {
        let Some(link) = self.known() else { return };
        let content = EvidenceContent {
            text: french(
                "Premier relevé des temps de réponse. Une mesure est à refaire : je la complète avant de l'envoyer de nouveau.",
            ),
            organisation: Some(organisation(self.place(At::Company))),
            competencies: vec![link],
            ..blank(EvidenceKind::Other, french("Relevé des temps de réponse"))
        };
        let day = self.calendar.ago(9);
        let file = self.document(&content, day);
        let submitted = self.calendar.at_leisure(day, dice);
        self.planned.push(Planned {
            content,
            files: vec![file],
            created: submitted - TimeDelta::minutes(40),
            submitted: Some(submitted),
            decision: None,
            again: None,
            withdrawn: Some(submitted + TimeDelta::minutes(25)),
            said: Vec::new(),
        });
    }
}
