//! Names of files that every system takes.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longest name of a file, in characters: with its folder it stays short enough for any system.
const LONGEST: usize = 80;

/// Where a content stands in the archive: by the first digits of its sum, so that two files of one
/// name stand side by side, and a content that serves twice stands once.
pub fn content_path(sha256: &str, name: &str) -> String {
    let digits: String = sha256.chars().take(12).collect();
    format!("fichiers/{digits}-{}", file_name(name))
}

/// The name of a file as people gave it, without what some system refuses, its ending kept.
fn file_name(name: &str) -> String {
    let clean: String = name
        .nfc()
        .map(|c| if c.is_control() || r#"<>:"/\|?*"#.contains(c) { '_' } else { c })
        .collect();
    let clean = clean.trim_end_matches(['.', ' ']);
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 8 => (stem, format!(".{ending}")),
        _ => (clean, String::new()),
    };
    let room = LONGEST - ending.chars().count();
    let stem: String = stem.chars().take(room).collect();
    format!("{}{ending}", stem.trim_end())
}

/// Words as a part of a name: small letters without accents and digits, joined by hyphens.
pub fn stem(words: &str) -> String {
    let plain = words.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase();
    let parts: Vec<&str> =
        plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.join("-").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_a_name_that_every_system_takes() {
        let long = format!("{}.pdf", "a".repeat(300));
        for (name, kept) in [
            ("rapport.pdf", "rapport.pdf".to_owned()),
            ("Rapport d’été (v2).PDF", "Rapport d’été (v2).PDF".to_owned()),
            ("../../etc/passwd", ".._.._etc_passwd".to_owned()),
            (r"C:\note.txt", "C__note.txt".to_owned()),
            ("sans fin. . ", "sans fin".to_owned()),
            ("a\u{0}b\n.txt", "a_b_.txt".to_owned()),
            (long.as_str(), format!("{}.pdf", "a".repeat(76))),
        ] {
            assert_eq!(
                content_path(&"0123456789ab".repeat(6), name),
                format!("fichiers/0123456789ab-{kept}")
            );
        }
    }

    #[test]
    fn words_become_a_part_of_a_name() {
        for (words, expected) in [
            ("Zoé Lefèvre-Martin", "zoe-lefevre-martin"),
            ("  O’Neil  ", "o-neil"),
            ("2027-06-15", "2027-06-15"),
            ("日本", ""),
        ] {
            assert_eq!(stem(words), expected);
        }
    }
}
