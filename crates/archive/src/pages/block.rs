//! One block: its competencies, their levels, and what shows them.

use domain::{certification::Block, portfolio::Portfolio};
use maud::html;

use super::{
    evidence::anchor,
    levels::{Scales, side_by_side},
    page::{Body, prose},
    words,
};
use crate::name::stem;

/// Where the page of a block stands.
pub fn path(code: &str) -> String {
    format!("bloc-{}.html", stem(code))
}

pub fn page(portfolio: &Portfolio, scales: &Scales, block: &Block) -> Body {
    let certification = scales.certification;
    let profile = portfolio.enrolment.profile.as_deref();
    let keys: Vec<&str> = block.assessed().collect();
    let main = html! {
        @for modality in &block.modalities {
            p { strong { (modality.label) } }
            (prose(&modality.text))
        }
        @for key in keys {
            @let (code, text) = words::competency(certification, key);
            article aria-labelledby=(format!("c-{}", stem(key))) {
                h2 id=(format!("c-{}", stem(key))) { (code) " " (text) }
                (side_by_side(scales, &portfolio.assessments, block, key, profile))
                h3 { "Preuves" }
                @let shown: Vec<_> = portfolio.evidence.iter().filter_map(|kept| {
                    let links = &kept.evidence.content.competencies;
                    Some((kept, links.iter().find(|link| link.competency == key)?))
                }).collect();
                @if shown.is_empty() {
                    p.quiet { "Aucune preuve." }
                }
                @for (kept, link) in shown {
                    p {
                        a href=(format!("preuves.html#{}", anchor(kept.evidence.id))) {
                            (kept.evidence.content.title)
                        }
                        " (" (words::status(kept.evidence.status)) ")"
                    }
                    (prose(&link.justification))
                }
            }
        }
    };
    Body { title: format!("{} {}", block.code, block.title), main }
}
