//! Evidence, with everything that was handed in and said of it, and assessments.

use domain::{
    certification::Certification,
    evidence::{EvidenceContent, EvidenceEvent, FileInfo},
    portfolio::{KeptEvidence, Portfolio, Submission},
};
use maud::{Markup, html};
use uuid::Uuid;

use super::{
    levels::{Scales, criteria},
    page::{Body, day, href, outside, prose, sum},
    words,
};

/// The name of an evidence's place on its page.
pub fn anchor(id: Uuid) -> String {
    format!("p-{id}")
}

pub fn page(portfolio: &Portfolio, certification: &Certification) -> Body {
    let main = html! {
        @if portfolio.evidence.is_empty() {
            p.quiet { "Aucune preuve." }
        } @else {
            ol {
                @for kept in &portfolio.evidence {
                    li {
                        a href=(format!("#{}", anchor(kept.evidence.id))) {
                            (kept.evidence.content.title)
                        }
                    }
                }
            }
        }
        @for kept in &portfolio.evidence {
            (article(portfolio, certification, kept))
        }
    };
    Body { title: "Preuves".to_owned(), main }
}

fn article(portfolio: &Portfolio, certification: &Certification, kept: &KeptEvidence) -> Markup {
    let KeptEvidence { evidence, revisions, messages } = kept;
    let id = anchor(evidence.id);
    html! {
        article id=(id) aria-labelledby=(format!("{id}-titre")) {
            h2 id=(format!("{id}-titre")) { (evidence.content.title) }
            p {
                strong { (words::status(evidence.status)) }
                @if let Some(confidential) = words::visibility(evidence.content.visibility) {
                    " · " strong { (confidential) }
                }
            }
            (content(certification, &evidence.content))
            (files(portfolio, &evidence.files))
            (history(&evidence.history))
            @if !messages.is_empty() {
                h3 { "Messages" }
                ul {
                    @for message in messages {
                        li {
                            (words::moment(message.at)) ", " (words::name(&message.by))
                            " (" (words::speaker(message.speaks_as)) ")"
                            (prose(&message.text))
                        }
                    }
                }
            }
            @for revision in revisions { (submission(portfolio, certification, revision)) }
        }
    }
}

fn submission(
    portfolio: &Portfolio,
    certification: &Certification,
    revision: &Submission,
) -> Markup {
    html! {
        details {
            summary { "Envoi " (revision.number) " du " (words::moment(revision.submitted_at)) }
            p { strong { (revision.content.title) } }
            (content(certification, &revision.content))
            (files(portfolio, &revision.files))
        }
    }
}

/// What the student wrote, and of which competencies.
fn content(certification: &Certification, content: &EvidenceContent) -> Markup {
    html! {
        (facts(content))
        @if !content.competencies.is_empty() {
            p { "Compétences montrées\u{a0}:" }
            ul {
                @for link in &content.competencies {
                    @let (code, text) = words::competency(certification, &link.competency);
                    li { strong { (code) } " " (text) (prose(&link.justification)) }
                }
            }
        }
    }
}

/// Submissions and decisions.
pub fn history(history: &[EvidenceEvent]) -> Markup {
    html! {
        @if !history.is_empty() {
            p { strong { "Envois et décisions" } }
            ul {
                @for event in history {
                    li {
                        (words::moment(event.at)) "\u{a0}: " (words::step(event.action))
                        " par " (words::name(&event.by)) " (envoi " (event.revision) ")"
                        @if let Some(comment) = &event.comment { (prose(comment)) }
                    }
                }
            }
        }
    }
}

/// What the student wrote.
pub fn facts(content: &EvidenceContent) -> Markup {
    let supervisor = [&content.supervisor_name, &content.supervisor_function];
    let supervisor: Vec<&str> = supervisor.into_iter().flatten().map(String::as_str).collect();
    html! {
        dl {
            dt { "Nature" } dd { (words::kind(content.kind)) }
            @if let Some(from) = content.starts_on {
                dt { "Du" } dd { (day(from)) }
            }
            @if let Some(to) = content.ends_on {
                dt { "Au" } dd { (day(to)) }
            }
            @for (label, value) in [
                ("Organisme", &content.organisation),
                ("SIRET", &content.siret),
                ("Pays", &content.country),
                ("Langue", &content.language),
            ] {
                @if let Some(value) = value { dt { (label) } dd { (value) } }
            }
            @if !supervisor.is_empty() {
                dt { "Suivi par" } dd { (supervisor.join(", ")) }
            }
            @if let Some(level) = content.cefr_level {
                dt { "Niveau de langue" } dd { (format!("{level:?}")) }
            }
            @if let Some(issued) = content.issued_on {
                dt { "Délivré le" } dd { (day(issued)) }
            }
            @if let Some(until) = content.valid_until {
                dt { "Valable jusqu’au" } dd { (day(until)) }
            }
        }
        (prose(&content.text))
        @if !content.links.is_empty() {
            ul { @for link in &content.links { li { (outside(&link.url, &link.label)) } } }
        }
    }
}

fn files(portfolio: &Portfolio, files: &[FileInfo]) -> Markup {
    html! {
        @if !files.is_empty() {
            ul.files {
                @for file in files {
                    li {
                        @match portfolio.contents.get(&file.sha256) {
                            Some(path) => a href=(href(path)) { (file.name) },
                            None => (file.name),
                        }
                        " (" (words::size(file.size)) ")"
                        br;
                        span.quiet { "SHA-256 " (sum(&file.sha256)) }
                    }
                }
            }
        }
    }
}

/// Every signed assessment, whole.
pub fn assessments(portfolio: &Portfolio, scales: &Scales) -> Body {
    let main = html! {
        @if portfolio.assessments.is_empty() {
            p.quiet { "Aucune évaluation signée." }
        }
        @for one in &portfolio.assessments {
            article {
                h2 {
                    (words::assessor(one.kind)) ", " (one.block) ", "
                    (day(one.content.assessed_on))
                }
                p {
                    (one.content.occasion) " · " (words::name(&one.assessor))
                    @if let Some(at) = one.signed_at { " · signée le " (words::moment(at)) }
                    @if one.superseded { " · remplacée depuis" }
                }
                (prose(&one.content.comment))
                @let scale = scales.of(one);
                @for rating in one.content.ratings.iter().filter(|rating| rating.is_started()) {
                    @let (code, text) = words::competency(scale, &rating.competency);
                    h3 { (code) " " (text) }
                    (criteria(scale, rating))
                }
            }
        }
    };
    Body { title: "Évaluations".to_owned(), main }
}
