//! Values in the words of a record.

use domain::{
    certification::RouteKind,
    decision::Verdict,
    evidence::EvidenceKind,
    jury::{
        Employment, JuryMember,
        composition::{CompositionRule, RuleCheck},
        independence::{Ground, IndependenceCheck},
    },
    requirement::{RequirementProgress, RequirementUnit},
};

use crate::{Check, Outcome};

pub(super) fn route(route: RouteKind) -> &'static str {
    match route {
        RouteKind::Student => "Formation initiale, statut d’élève ou d’étudiant",
        RouteKind::Apprenticeship => "Contrat d’apprentissage",
        RouteKind::Continuing => "Formation continue",
        RouteKind::Professionalisation => "Contrat de professionnalisation",
        RouteKind::Individual => "Candidature individuelle",
        RouteKind::Experience => "Validation des acquis de l’expérience",
    }
}

pub(super) fn kind(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Internship => "Stage",
        EvidenceKind::CompanyPeriod => "Période en entreprise",
        EvidenceKind::Project => "Projet",
        EvidenceKind::Report => "Rapport",
        EvidenceKind::StayAbroad => "Séjour à l’étranger",
        EvidenceKind::LanguageCertificate => "Certificat de langue",
        EvidenceKind::Other => "Autre",
    }
}

pub(super) fn outcome(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Validated => Outcome::Validated,
        Verdict::Partial => Outcome::Partial,
        Verdict::Refused => Outcome::Refused,
        Verdict::Postponed => Outcome::Postponed,
    }
}

/// `3 semaines`.
fn counted(number: u32, word: &str) -> String {
    let plural = if number > 1 { "s" } else { "" };
    format!("{number}\u{a0}{word}{plural}")
}

/// What a requirement asks for, and what is there.
pub(super) fn requirement(progress: &RequirementProgress) -> (String, String) {
    let amount = |number: Option<u32>| match (progress.unit, number) {
        (_, None) => "–".to_owned(),
        (RequirementUnit::Weeks, Some(number)) => counted(number, "semaine"),
        (_, Some(number)) => counted(number, "document"),
    };
    match progress.unit {
        RequirementUnit::Level => {
            let level = |level: Option<_>| {
                level.map_or_else(|| "–".to_owned(), |level| format!("niveau\u{a0}{level:?}"))
            };
            (level(progress.need_level), level(progress.have_level))
        }
        RequirementUnit::Weeks | RequirementUnit::Document => {
            (amount(progress.need), amount(progress.have))
        }
    }
}

/// In what quality somebody sits.
pub(super) fn quality(member: &JuryMember) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(member.seat.clone());
    if member.represents_certifier {
        words.push("représentant·e du certificateur".to_owned());
    }
    if member.professional {
        words.push("professionnel·le du métier".to_owned());
    }
    match member.employment {
        Some(Employment::Employer) => words.push("employeur".to_owned()),
        Some(Employment::Employee) => words.push("salarié·e".to_owned()),
        None => {}
    }
    if member.expert {
        words.push("expert·e".to_owned());
    }
    if member.teaches_speciality {
        words.push("enseigne la spécialité".to_owned());
    }
    if member.external {
        words.push("membre extérieur".to_owned());
    }
    if let Some(years) = member.experience_years {
        words.push(format!("{} d’expérience", counted(years, "an")));
    }
    if let Some(level) = member.qualification_level {
        words.push(format!("qualification de niveau\u{a0}{level}"));
    }
    let words = if words.is_empty() { "membre du jury".to_owned() } else { words.join(", ") };
    capitalised(&words)
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A rule on the whole jury, with its figures.
pub(super) fn rule(check: &RuleCheck) -> Check {
    use CompositionRule as Rule;

    let at_least = |need: u32| format!("{need} au moins");
    let number = |have: u32| have.to_string();
    let share = |have: u32, of: u32| format!("{have} sur {of}");
    let (rule, required, found) = match &check.rule {
        Rule::Chair { have } => ("Présidence".to_owned(), "1".to_owned(), number(*have)),
        Rule::Size { need, have } => ("Membres".to_owned(), number(*need), number(*have)),
        Rule::Seat { seat, have } => (capitalised(seat), at_least(1), number(*have)),
        Rule::ProfessionalVotingChair => (
            "Présidence par un professionnel qui vote".to_owned(),
            "oui".to_owned(),
            if check.met { "oui" } else { "non" }.to_owned(),
        ),
        Rule::Professionals { need, have } => {
            ("Professionnels du métier".to_owned(), at_least(*need), number(*have))
        }
        Rule::OtherProfessionals { need, have } => {
            ("Professionnels du métier, hors présidence".to_owned(), at_least(*need), number(*have))
        }
        Rule::CertifierRepresentatives { need, have } => {
            ("Représentants du certificateur".to_owned(), at_least(*need), number(*have))
        }
        Rule::External { need, have } => {
            ("Membres extérieurs".to_owned(), at_least(*need), number(*have))
        }
        Rule::ExternalShare { percent, have, of } => (
            "Part de membres extérieurs".to_owned(),
            format!("{percent}\u{a0}% au moins"),
            share(*have, *of),
        ),
        Rule::Employers { need, have } => ("Employeurs".to_owned(), at_least(*need), number(*have)),
        Rule::Employees { need, have } => ("Salariés".to_owned(), at_least(*need), number(*have)),
        Rule::Experts { need, have } => ("Experts".to_owned(), at_least(*need), number(*have)),
        Rule::TeachingExperts { have, of } => (
            "Experts qui enseignent la spécialité".to_owned(),
            "la majorité".to_owned(),
            share(*have, *of),
        ),
        Rule::ProfessionalExperts { need, have } => {
            ("Experts du monde professionnel".to_owned(), at_least(*need), number(*have))
        }
        Rule::Experience { years, have, of } => (
            format!("Professionnels ayant {} d’expérience", counted(*years, "an")),
            "chacun".to_owned(),
            share(*have, *of),
        ),
        Rule::Qualification { level, have, of } => (
            format!("Professionnels qualifiés au niveau\u{a0}{level}"),
            "chacun".to_owned(),
            share(*have, *of),
        ),
        Rule::NoTrainer { have } => {
            ("Membres ayant formé un candidat".to_owned(), "aucun".to_owned(), number(*have))
        }
        Rule::DefenceProfessionals { need, have } => {
            ("Professionnels présents à la soutenance".to_owned(), at_least(*need), number(*have))
        }
        Rule::LegalSize { need, have } => {
            ("Membres (VAE, Code du travail, D6412-6)".to_owned(), at_least(*need), number(*have))
        }
        Rule::LegalQualified { need, have } => (
            "Membres qualifiés (VAE, Code du travail, D6412-6)".to_owned(),
            at_least(*need),
            number(*have),
        ),
        Rule::Quorum { need, have } => {
            ("Quorum des membres à voix délibérative".to_owned(), at_least(*need), number(*have))
        }
    };
    Check { rule, required, found, met: check.met }
}

/// Whether the jury is free of one ground, with those whom it concerns.
pub(super) fn independence(check: &IndependenceCheck, members: &[JuryMember]) -> Check {
    let rule = match check.ground {
        Ground::SamePerson => "Candidat membre du jury",
        Ground::Tutor => "Tuteur du candidat",
        Ground::Trainer => "Formateur du candidat",
        Ground::SameCompany => "Même entreprise que le candidat",
        Ground::DeclaredLink => "Lien déclaré avec le candidat",
        Ground::OwnDeclaration => "Lien déclaré par le membre",
    };
    let concerned: Vec<&str> = members
        .iter()
        .filter(|member| check.members.contains(&member.id))
        .map(|member| member.name.as_str())
        .collect();
    Check {
        rule: rule.to_owned(),
        required: "aucun".to_owned(),
        found: if concerned.is_empty() { "aucun".to_owned() } else { concerned.join(", ") },
        met: check.met,
    }
}
