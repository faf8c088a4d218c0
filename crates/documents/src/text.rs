//! Words of people, made fit for paper.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use crate::paper::FONTS;

/// Characters that every face of a family can draw, one set per family.
static DRAWABLE: LazyLock<Vec<BTreeSet<u32>>> = LazyLock::new(|| {
    let mut families = BTreeMap::<&str, BTreeSet<u32>>::new();
    for font in FONTS.iter() {
        let face: BTreeSet<u32> = font.info().coverage.iter().collect();
        families
            .entry(&font.info().family)
            .and_modify(|common| common.retain(|c| face.contains(c)))
            .or_insert(face);
    }
    families.into_values().collect()
});

/// Applies [`printable`] and [`french_spacing`] to every text in `value`.
pub(crate) fn prepare(value: &mut Value) {
    match value {
        Value::String(text) => *text = french_spacing(&printable(text)),
        Value::Array(items) => items.iter_mut().for_each(prepare),
        Value::Object(fields) => fields.values_mut().for_each(prepare),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Leaves out what cannot be seen and could change how the rest is read (control characters,
/// marks that reverse the direction of writing), and writes what no font can draw as its code.
/// PDF/UA has no place for a character without a glyph or of private use.
fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    let mut codes = Vec::new();
    for cluster in text.replace("\r\n", "\n").graphemes(true) {
        let seen: String = cluster.chars().filter_map(visible).collect();
        if is_drawable(&seen) {
            write_codes(&mut printable, &mut codes);
            printable.push_str(&seen);
        } else {
            codes.extend(seen.chars());
        }
    }
    write_codes(&mut printable, &mut codes);
    printable
}

fn visible(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' => Some(' '),
        _ if c.is_control() || is_format(c) => None,
        _ => Some(c),
    }
}

/// Soft hyphen, joiners, direction marks, variation selectors, tags.
fn is_format(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// A cluster is drawn with one font: an accent of one does not fit a letter of another.
fn is_drawable(cluster: &str) -> bool {
    let private = |c| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    let drawn_by = |family: &BTreeSet<u32>| {
        cluster.chars().all(|c| c == '\n' || family.contains(&u32::from(c)))
    };
    !cluster.contains(private) && DRAWABLE.iter().any(drawn_by)
}

fn write_codes(text: &mut String, codes: &mut Vec<char>) {
    if codes.is_empty() {
        return;
    }
    let codes: Vec<_> = codes.drain(..).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    let _ = write!(text, "[{}]", codes.join(" "));
}

/// No line breaks before a double punctuation mark or inside guillemets, where the author set a
/// space; none is added (`https://`, `10:30`). Rules of the Imprimerie nationale: a full space
/// before the colon and inside guillemets, a thin one before `;`, `!` and `?`.
fn french_spacing(text: &str) -> String {
    let mut spaced =
        text.replace("« ", "«\u{a0}").replace(" »", "\u{a0}»").replace(" :", "\u{a0}:");
    for mark in [';', '!', '?'] {
        for space in [' ', '\u{a0}'] {
            spaced = spaced.replace(&format!("{space}{mark}"), &format!("\u{202f}{mark}"));
        }
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed() {
        let cases = [
            ("plain", "Œuvre d’été, 12 €", "Œuvre d’été, 12 €"),
            ("other scripts", "Αθήνα Київ", "Αθήνα Київ"),
            ("emoji", "Bravo 😀!", "Bravo 😀!"),
            ("not in any font", "名前 王", "[U+540D U+524D] [U+738B]"),
            ("emoji family", "👩‍👧", "[U+1F469 U+1F467]"),
            ("private use", "a\u{e000}b", "a[U+E000]b"),
            ("control", "a\u{0}\u{7}b\u{feff}\u{200b}", "ab"),
            ("reversed", "Refus\u{202e}édilaV", "RefusédilaV"),
            ("lines", "a\r\nb\rc\u{2028}d\te", "a\nb\nc\nd e"),
            ("accent", "e\u{301}", "e\u{301}"),
            ("accent that the letter's font lacks", "王\u{301}", "[U+738B U+0301]"),
        ];
        for (name, text, printed) in cases {
            assert_eq!(printable(text), printed, "{name}");
        }
    }

    #[test]
    fn french_spaces() {
        let cases = [
            ("Motif : non", "Motif\u{a0}: non"),
            ("Quoi ? Si ! Non ; oui", "Quoi\u{202f}? Si\u{202f}! Non\u{202f}; oui"),
            ("Quoi\u{a0}?", "Quoi\u{202f}?"),
            ("« bloc »", "«\u{a0}bloc\u{a0}»"),
            ("https://ecole.fr 10:30", "https://ecole.fr 10:30"),
        ];
        for (text, spaced) in cases {
            assert_eq!(french_spacing(text), spaced);
        }
    }
}
