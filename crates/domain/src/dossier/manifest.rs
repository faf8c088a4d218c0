//! The manifest of a frozen dossier: every file, its size and its SHA-256, under one sum.
//!
//! Its canonical form is a text that a person can check with `sha256sum`: a first line that names
//! the format, then one line per file, `sum␠␠size␠␠path`, ordered by the bytes of the paths, each
//! ended by a line feed. The sum of the whole is the SHA-256 of that text; the receipt, the minutes
//! and the archive quote it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::frozen::DOSSIER_PATH;

/// First line of the canonical form; another form gets another number.
const HEADER: &str = "acquis-manifest 1";
pub const PATH_MAX: usize = 500;

/// The files of a dossier, ordered by path. It is whole and well formed by construction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Vec<ManifestEntry>", into = "Vec<ManifestEntry>")]
pub struct Manifest(Vec<ManifestEntry>);

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ManifestEntry {
    /// Relative, with `/` between folders.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// 64 hexadecimal digits, in lower case.
    pub sha256: String,
}

/// Why a list of files is no manifest.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ManifestError {
    #[error("« {0} » is not a relative path that stays inside the archive")]
    Path(String),
    #[error("« {0} » is listed twice")]
    Repeated(String),
    #[error("the sum of « {0} » is not 64 hexadecimal digits in lower case")]
    Sum(String),
    #[error("line {0} is not of the canonical form")]
    Line(usize),
}

/// Why what is kept of a dossier is not what was deposited.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Broken {
    #[error("its manifest cannot be read: {0}")]
    Manifest(#[from] ManifestError),
    #[error("its manifest is not the one that was deposited")]
    Sum,
    #[error("its content is not what was deposited")]
    Content,
}

/// How a folder differs from its manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Discrepancy {
    pub path: String,
    pub kind: DiscrepancyKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DiscrepancyKind {
    Missing,
    Changed,
    Unexpected,
}

impl Manifest {
    pub fn new(mut entries: Vec<ManifestEntry>) -> Result<Self, ManifestError> {
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        for entry in &entries {
            if !is_safe(&entry.path) {
                return Err(ManifestError::Path(entry.path.clone()));
            }
            if !is_sum(&entry.sha256) {
                return Err(ManifestError::Sum(entry.path.clone()));
            }
        }
        match entries.windows(2).find(|pair| pair[0].path == pair[1].path) {
            Some(pair) => Err(ManifestError::Repeated(pair[0].path.clone())),
            None => Ok(Self(entries)),
        }
    }

    pub fn entries(&self) -> &[ManifestEntry] {
        &self.0
    }

    /// The text whose sum stands for the whole.
    pub fn canonical(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for ManifestEntry { path, size, sha256 } in &self.0 {
            text.extend([sha256.as_str(), "  ", &size.to_string(), "  ", path, "\n"]);
        }
        text
    }

    /// The sum of the whole, as hexadecimal digits.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(self.canonical()))
    }

    /// Reads the canonical form, and nothing else: what is read is written back byte for byte.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let mut lines = text.split_inclusive('\n');
        if lines.next() != Some(&format!("{HEADER}\n")) {
            return Err(ManifestError::Line(1));
        }
        let mut entries = Vec::new();
        for (index, line) in lines.enumerate() {
            entries.push(parse_line(line).ok_or(ManifestError::Line(index + 2))?);
        }
        let manifest = Self::new(entries.clone())?;
        let misplaced =
            entries.iter().zip(manifest.entries()).position(|(one, other)| one != other);
        match misplaced {
            Some(index) => Err(ManifestError::Line(index + 2)),
            None => Ok(manifest),
        }
    }

    /// The manifest of a dossier, once it has the sum of the receipt and names this very document.
    pub fn prove(text: &str, sha256: &str, dossier: &str) -> Result<Self, Broken> {
        let manifest = Self::parse(text)?;
        if manifest.sha256() != sha256 {
            return Err(Broken::Sum);
        }
        let document = ManifestEntry::of(DOSSIER_PATH, dossier.as_bytes());
        if !manifest.entries().contains(&document) {
            return Err(Broken::Content);
        }
        Ok(manifest)
    }

    /// How what was found differs from the manifest, in the order of the paths.
    pub fn verify(&self, found: &Self) -> Vec<Discrepancy> {
        let (expected, found) = (self.by_path(), found.by_path());
        let paths: BTreeSet<&str> = expected.keys().chain(found.keys()).copied().collect();
        paths
            .into_iter()
            .filter_map(|path| {
                let kind = match (expected.get(path), found.get(path)) {
                    (Some(one), Some(other)) if one == other => return None,
                    (Some(_), Some(_)) => DiscrepancyKind::Changed,
                    (Some(_), None) => DiscrepancyKind::Missing,
                    (None, _) => DiscrepancyKind::Unexpected,
                };
                Some(Discrepancy { path: path.to_owned(), kind })
            })
            .collect()
    }

    fn by_path(&self) -> BTreeMap<&str, &ManifestEntry> {
        self.0.iter().map(|entry| (entry.path.as_str(), entry)).collect()
    }
}

impl ManifestEntry {
    /// The entry of a content.
    pub fn of(path: impl Into<String>, content: &[u8]) -> Self {
        Self {
            path: path.into(),
            size: content.len() as u64,
            sha256: hex::encode(Sha256::digest(content)),
        }
    }
}

impl TryFrom<Vec<ManifestEntry>> for Manifest {
    type Error = ManifestError;

    fn try_from(entries: Vec<ManifestEntry>) -> Result<Self, ManifestError> {
        Self::new(entries)
    }
}

impl From<Manifest> for Vec<ManifestEntry> {
    fn from(manifest: Manifest) -> Self {
        manifest.0
    }
}

fn parse_line(line: &str) -> Option<ManifestEntry> {
    let (sha256, rest) = line.strip_suffix('\n')?.split_once("  ")?;
    let (digits, path) = rest.split_once("  ")?;
    let size: u64 = digits.parse().ok()?;
    // « 007 » and « +7 » are numbers too, but not as they are written here.
    (size.to_string() == digits).then(|| ManifestEntry {
        path: path.to_owned(),
        size,
        sha256: sha256.to_owned(),
    })
}

/// Relative, without a way out of the folder, and the same on every system: whoever unpacks an
/// archive writes only below it.
fn is_safe(path: &str) -> bool {
    path.chars().count() <= PATH_MAX
        && !path.chars().any(|c| c.is_control() || matches!(c, '\\' | ':'))
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

fn is_sum(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `sha256sum` of nothing and of `abc` (FIPS 180-4, examples).
    const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn manifest(files: &[(&str, &[u8])]) -> Manifest {
        let entries = files.iter().map(|(path, content)| ManifestEntry::of(*path, content));
        Manifest::new(entries.collect()).expect("a manifest")
    }

    #[test]
    fn the_canonical_form_depends_on_the_files_and_not_on_their_order() {
        let one = manifest(&[("preuves/b.txt", b"abc"), ("a.txt", b"")]);
        let other = manifest(&[("a.txt", b""), ("preuves/b.txt", b"abc")]);
        let text =
            format!("acquis-manifest 1\n{OF_NOTHING}  0  a.txt\n{OF_ABC}  3  preuves/b.txt\n");
        assert_eq!(one.canonical(), text);
        assert_eq!((&one, one.sha256()), (&other, other.sha256()));
        // printf '…' | sha256sum
        assert_eq!(
            manifest(&[]).sha256(),
            "d0df939b6403582a6e6a07cd3763f8830b5cd378739eaf3ac5c044582884f6b0"
        );
        for changed in [
            manifest(&[("a.txt", b""), ("preuves/b.txt", b"abd")]),
            manifest(&[("a.txt", b""), ("preuves/c.txt", b"abc")]),
            manifest(&[("a.txt", b"")]),
        ] {
            assert_ne!(changed.sha256(), one.sha256());
        }
    }

    #[test]
    fn a_dossier_is_what_was_deposited() {
        let kept = manifest(&[("dossier.json", b"{}"), ("a.txt", b"")]);
        let (text, sum) = (kept.canonical(), kept.sha256());
        let other = manifest(&[("a.txt", b"")]);
        for (manifest, sum, dossier, expected) in [
            (&text, &sum, "{}", Ok(kept.clone())),
            (&text, &sum, "{ }", Err(Broken::Content)),
            (&text, &other.sha256(), "{}", Err(Broken::Sum)),
            (&other.canonical(), &other.sha256(), "{}", Err(Broken::Content)),
            (&String::new(), &sum, "{}", Err(Broken::Manifest(ManifestError::Line(1)))),
        ] {
            assert_eq!(Manifest::prove(manifest, sum, dossier), expected);
        }
    }

    #[test]
    fn paths_are_ordered_by_their_bytes() {
        let files = ["é", "a/b", "a-b", "Z", "a"].map(|path| (path, &b""[..]));
        let manifest = manifest(&files);
        let paths: Vec<_> = manifest.entries().iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["Z", "a", "a-b", "a/b", "é"]);
    }

    #[test]
    fn a_path_stays_inside() {
        let long = "a".repeat(PATH_MAX + 1);
        for (path, safe) in [
            ("rapport.pdf", true),
            ("preuves/Été 2026/rapport final.pdf", true),
            ("..rapport", true),
            ("", false),
            ("/etc/passwd", false),
            ("../rapport.pdf", false),
            ("preuves/../../rapport.pdf", false),
            ("preuves//rapport.pdf", false),
            ("preuves/", false),
            ("./rapport.pdf", false),
            ("C:\\rapport.pdf", false),
            ("preuves\\rapport.pdf", false),
            ("rapport\n.pdf", false),
            (long.as_str(), false),
        ] {
            let built = Manifest::new(vec![ManifestEntry::of(path, b"")]);
            assert_eq!(built.is_ok(), safe, "{path:?}");
        }
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        let entry = |path: &str, sha256: &str| ManifestEntry {
            path: path.to_owned(),
            size: 0,
            sha256: sha256.to_owned(),
        };
        for (entries, error) in [
            (
                vec![entry("a", OF_ABC), entry("b", OF_ABC), entry("a", OF_NOTHING)],
                ManifestError::Repeated("a".to_owned()),
            ),
            (vec![entry("a", &OF_ABC[1..])], ManifestError::Sum("a".to_owned())),
            (vec![entry("a", &OF_ABC.to_uppercase())], ManifestError::Sum("a".to_owned())),
        ] {
            assert_eq!(Manifest::new(entries), Err(error));
        }
    }

    #[test]
    fn the_canonical_form_is_read_back_and_no_other() {
        let written = manifest(&[("a  b.txt", b"abc"), ("c.txt", b"")]);
        assert_eq!(Manifest::parse(&written.canonical()), Ok(written.clone()));
        assert_eq!(Manifest::parse("acquis-manifest 1\n"), Ok(manifest(&[])));
        let line = |path: &str| format!("{OF_ABC}  3  {path}\n");
        for (text, error) in [
            (String::new(), 1),
            ("acquis-manifest 1".to_owned(), 1),
            ("acquis-manifest 2\n".to_owned(), 1),
            (format!("acquis-manifest 1\n{}", line("a").trim_end()), 2),
            (format!("acquis-manifest 1\n\n{}", line("a")), 2),
            (format!("acquis-manifest 1\n{}{}", line("b"), line("a")), 2),
            (format!("acquis-manifest 1\n{OF_ABC}  03  a\n"), 2),
            (format!("acquis-manifest 1\n{OF_ABC} 3 a\n"), 2),
            (format!("acquis-manifest 1\n{}{OF_ABC}  -3  b\n", line("a")), 3),
        ] {
            assert_eq!(Manifest::parse(&text), Err(ManifestError::Line(error)), "{text:?}");
        }
    }

    #[test]
    fn every_difference_is_named() {
        use DiscrepancyKind::{Changed, Missing, Unexpected};
        let expected = manifest(&[("a", b"1"), ("b", b"2"), ("c", b"3")]);
        for (found, differences) in [
            (expected.clone(), &[][..]),
            (
                manifest(&[("a", b"1"), ("b", b"x"), ("d", b"3")]),
                &[("b", Changed), ("c", Missing), ("d", Unexpected)],
            ),
            (manifest(&[]), &[("a", Missing), ("b", Missing), ("c", Missing)]),
            (manifest(&[("0", b""), ("a", b"1"), ("b", b"2"), ("c", b"3")]), &[("0", Unexpected)]),
        ] {
            let named: Vec<_> =
                differences.iter().map(|(path, kind)| ((*path).to_owned(), *kind)).collect();
            let verified: Vec<_> =
                expected.verify(&found).into_iter().map(|one| (one.path, one.kind)).collect();
            assert_eq!(verified, named);
        }
    }
}
