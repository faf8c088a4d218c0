//! Where the files of frozen evidence stand in the manifest: `preuves/01-projet-web/rapport.pdf`.
//!
//! The names are the student's own, made safe for every system that an archive is unpacked on.

use std::collections::BTreeSet;

use super::frozen::FrozenFile;
use crate::{evidence::FileInfo, search::fold};

/// Folder of all evidence.
const ROOT: &str = "preuves";
const TITLE_MAX: usize = 40;
const NAME_MAX: usize = 120;
/// What is as long as an extension gets.
const EXTENSION_MAX: usize = 10;
/// Names that Windows keeps for devices, whatever extension follows (Naming Files, Microsoft Learn).
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];

/// Gives every file of these evidences, named by title and in order, a path of its own.
pub fn placed<'a>(evidence: Vec<(&'a str, Vec<FileInfo>)>) -> Vec<Vec<FrozenFile>> {
    let digits = evidence.len().to_string().len().max(2);
    (1..)
        .zip(evidence)
        .map(|(number, (title, files)): (usize, (&'a str, _))| {
            let folder = format!("{ROOT}/{number:0digits$}-{}", slug(title));
            let mut taken = BTreeSet::new();
            files
                .into_iter()
                .map(|file| {
                    let name = unique(&safe(&file.name), &mut taken);
                    FrozenFile { file, path: format!("{folder}/{name}") }
                })
                .collect()
        })
        .collect()
}

/// `Été : projet n° 2` becomes `ete-projet-n-2`.
fn slug(title: &str) -> String {
    let folded = fold(title);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-");
    let slug = slug[..slug.len().min(TITLE_MAX)].trim_end_matches('-');
    if slug.is_empty() { "preuve".to_owned() } else { slug.to_owned() }
}

/// The name without what some file system would refuse.
fn safe(name: &str) -> String {
    let is_refused = |c: char| c.is_control() || r#"\/:*?"<>|"#.contains(c);
    let clean: String = name.chars().map(|c| if is_refused(c) { '-' } else { c }).collect();
    let clean = clean.trim().trim_matches('.').trim();
    let (stem, extension) = parts(if clean.is_empty() { "fichier" } else { clean });
    let stem: String = stem.chars().take(NAME_MAX).collect();
    let device = if is_device(&stem) { "_" } else { "" };
    format!("{device}{stem}{extension}")
}

/// The stem, and the extension with its point.
fn parts(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= EXTENSION_MAX => name.split_at(at),
        _ => (name, ""),
    }
}

fn is_device(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let is_numbered = NUMBERED_DEVICES.iter().any(|device| {
        let digits = first.strip_prefix(device);
        digits.is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
    });
    is_numbered || DEVICES.contains(&first.as_str())
}

/// Some systems tell neither case nor ways to write an accent apart.
fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let (stem, extension) = parts(name);
    let numbered = (2..).map(|number: u32| format!("{stem} ({number}){extension}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| taken.insert(fold(name))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::dossier::manifest::{Manifest, ManifestEntry};

    fn files(names: &[&str]) -> Vec<FileInfo> {
        let file = |name: &&str| FileInfo {
            id: Uuid::nil(),
            name: (*name).to_owned(),
            media_type: String::new(),
            size: 0,
            sha256: String::new(),
            created_at: DateTime::UNIX_EPOCH,
        };
        names.iter().map(file).collect()
    }

    fn paths(evidence: &[(&'static str, &[&str])]) -> Vec<String> {
        let evidence = evidence.iter().map(|(title, names)| (*title, files(names))).collect();
        placed(evidence).into_iter().flatten().map(|file| file.path).collect()
    }

    #[test]
    fn a_path_says_which_evidence_it_is_of() {
        let long = "très ".repeat(20);
        let long: &'static str = Box::leak(long.into_boxed_str());
        assert_eq!(
            paths(&[
                ("Été : projet n° 2", &["Rapport d’été.pdf", "plan.png"]),
                ("…", &["notes"]),
                (long, &["a.txt"]),
            ]),
            [
                "preuves/01-ete-projet-n-2/Rapport d’été.pdf",
                "preuves/01-ete-projet-n-2/plan.png",
                "preuves/02-preuve/notes",
                "preuves/03-tres-tres-tres-tres-tres-tres-tres-tres/a.txt",
            ]
        );
        let many: Vec<(&str, &[&str])> = vec![("Visite", &["a.txt"]); 100];
        assert_eq!(paths(&many)[99], "preuves/100-visite/a.txt");
        assert_eq!(paths(&many)[0], "preuves/001-visite/a.txt");
    }

    #[test]
    fn every_name_is_safe_and_there_once() {
        let long = format!("{}.pdf", "a".repeat(300));
        for (names, expected) in [
            (&["a.pdf", "A.pdf", "a.pdf"][..], &["a.pdf", "A (2).pdf", "a (3).pdf"][..]),
            (&["e\u{301}te.pdf", "été.pdf"], &["e\u{301}te.pdf", "été (2).pdf"]),
            (&["a (2).pdf", "a.pdf", "a.pdf"], &["a (2).pdf", "a.pdf", "a (3).pdf"]),
            (&["..", " ", "../b"], &["fichier", "fichier (2)", "-b"]),
            (&["C:\\x?.txt", "a\nb"], &["C--x-.txt", "a-b"]),
            (
                &["CON", "nul.tar.gz", "com1.txt", "coma.txt"],
                &["_CON", "_nul.tar.gz", "_com1.txt", "coma.txt"],
            ),
            (&[".profile", "a."], &["profile", "a"]),
        ] {
            let paths = paths(&[("t", names)]);
            let found: Vec<_> = paths.iter().map(|path| path.rsplit('/').next().unwrap()).collect();
            assert_eq!(found, expected);
            let entries = paths.iter().map(|path| ManifestEntry::of(path.as_str(), b""));
            assert!(Manifest::new(entries.collect()).is_ok(), "{paths:?}");
        }
        assert_eq!(paths(&[("t", &[long.as_str()])])[0].len(), "preuves/01-t/.pdf".len() + 120);
    }
}
