//! What students and tutors say of an evidence.

use domain::evidence::{CompetencyLink, EvidenceContent, EvidenceKind};

use crate::demo::{dice::Dice, places::Words, templates::Template, texts, themes::Theme};

/// What tutors say in turn, so that a student does not read the same twice.
#[derive(Default)]
pub(super) struct Remarks {
    left: Vec<&'static str>,
}

impl Remarks {
    pub(super) fn accepted(&mut self, content: &EvidenceContent, dice: &mut Dice) -> &'static str {
        if content.modality.is_some() {
            return dice.pick(&texts::FILE_ACCEPTED);
        }
        if content.kind.is_period()
            || content.kind == EvidenceKind::LanguageCertificate
            || !content.requirements.is_empty()
        {
            let checked = if content.kind.is_period() { [0, 2, 3] } else { [1, 1, 2] };
            return texts::PAPER_ACCEPTED[dice.pick(&checked)];
        }
        if self.left.is_empty() {
            self.left = texts::ACCEPTED.to_vec();
            dice.shuffle(&mut self.left);
        }
        self.left.pop().unwrap_or(texts::ACCEPTED[0])
    }
}

/// Gives the reasons of each theme in turn.
#[derive(Default)]
pub(super) struct Reasons(Vec<Theme>);

impl Reasons {
    pub(super) fn next(&mut self, theme: Theme) -> &'static str {
        let given = self.0.iter().filter(|known| **known == theme).count();
        self.0.push(theme);
        let reasons = texts::reasons(theme);
        reasons[given % reasons.len()]
    }
}

/// The links with their reasons: the template's own the first time a theme comes, a common one
/// after that.
pub(super) fn justified(
    template: &Template,
    links: &[(String, Theme)],
    words: &Words,
    dice: &mut Dice,
) -> Vec<CompetencyLink> {
    let mut own: Vec<Theme> = Vec::new();
    // Every other time the common reasons start one further.
    let mut reasons = Reasons(if dice.percent(50) {
        links.iter().map(|(_, theme)| *theme).collect()
    } else {
        Vec::new()
    });
    links
        .iter()
        .map(|(competency, theme)| {
            let text = if own.contains(theme) {
                reasons.next(*theme)
            } else {
                own.push(*theme);
                template
                    .shows
                    .iter()
                    .find(|(known, _)| known == theme)
                    .map_or_else(|| reasons.next(*theme), |(_, reason)| *reason)
            };
            CompetencyLink { competency: competency.clone(), justification: words.fill(text) }
        })
        .collect()
}
