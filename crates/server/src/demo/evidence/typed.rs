//! Evidence that serves requirements and modalities: periods, certificates, documents, files.

use chrono::NaiveDate;
use domain::{
    certification::{CefrLevel, Modality, PeriodKind, RequirementRule},
    enrolment::LearnerStatus,
    evidence::{CompetencyLink, EvidenceContent, EvidenceKind},
};

use super::{Fate, FileContent, Mode, Planner, blank, organisation, reasons::Reasons};
use crate::demo::{
    calendar::{after, before},
    people::COMPANY_TUTORS,
    places::{SCHOOL_NAME, Words, capital, french},
    students::Stage,
    templates::At,
    texts,
    themes::Theme,
};

/// Cities of the stays abroad, with their country.
const ABROAD: [(&str, &str); 6] = [
    ("PT", "Porto"),
    ("IE", "Cork"),
    ("DE", "Dresde"),
    ("CA", "Sherbrooke"),
    ("PL", "Gdańsk"),
    ("SE", "Linköping"),
];

impl Planner<'_> {
    /// Internships, company periods and stays abroad that are over.
    pub(super) fn periods(&mut self) {
        let stage = self.student.stage;
        let abroad = self.certification.requirements.iter().any(|requirement| {
            matches!(requirement.rule, RequirementRule::Weeks { of: PeriodKind::Abroad, .. })
        });
        let far = stage >= Stage::Advanced;
        if self.student.status == LearnerStatus::Student {
            self.period(EvidenceKind::Internship, "Premier stage", 16, 26, None);
            if stage >= Stage::Underway {
                let country = (abroad && far).then(|| self.dice.pick(&ABROAD));
                self.period(EvidenceKind::Internship, "Second stage", 28, 50, country);
            }
            return;
        }
        self.period(EvidenceKind::CompanyPeriod, "Première période en entreprise", 5, 19, None);
        if stage >= Stage::Underway {
            let title = "Deuxième période en entreprise";
            self.period(EvidenceKind::CompanyPeriod, title, 23, 37, None);
        }
        if far && abroad {
            let country = self.dice.pick(&ABROAD);
            self.period(EvidenceKind::StayAbroad, "Mission", 40, 50, Some(country));
        } else if far {
            let title = "Troisième période en entreprise";
            self.period(EvidenceKind::CompanyPeriod, title, 40, 51, None);
        }
    }

    fn period(
        &mut self,
        kind: EvidenceKind,
        title: &str,
        from_week: u64,
        to_week: u64,
        abroad: Option<(&'static str, &'static str)>,
    ) {
        let starts_on = after(self.calendar.intake, from_week * 7);
        let ends_on = after(self.calendar.intake, to_week * 7 - 3);
        let soonest = after(ends_on, 3).max(after(self.calendar.opening, 13));
        let day = after(soonest, u64::try_from(self.dice.between(0, 12)).unwrap_or_default());
        if day >= self.calendar.today {
            return;
        }
        let place = self.place(At::Company);
        let words = Words::new(place, &mut self.dice);
        let (title, text) = match abroad {
            Some((_, city)) => {
                (format!("{title} à {city}"), texts::STAY.map(|text| text.replace("{ville}", city)))
            }
            None => (format!("{title} chez {}", place.name), texts::PERIOD.map(str::to_owned)),
        };
        let content = EvidenceContent {
            text: text.map(|text| words.fill(&text)).join("\n\n"),
            starts_on: Some(starts_on),
            ends_on: Some(ends_on),
            organisation: Some(match abroad {
                Some((_, city)) => format!("Équipe partenaire à {city}"),
                None => organisation(place),
            }),
            // In France the tutor of the company follows the student there.
            siret: abroad.is_none().then(|| siret(self.student.company)),
            supervisor_name: Some(if abroad.is_some() {
                "Ingrid Lindqvist".to_owned()
            } else {
                let (given, family, _) = COMPANY_TUTORS[self.student.company];
                format!("{given} {family}")
            }),
            supervisor_function: Some("Responsable d’équipe".to_owned()),
            country: abroad.map(|(code, _)| code.to_owned()),
            in_company: kind != EvidenceKind::StayAbroad,
            ..blank(kind, french(&title))
        };
        let files = vec![self.document(&content, day)];
        let by_company = self.student.has_company_tutor && abroad.is_none();
        self.happen(content, files, Fate::Accepted, day, by_company);
    }

    /// A certified level of English, where it is asked for or worth showing.
    pub(super) fn certificate(&mut self) {
        let required = self
            .certification
            .requirements
            .iter()
            .any(|requirement| matches!(requirement.rule, RequirementRule::Language { .. }));
        let shown: Vec<&str> = self
            .themes
            .iter()
            .filter(|(_, themes)| themes.first() == Some(&Theme::English))
            .map(|(key, _)| *key)
            .collect();
        if self.student.stage < Stage::Underway || (!required && shown.is_empty()) {
            return;
        }
        let level = match (required, self.student.stage) {
            // The one thing that is missing.
            (true, Stage::Complete) => CefrLevel::B1,
            (_, Stage::Advanced) => self.dice.pick(&[CefrLevel::B2, CefrLevel::C1]),
            _ => self.dice.pick(&[CefrLevel::B1, CefrLevel::B2, CefrLevel::B2]),
        };
        let day = self.spread(1, 4);
        let taken = before(day, 20);
        let content = EvidenceContent {
            text: french(texts::CERTIFICATE),
            issued_on: Some(taken),
            valid_until: Some(after(taken, 2 * 365)),
            organisation: Some("Centre de tests Albion, Nantes".to_owned()),
            language: Some("en".to_owned()),
            cefr_level: Some(level),
            competencies: shown
                .into_iter()
                .map(|key| CompetencyLink {
                    competency: key.to_owned(),
                    justification: french(
                        "Le niveau est attesté par un test extérieur à l'école, partie par partie.",
                    ),
                })
                .collect(),
            ..blank(
                EvidenceKind::LanguageCertificate,
                format!("Attestation d’anglais, niveau {level:?}"),
            )
        };
        let files = vec![self.document(&content, day)];
        self.happen(content, files, Fate::Accepted, day, false);
    }

    /// Documents that the certification asks for beside the blocks; who has everything else lacks
    /// the last one.
    pub(super) fn documents(&mut self) {
        let certification = self.certification;
        let asked: Vec<_> = certification
            .requirements
            .iter()
            .filter(|requirement| requirement.rule == RequirementRule::Document)
            .collect();
        for (index, requirement) in asked.iter().enumerate() {
            let is_last = index + 1 == asked.len();
            if is_last && self.student.stage != Stage::Advanced {
                continue;
            }
            if is_last && self.dice.percent(50) {
                continue;
            }
            let day = self.spread(index, 8);
            let (title, text) = if index == 0 {
                ("Diplôme de niveau 6, licence d'informatique", texts::ADMISSION)
            } else {
                ("Dossier des documents demandés par le référentiel", texts::DOCUMENTS)
            };
            let content = EvidenceContent {
                text: french(text),
                organisation: Some(SCHOOL_NAME.to_owned()),
                requirements: vec![requirement.key.clone()],
                ..blank(EvidenceKind::Other, french(title))
            };
            let files = vec![self.document(&content, day)];
            self.happen(content, files, Fate::Accepted, day, false);
        }
    }

    /// The files that the modalities of the blocks ask for. Who has everything else, and no
    /// requirement to lack, lacks the last one.
    pub(super) fn deliverables(&mut self) {
        let certification = self.certification;
        let complete = self.student.stage == Stage::Complete;
        let lacks_one = complete && certification.requirements.is_empty();
        let mut asked: Vec<(usize, &Modality)> = Vec::new();
        for (index, (block, mode)) in certification.blocks.iter().zip(&self.modes).enumerate() {
            let modalities =
                block.modalities.iter().filter(|modality| !modality.deliverables.is_empty());
            if *mode == Mode::Full {
                asked.extend(modalities.map(|modality| (index, modality)));
            }
        }
        if lacks_one {
            asked.pop();
        }
        let count = asked.len();
        for (order, (index, modality)) in asked.into_iter().enumerate() {
            let day = self.spread(count + order, 2 * count);
            self.deliverable(index, modality, day);
        }
    }

    fn deliverable(&mut self, block: usize, modality: &Modality, day: NaiveDate) {
        let block = &self.certification.blocks[block];
        let covered: Vec<&str> = if modality.covers.is_empty() {
            block.competencies.iter().map(|unit| unit.competency.as_str()).collect()
        } else {
            modality.covers.iter().map(String::as_str).collect()
        };
        let place = self.place(At::Company);
        let words = Words::new(place, &mut self.dice);
        let known_themes = self.themes.clone();
        let theme = |key: &str| {
            known_themes
                .iter()
                .find(|(known, _)| *known == key)
                .and_then(|(_, themes)| themes.first().copied())
                .unwrap_or(Theme::Quality)
        };
        let themes: Vec<Theme> = covered.iter().map(|key| theme(key)).collect();
        let main = themes
            .iter()
            .find(|theme| !self.subjects.contains(theme))
            .or(themes.first())
            .copied()
            .unwrap_or(Theme::Quality);
        self.subjects.push(main);
        let label: Vec<&str> =
            modality.deliverables.iter().map(|deliverable| deliverable.label.as_str()).collect();
        let title = words.fill(&format!(
            "{} : {}",
            capital(&label.join(", ").to_lowercase().replace('+', " et ").replace("  ", " ")),
            texts::subject(main)
        ));
        let mut reasons = Reasons::default();
        let competencies = covered
            .iter()
            .map(|key| CompetencyLink {
                competency: (*key).to_owned(),
                justification: words.fill(reasons.next(theme(key))),
            })
            .collect();
        let content = EvidenceContent {
            text: texts::DELIVERABLE.map(|text| words.fill(text)).join("\n\n"),
            organisation: Some(organisation(place)),
            competencies,
            modality: Some(modality.key.clone()),
            ..blank(EvidenceKind::Report, title)
        };
        let mut file = self.document(&content, day);
        if let FileContent::Document(document) = &mut file.content {
            // A file gathers what was logged along the way.
            for earlier in &self.planned {
                let related = earlier
                    .content
                    .competencies
                    .iter()
                    .any(|link| covered.contains(&link.competency.as_str()));
                if related && earlier.content.modality.is_none() && document.sections.len() < 9 {
                    document.sections.push((
                        earlier.content.title.clone(),
                        earlier.content.text.split("\n\n").map(str::to_owned).collect(),
                    ));
                }
            }
        }
        self.happen(content, vec![file], Fate::Accepted, day, false);
    }
}

/// A number that looks like a SIRET and belongs to nobody: no SIREN begins with zeros.
fn siret(company: usize) -> String {
    let with_key = |digits: String| {
        let sum: u32 = digits
            .chars()
            .rev()
            .filter_map(|digit| digit.to_digit(10))
            .zip([2, 1].into_iter().cycle())
            .map(|(digit, weight)| digit * weight)
            .map(|product| product / 10 + product % 10)
            .sum();
        format!("{digits}{}", (10 - sum % 10) % 10)
    };
    with_key(with_key(format!("0000{:04}", 1_207 + 311 * company)) + "0001")
}
