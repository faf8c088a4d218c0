//! What a certification says of an award, for those who read its credential.

use ::credentials::{Achievement, AchievementKind, Alignment, TargetKind};
use domain::certification::{Certification, Competency};

use super::Held;

pub fn of(held: &Held, certification: &Certification, public_url: &str) -> Achievement {
    let Certification { code, version, title, .. } = certification;
    let sheet = sheet(certification, public_url);
    let framework = format!("{code} – {title}");
    let competencies = competencies(held, certification).map(|competency| Alignment {
        kind: TargetKind::Competency,
        name: competency.text.clone(),
        code: competency.code.clone().unwrap_or_else(|| competency.key.clone()),
        framework: framework.clone(),
        url: sheet.clone(),
    });
    let itself = Alignment {
        kind: TargetKind::Certification,
        name: title.clone(),
        code: code.clone(),
        framework: "Répertoire national des certifications professionnelles".to_owned(),
        url: sheet.clone(),
    };
    match &held.award.block {
        Some(block) => Achievement {
            id: format!("{sheet}#{}", block.code),
            kind: AchievementKind::Block,
            code: block.code.clone(),
            version: version.clone(),
            name: block.title.clone(),
            description: format!(
                "Bloc de compétences {} de la certification « {title} » ({code}).",
                block.code
            ),
            criteria: "Bloc validé par décision du jury de la certification.".to_owned(),
            alignments: competencies.collect(),
        },
        None => Achievement {
            id: sheet.clone(),
            kind: AchievementKind::Certification,
            code: code.clone(),
            version: version.clone(),
            name: title.clone(),
            description: format!("Certification professionnelle « {title} » ({code})."),
            criteria:
                "Tous les blocs validés par décision du jury, et toutes les conditions de la \
                       certification remplies."
                    .to_owned(),
            alignments: [itself].into_iter().chain(competencies).collect(),
        },
    }
}

/// Those of the block with the transversal ones that came with it, or of every block.
pub fn competencies<'a>(
    held: &'a Held,
    certification: &'a Certification,
) -> impl Iterator<Item = &'a Competency> {
    let of_award = |code: &str| held.award.block.as_ref().is_none_or(|block| block.code == code);
    certification.competencies.iter().filter(move |one| {
        held.transversal.contains(&one.key)
            || certification
                .blocks
                .iter()
                .filter(|block| of_award(&block.code))
                .any(|block| block.competencies.iter().any(|held| held.competency == one.key))
    })
}

/// Where the certification is described: its *fiche*, or the school's own page of it.
fn sheet(certification: &Certification, public_url: &str) -> String {
    let Certification { code, source, .. } = certification;
    let number = code.strip_prefix("RNCP").filter(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    match (&source.url, number) {
        (Some(url), _) => url.clone(),
        (None, Some(number)) => {
            format!("https://www.francecompetences.fr/recherche/rncp/{number}/")
        }
        (None, None) => format!("{public_url}/certifications/{code}"),
    }
}
