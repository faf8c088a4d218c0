//! Texts as they are searched: without case, accents, ligatures and typographic apostrophes.
//!
//! Both databases compare bytes, so what is kept for searching and what is searched for are folded
//! here alike, before they meet.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// `Œuvre d’été` becomes `oeuvre d'ete`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            '’' | 'ʼ' => folded.push('\''),
            c if c.is_whitespace() => folded.push(' '),
            c => folded.push(c),
        }
    }
    folded
}

/// The words of a query, each of which is to be found somewhere.
pub fn words(query: &str) -> Vec<String> {
    fold(query).split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_only_in_writing_is_found() {
        for (text, folded) in [
            ("Œuvre d’été", "oeuvre d'ete"),
            ("E\u{301}TE\u{301}", "ete"),
            ("À\u{a0}propos\nÆgir STRAẞE ﬁn", "a propos aegir strasse fin"),
            ("日本", "日本"),
            ("100 %_\\", "100 %_\\"),
        ] {
            assert_eq!(fold(text), folded);
        }
        assert_eq!(words("  Réseau\u{a0}ÉTÉ "), ["reseau", "ete"]);
        assert!(words(" ").is_empty());
    }
}
