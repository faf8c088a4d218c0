//! The archive of a jury session: the dossiers of its candidates and, for those who manage it, its
//! minutes.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fs::File,
    io,
    path::PathBuf,
};

use chrono::{DateTime, Utc};
use domain::{
    dossier::{
        DossierInfo,
        frozen::{DOSSIER_PATH, FrozenDossier},
    },
    jury::{
        JurySession,
        minutes::{Amendment, Sealed},
        note::Note,
        session::SessionCandidate,
    },
    person::PersonName,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    bundle::{Content, Part, Spool},
    name::{content_path, stem},
    pages,
};

/// Where [`Session`] stands.
pub const SESSION_PATH: &str = "session.json";
/// Where the text stands that the seal of the minutes is on.
pub const MINUTES_PATH: &str = "proces-verbal/proces-verbal.json";
/// Where they stand to be read.
pub const MINUTES_DOCUMENT: &str = "documents/proces-verbal.pdf";
/// Number of this form; another form gets another number.
pub const FORMAT: u32 = 1;

/// What an archive of a session holds, for a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// See [`FORMAT`].
    pub format: u32,
    pub exported_at: DateTime<Utc>,
    /// Name of the school.
    pub organisation: String,
    pub session: JurySession,
    /// Those whose dossier whoever asked may read, in the order of the session.
    pub candidates: Vec<Candidate>,
    /// Of a closed session, for those who manage it.
    pub minutes: Option<CarriedMinutes>,
}

/// A candidate, and when they are heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Id of the enrolment.
    pub id: Uuid,
    pub name: String,
    pub starts_at: DateTime<Utc>,
    pub presentation_minutes: u32,
    pub interview_minutes: u32,
    /// What the jury reads; absent where nothing is deposited.
    pub dossier: Option<CarriedDossier>,
}

/// A dossier of the archive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CarriedDossier {
    pub id: Uuid,
    pub number: u32,
    pub deposited_at: DateTime<Utc>,
    /// Codes of the blocks.
    pub blocks: Vec<String>,
    /// As its receipt quotes it.
    pub manifest_sha256: String,
    /// How many confidential evidences are left out.
    pub hidden: usize,
    /// Where it is read, and where it is printed.
    pub page: String,
    pub document: String,
    /// Where it stands as it was frozen, with its manifest, if all of it is here.
    pub folder: Option<String>,
}

/// The seal of the minutes, and what was added since. Each addition has a sum that follows from the
/// one before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CarriedMinutes {
    /// Where its text stands.
    pub path: String,
    pub sha256: String,
    pub sealed_at: DateTime<Utc>,
    pub sealed_by: PersonName,
    pub amendments: Vec<Amendment>,
}

/// A dossier that is put into the archive.
#[derive(Debug)]
pub struct LeavingDossier {
    /// Without what whoever asked may not open.
    pub frozen: FrozenDossier,
    pub hidden: usize,
    /// The reader's own.
    pub notes: Vec<Note>,
    /// Rendered.
    pub document: Vec<u8>,
    /// `dossier.json` and its manifest, byte for byte, for whoever gets all of it.
    pub exact: Option<(String, String)>,
    /// Where the contents lie that it names, by SHA-256.
    pub contents: BTreeMap<String, PathBuf>,
}

/// An archive that is being put together, one dossier after the other.
#[derive(Debug)]
pub struct LeavingSession {
    session: Session,
    spool: Spool,
    parts: Vec<Part>,
    /// Where each content stands, by its SHA-256.
    contents: BTreeMap<String, String>,
}

impl LeavingSession {
    /// `scratch` is an empty file, where pages wait until all are there.
    pub fn new(
        exported_at: DateTime<Utc>,
        organisation: String,
        session: JurySession,
        candidates: &[SessionCandidate],
        scratch: File,
    ) -> Self {
        let candidates = (1..).zip(candidates).map(|(place, one)| candidate(place, one)).collect();
        Self {
            session: Session {
                format: FORMAT,
                exported_at,
                organisation,
                session,
                candidates,
                minutes: None,
            },
            spool: Spool::new(scratch),
            parts: Vec::new(),
            contents: BTreeMap::new(),
        }
    }

    /// Puts the dossier of the candidate at this place of the list into it.
    pub fn add(&mut self, place: usize, leaving: LeavingDossier) -> io::Result<()> {
        let LeavingDossier { frozen, hidden, notes, document, exact, contents } = leaving;
        let Some(carried) = &mut self.session.candidates[place].dossier else { return Ok(()) };
        carried.hidden = hidden;
        carried.folder =
            exact.is_some().then(|| format!("dossiers/{}", carried.page.trim_end_matches(".html")));
        let carried = carried.clone();
        for file in frozen.evidence.iter().flat_map(|one| &one.files).map(|placed| &placed.file) {
            let Some(from) = contents.get(&file.sha256) else { continue };
            // What serves twice stands once, under the name that it had first.
            if let Entry::Vacant(place) = self.contents.entry(file.sha256.clone()) {
                let path = place.insert(content_path(&file.sha256, &file.name)).clone();
                let (from, sha256) = (from.clone(), file.sha256.clone());
                let content = Content::File { from, size: file.size, sha256 };
                self.parts.push(Part { path, content });
            }
        }
        let page = pages::candidate(&self.session, place, &frozen, &notes, &self.contents);
        let document = Part { path: carried.document, content: Content::Bytes(document) };
        let exact = exact.zip(carried.folder).into_iter().flat_map(|((text, manifest), folder)| {
            [
                Part::text(format!("{folder}/{DOSSIER_PATH}"), text),
                Part::text(format!("{folder}/manifest.txt"), manifest),
            ]
        });
        for part in page.into_iter().chain([document]).chain(exact) {
            self.parts.push(self.spool.keep(part)?);
        }
        Ok(())
    }

    /// The file of the certification version, byte for byte as it was published: dossiers name it.
    pub fn add_certification(&mut self, source: String) {
        self.parts.push(Part::text("certification.toml", source));
    }

    /// `text` is what the seal is on, byte for byte; `document` is rendered.
    pub fn add_minutes(&mut self, sealed: Sealed, text: String, document: Vec<u8>) {
        let Sealed { content: _, sha256, sealed_at, sealed_by, amendments } = sealed;
        let path = MINUTES_PATH.to_owned();
        self.parts.push(Part::text(path.clone(), text));
        let content = Content::Bytes(document);
        self.parts.push(Part { path: MINUTES_DOCUMENT.to_owned(), content });
        let minutes = CarriedMinutes { path, sha256, sealed_at, sealed_by, amendments };
        self.session.minutes = Some(minutes);
    }

    /// Every part.
    pub fn parts(self) -> Vec<Part> {
        let Self { session, mut parts, .. } = self;
        parts.extend(pages::session(&session));
        let json = serde_json::to_string_pretty(&session)
            .expect("the values of `domain` have string keys only");
        parts.push(Part::text(SESSION_PATH, json));
        parts
    }
}

fn candidate(place: usize, one: &SessionCandidate) -> Candidate {
    let name = one.name();
    let at = format!("candidat-{place:02}-{}", stem(&name));
    Candidate {
        id: one.enrolment,
        starts_at: one.slot.starts_at,
        presentation_minutes: one.slot.presentation_minutes,
        interview_minutes: one.slot.interview_minutes,
        dossier: one.dossier.as_ref().map(|dossier| carried(dossier, &at)),
        name,
    }
}

fn carried(dossier: &DossierInfo, at: &str) -> CarriedDossier {
    CarriedDossier {
        id: dossier.id,
        number: dossier.number,
        deposited_at: dossier.deposited_at,
        blocks: dossier.blocks.clone(),
        manifest_sha256: dossier.manifest_sha256.clone(),
        hidden: 0,
        page: format!("{at}.html"),
        document: format!("documents/{at}.pdf"),
        folder: None,
    }
}
