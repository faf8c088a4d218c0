//! Proves an archive whole, or says what is wrong with it.
//!
//! Nothing is unpacked and nothing is held in memory that the archive itself decides the size of: a
//! hostile file costs no more than reading it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

use domain::{
    dossier::{
        frozen::DOSSIER_PATH,
        manifest::{Broken, Discrepancy, DiscrepancyKind, Manifest, ManifestEntry, ManifestError},
    },
    jury::minutes::{Amendment, amendment_sum},
    portfolio::{self, Portfolio},
};
use serde::de::DeserializeOwned;
use thiserror::Error;
use zip::{CompressionMethod, ZipArchive, result::ZipError};

use crate::{
    bundle::{COMMENT, MANIFEST_PATH, copy},
    portfolio::PORTFOLIO_PATH,
    session::{self, SESSION_PATH, Session},
};

const MANIFEST_MAX: u64 = 16 << 20;
const JSON_MAX: u64 = 256 << 20;
/// Deflate packs at most about 1 to 1,000; what people write is packed 1 to 20.
const RATIO_MAX: u64 = 200;
/// Below that, no ratio is suspicious.
const SMALL: u64 = 1 << 20;
const ENTRIES_MAX: usize = 50_000;

/// Why a file is not read any further.
#[derive(Debug, Error)]
pub enum Refusal {
    #[error("le fichier ne peut pas être lu : {0}")]
    Io(#[from] io::Error),
    #[error("ce n’est pas une archive ZIP entière ({0})")]
    NotWhole(String),
    #[error("deux entrées de l’archive se recouvrent ou portent le même nom")]
    Overlapping,
    #[error("l’archive a plus de {ENTRIES_MAX} entrées")]
    TooMany,
    #[error("« {0} » sortirait du dossier où l’archive est dépliée")]
    Outside(String),
    #[error("« {0} » n’est pas un simple fichier")]
    NotAFile(String),
    #[error("« {0} » est chiffrée ou compressée d’une manière qu’Acquis n’écrit pas")]
    Packing(String),
    #[error("« {0} » occuperait démesurément plus de place que l’archive")]
    Bomb(String),
    #[error("le manifeste (manifest.txt) manque : ce n’est pas une archive d’Acquis")]
    NoManifest,
    #[error("le manifeste (manifest.txt) est illisible : {0}")]
    Manifest(ManifestError),
    #[error("l’archive ne contient pas de portfolio (portfolio.json)")]
    NoPortfolio,
    #[error(
        "c’est l’archive d’une session de jury, qui se lit et se vérifie. Seule celle d’un apprenant \
         peut être reprise : chacun télécharge la sienne"
    )]
    OfSession,
    #[error("{0} est illisible : {1}")]
    Unreadable(&'static str, String),
    #[error("{0} est de la forme {1}, plus récente que ce programme (forme {2})")]
    Newer(&'static str, u32, u32),
}

impl From<ZipError> for Refusal {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => Self::Io(error),
            error => Self::NotWhole(error.to_string()),
        }
    }
}

/// A way in which an archive differs from what left the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The comment of the ZIP does not name the manifest's sum.
    Seal,
    File(Discrepancy),
    /// A dossier is not as it was frozen, or the minutes are not as they were sealed.
    Sealed {
        which: String,
        what: String,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seal => {
                write!(f, "changé : manifest.txt, dont la somme n’est pas celle de l’archive")
            }
            Self::File(Discrepancy { path, kind }) => {
                let kind = match kind {
                    DiscrepancyKind::Missing => "manque",
                    DiscrepancyKind::Changed => "changé",
                    DiscrepancyKind::Unexpected => "en trop",
                };
                write!(f, "{kind} : {path}")
            }
            Self::Sealed { which, what } => write!(f, "{which} : {what}"),
        }
    }
}

/// An archive that can be read without harm.
#[derive(Debug)]
pub struct Archive {
    zip: ZipArchive<BufReader<File>>,
    manifest: Manifest,
}

impl Archive {
    /// Opens a file, and refuses what no archive of ours is.
    pub fn open(path: &Path) -> Result<Self, Refusal> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut zip = ZipArchive::new(BufReader::new(file))?;
        if zip.len() > ENTRIES_MAX {
            return Err(Refusal::TooMany);
        }
        if zip.has_duplicate_names() || zip.has_overlapping_entries()? {
            return Err(Refusal::Overlapping);
        }
        let mut entries = Vec::new();
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index)?;
            let name = entry.name()?.into_owned();
            let is_plain = entry.is_file()
                && !entry.is_symlink()
                && entry.unix_mode().is_none_or(|mode| matches!(mode & 0o170_000, 0 | 0o100_000));
            if !is_plain {
                return Err(Refusal::NotAFile(name));
            }
            let known = matches!(
                entry.compression(),
                CompressionMethod::Stored | CompressionMethod::Deflated
            );
            if entry.encrypted() || !known {
                return Err(Refusal::Packing(name));
            }
            let (packed, size) = (entry.compressed_size(), entry.size());
            if packed > length || (size > SMALL && size / RATIO_MAX > packed) {
                return Err(Refusal::Bomb(name));
            }
            entries.push(ManifestEntry { path: name, size, sha256: "0".repeat(64) });
        }
        // The manifest knows which paths stay inside.
        if let Err(ManifestError::Path(path)) = Manifest::new(entries) {
            return Err(Refusal::Outside(path));
        }
        let text = read(&mut zip, MANIFEST_PATH, MANIFEST_MAX)?.ok_or(Refusal::NoManifest)?;
        let manifest = Manifest::parse(&text).map_err(Refusal::Manifest)?;
        Ok(Self { zip, manifest })
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Reads everything once; gives every way in which it is not as it left.
    pub fn verify(&mut self) -> Result<Vec<Finding>, Refusal> {
        let mut findings = Vec::new();
        let seal = format!("{COMMENT}{}", self.manifest.sha256());
        if self.zip.comment() != seal.as_bytes() {
            findings.push(Finding::Seal);
        }
        let expected: BTreeMap<&str, u64> =
            self.manifest.entries().iter().map(|one| (one.path.as_str(), one.size)).collect();
        let mut found = Vec::new();
        for index in 0..self.zip.len() {
            let mut entry = self.zip.by_index(index)?;
            let path = entry.name()?.into_owned();
            if path == MANIFEST_PATH {
                continue;
            }
            // What nobody expects is named, not read; and of the rest no more than is expected.
            let limit = expected.get(path.as_str()).map_or(0, |size| size + 1);
            let (size, sha256) = match copy(&mut entry.by_ref().take(limit), &mut io::sink()) {
                Ok(sum) => sum,
                // A content that its own check digits belie.
                Err(_) => (u64::MAX, "0".repeat(64)),
            };
            found.push(ManifestEntry { path, size, sha256 });
        }
        let found = Manifest::new(found).map_err(Refusal::Manifest)?;
        findings.extend(self.manifest.verify(&found).into_iter().map(Finding::File));
        if findings.is_empty() && expected.contains_key(PORTFOLIO_PATH) {
            let portfolio = self.portfolio()?;
            for dossier in &portfolio.dossiers {
                let Some(frozen) = &dossier.frozen else { continue };
                let which = format!("dossier {}", dossier.number);
                let sum = &dossier.manifest_sha256;
                let (manifest, content) = (&frozen.manifest, &frozen.content);
                findings.extend(self.check_dossier(&which, manifest, sum, content));
            }
        }
        if findings.is_empty()
            && let Some(session) = self.session()?
        {
            findings.extend(self.check_session(&session)?);
        }
        Ok(findings)
    }

    /// The portfolio that the archive holds.
    pub fn portfolio(&mut self) -> Result<Portfolio, Refusal> {
        if self.zip.index_for_name(SESSION_PATH).is_some() {
            return Err(Refusal::OfSession);
        }
        self.json(PORTFOLIO_PATH, portfolio::FORMAT)?.ok_or(Refusal::NoPortfolio)
    }

    /// The jury session that the archive is of.
    pub fn session(&mut self) -> Result<Option<Session>, Refusal> {
        self.json(SESSION_PATH, session::FORMAT)
    }

    fn json<T: DeserializeOwned>(
        &mut self,
        path: &'static str,
        known: u32,
    ) -> Result<Option<T>, Refusal> {
        #[derive(serde::Deserialize)]
        struct Form {
            format: u32,
        }
        let Some(text) = read(&mut self.zip, path, JSON_MAX)? else { return Ok(None) };
        let unreadable = |error: serde_json::Error| Refusal::Unreadable(path, error.to_string());
        let Form { format } = serde_json::from_str(&text).map_err(unreadable)?;
        if format > known {
            return Err(Refusal::Newer(path, format, known));
        }
        serde_json::from_str(&text).map_err(unreadable)
    }

    /// The content of a file that the manifest lists.
    pub fn content(&mut self, path: &str) -> Result<impl Read + '_, Refusal> {
        Ok(self.zip.by_name(path)?)
    }

    /// The dossier has the sum that its receipt quotes, is what that names, and its files are here.
    fn check_dossier(&self, which: &str, manifest: &str, sum: &str, content: &str) -> Vec<Finding> {
        let found = |what: String| Finding::Sealed { which: which.to_owned(), what };
        let sums: BTreeSet<&str> =
            self.manifest.entries().iter().map(|one| one.sha256.as_str()).collect();
        match Manifest::prove(manifest, sum, content) {
            Ok(manifest) => {
                let missing =
                    manifest.entries().iter().filter(|it| !sums.contains(it.sha256.as_str()));
                missing.map(|entry| found(format!("{} manque", entry.path))).collect()
            }
            Err(Broken::Content) => {
                vec![found("son contenu n’est pas celui que nomme son manifeste".to_owned())]
            }
            Err(_) => vec![found("son manifeste n’a pas la somme de son récépissé".to_owned())],
        }
    }

    /// Each dossier that is here whole, and the minutes with what was added to them.
    fn check_session(&mut self, session: &Session) -> Result<Vec<Finding>, Refusal> {
        let mut findings = Vec::new();
        for candidate in &session.candidates {
            let Some(carried) = &candidate.dossier else { continue };
            let Some(folder) = &carried.folder else { continue };
            let which = format!("dossier {} de {}", carried.number, candidate.name);
            let path = format!("{folder}/manifest.txt");
            let manifest = read(&mut self.zip, &path, MANIFEST_MAX)?.unwrap_or_default();
            let path = format!("{folder}/{DOSSIER_PATH}");
            let content = read(&mut self.zip, &path, JSON_MAX)?.unwrap_or_default();
            let sum = &carried.manifest_sha256;
            findings.extend(self.check_dossier(&which, &manifest, sum, &content));
        }
        let Some(minutes) = &session.minutes else { return Ok(findings) };
        let mut found = |what: String| {
            findings.push(Finding::Sealed { which: "procès-verbal".to_owned(), what });
        };
        let entries = self.manifest.entries();
        if !entries.iter().any(|it| it.path == minutes.path && it.sha256 == minutes.sha256) {
            found("son texte n’a pas la somme de son sceau".to_owned());
        }
        let mut head = minutes.sha256.as_str();
        for one in &minutes.amendments {
            let Amendment { number, about, text, by, at, sha256 } = one;
            if *sha256 != amendment_sum(head, *number, by.id, *at, *about, text) {
                found(format!("l’additif {number} ne suit pas ce qui le précède"));
            }
            head = sha256;
        }
        Ok(findings)
    }
}

fn read(
    zip: &mut ZipArchive<BufReader<File>>,
    path: &str,
    most: u64,
) -> Result<Option<String>, Refusal> {
    let Some(index) = zip.index_for_name(path) else { return Ok(None) };
    let entry = zip.by_index(index)?;
    if entry.size() > most {
        return Err(Refusal::Bomb(path.to_owned()));
    }
    let mut text = String::new();
    entry
        .take(most)
        .read_to_string(&mut text)
        .map_err(|error| Refusal::NotWhole(format!("{path} : {error}")))?;
    Ok(Some(text))
}
