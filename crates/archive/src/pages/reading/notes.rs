//! What the reader wrote for themself: on the candidate, on a block, on a competency.

use domain::jury::note::{Note, NoteKind};
use maud::{Markup, html};

use crate::pages::page::prose;

/// The notes at one place of the dossier.
pub fn on(notes: &[Note], block: Option<&str>, competency: Option<&str>) -> Markup {
    let here: Vec<&Note> = notes
        .iter()
        .filter(|note| {
            (note.content.block.as_deref(), note.content.competency.as_deref())
                == (block, competency)
        })
        .collect();
    html! {
        @if !here.is_empty() {
            aside.note aria-label="Mes notes" {
                @for note in here {
                    p { strong { (kind(note.content.kind)) } }
                    (prose(&note.content.text))
                }
            }
        }
    }
}

fn kind(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::Note => "Ma note",
        NoteKind::Question => "Ma question pour l’entretien",
    }
}
