//! Reports of visits, with their signatures.

use domain::{
    ambient::day_in_french,
    portfolio::{KeptVisit, Portfolio},
};
use maud::html;

use super::{
    page::{Body, day, prose, table},
    words,
};

pub fn page(portfolio: &Portfolio) -> Body {
    let main = html! {
        @if portfolio.visits.is_empty() {
            p.quiet { "Aucun compte rendu signé." }
        }
        @for KeptVisit { visit, .. } in &portfolio.visits {
            article {
                h2 { "Visite du " (day(visit.content.held_on)) }
                p {
                    strong { (words::visit(visit.status)) } " · "
                    (words::place(visit.content.place))
                    @if !visit.content.location.is_empty() { ", " (visit.content.location) }
                }
                @let there: Vec<&str> =
                    visit.content.participants.iter().map(|one| one.name.as_str()).collect();
                p { "Présents\u{a0}: " (there.join(", ")) }
                (prose(&visit.content.points))
                @if !visit.content.objectives.is_empty() {
                    p { "Objectifs\u{a0}:" }
                    ul {
                        @for one in &visit.content.objectives {
                            li {
                                (one.text)
                                @if let Some(due) = one.due_on { ", avant le " (day(due)) }
                            }
                        }
                    }
                }
                (table(
                    &format!("Signatures de la visite du {}", day_in_french(visit.content.held_on)),
                    &["Partie", "Nom", "Date", "Signature"],
                    visit.signatures.iter().map(|one| html! {
                        th scope="row" { (words::side(one.side)) }
                        td { (words::name(&one.by)) }
                        td { (words::moment(one.at)) }
                        td {
                            @if one.agreed { "Signé" } @else { "N’a pas contresigné" }
                            @if !one.current { " (texte antérieur)" }
                            (prose(&one.comment))
                        }
                    }).collect(),
                ))
            }
        }
    };
    Body { title: "Visites".to_owned(), main }
}
