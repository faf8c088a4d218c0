//! An evidence as a document.

use chrono::NaiveDate;
use domain::{
    ambient::day_in_french,
    evidence::{EvidenceContent, EvidenceKind},
};

use super::{File, FileContent, Planner};
use crate::demo::{
    files::Document,
    people::plain,
    places::{SCHOOL_NAME, french},
    students::COHORTS,
};

impl Planner<'_> {
    /// The evidence as a document: what it says, and why it shows each competency.
    pub(super) fn document(&self, content: &EvidenceContent, day: NaiveDate) -> File {
        let (given, family, _) = self.student.name;
        let mut sections = Vec::new();
        let headings: &[&str] = match content.kind {
            _ if content.modality.is_some() => &["Objet", "Contenu", "Relecture"],
            EvidenceKind::Project | EvidenceKind::Report => {
                &["Contexte", "Ce que j'ai fait", "Résultat", "Compléments"]
            }
            EvidenceKind::Internship | EvidenceKind::CompanyPeriod | EvidenceKind::StayAbroad => {
                &["Cadre", "Missions", "Bilan", "Compléments"]
            }
            _ => &["Objet", "Déroulement", "Suites", "Compléments"],
        };
        for (heading, text) in headings.iter().zip(content.text.split("\n\n")) {
            sections.push((french(heading), vec![text.to_owned()]));
        }
        let mut facts = Vec::new();
        if let (Some(start), Some(end)) = (content.starts_on, content.ends_on) {
            if start == end {
                facts.push(format!("Date : {}", day_in_french(start)));
            } else {
                facts.push(format!("Du {} au {}", day_in_french(start), day_in_french(end)));
            }
        }
        if let Some(level) = content.cefr_level {
            facts.push(format!("Niveau atteint : {level:?} du Cadre européen commun de référence"));
            for part in [
                "Compréhension écrite",
                "Compréhension orale",
                "Expression écrite",
                "Expression orale",
            ] {
                facts.push(format!("{part} : {level:?}"));
            }
        }
        if !facts.is_empty() {
            let facts = facts.iter().map(|fact| french(fact)).collect();
            sections.push(("Repères".to_owned(), facts));
        }
        let reasons: Vec<String> = content
            .competencies
            .iter()
            .filter_map(|link| {
                let competency = self.certification.competency(&link.competency)?;
                let code = competency.code.as_ref().unwrap_or(&competency.key);
                Some(french(&format!("{code} : {}", link.justification)))
            })
            .collect();
        if !reasons.is_empty() {
            sections.push(("Compétences montrées".to_owned(), reasons));
        }
        let under_author = format!(
            "{SCHOOL_NAME}, {} – {}",
            COHORTS[self.student.cohort].name(self.calendar),
            day_in_french(day)
        );
        File {
            name: format!("{}.pdf", slug(&content.title)),
            content: FileContent::Document(Box::new(Document {
                title: content.title.clone(),
                author: french(&format!("{given} {family}")),
                context: under_author,
                date: day,
                sections,
            })),
        }
    }
}

/// A title as the name of a file.
pub(super) fn slug(title: &str) -> String {
    let plain = plain(&title.replace(['’', '\'', '\u{a0}', '/'], " "));
    let words: Vec<&str> =
        plain.split('-').filter(|word| !word.is_empty() && word.len() < 20).take(7).collect();
    words.join("-")
}
