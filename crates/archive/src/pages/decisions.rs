//! What juries decided, what it adds up to, and who did what.

use domain::{certification::Certification, portfolio::Portfolio};
use maud::html;

use super::{
    page::{Body, day, prose, sum, table},
    words,
};

pub fn page(portfolio: &Portfolio, certification: &Certification) -> Body {
    let title = |code: &str| {
        certification
            .block(code)
            .map_or_else(|| code.to_owned(), |one| format!("{code} {}", one.title))
    };
    let label = |key: &str| {
        let (code, text) = words::competency(certification, key);
        format!("{code} {text}")
    };
    let main = html! {
        @if let Some(obtained) = &portfolio.obtained {
            p.note { "Certification obtenue le " (day(obtained.obtained_on)) "." }
        }
        h2 { "Blocs validés" }
        @if portfolio.validated.is_empty() {
            p.quiet { "Aucun bloc validé." }
        } @else {
            (table(
                "Blocs validés",
                &["Bloc", "Validé le", "Compétences transversales"],
                portfolio.validated.iter().map(|one| html! {
                    th scope="row" { (title(&one.block.block)) }
                    td { (day(one.block.validated_on)) }
                    td { @for key in &one.block.transversal { p { (label(key)) } } }
                }).collect(),
            ))
        }
        @for one in &portfolio.deliberations {
            article {
                h2 { (one.title) ", " (words::moment(one.held_at)) }
                @if !one.organisation.is_empty() { p.quiet { (one.organisation) } }
                p { "Jury\u{a0}: " (one.members.join(", ")) }
                (table(
                    &format!("Décisions du {}", words::moment(one.held_at)),
                    &["Bloc", "Décision", "Motif"],
                    one.decisions.iter().map(|decision| html! {
                        th scope="row" { (decision.block) " " (decision.title) }
                        td { strong { (words::verdict(decision.verdict)) } }
                        td {
                            (prose(&decision.motive))
                            @if !decision.missing.is_empty() {
                                p { "Il manque\u{a0}:" }
                                ul { @for one in &decision.missing {
                                    li { (one.code.as_deref().unwrap_or(&one.key)) " " (one.text) }
                                } }
                            }
                        }
                    }).collect(),
                ))
                @for waiver in &one.waivers {
                    p {
                        "Dispense (" (waiver.label) "), accordée par " (waiver.granted_by) "\u{a0}:"
                    }
                    (prose(&waiver.motive))
                }
                @for amendment in &one.amendments {
                    p {
                        "Additif au procès-verbal, le " (words::moment(amendment.at)) ", par "
                        (amendment.by) "\u{a0}:"
                    }
                    (prose(&amendment.text))
                }
                p.quiet {
                    "Procès-verbal scellé le " (words::moment(one.sealed_at)) " par "
                    (one.sealed_by) ". SHA-256 " (sum(&one.minutes_sha256))
                }
            }
        }
    };
    Body { title: "Décisions".to_owned(), main }
}

pub fn journal(portfolio: &Portfolio) -> Body {
    let rows = portfolio.journal.iter().map(|act| {
        html! {
            td { (words::moment(act.at)) }
            td { @match &act.by { Some(person) => (person), None => "Acquis" } }
            td { (words::act(&act.action)) }
        }
    });
    let main = table("Qui a fait quoi, et quand", &["Date", "Qui", "Quoi"], rows.collect());
    Body { title: "Journal".to_owned(), main }
}
