//! From a template and its values to a PDF.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Serialize;
use thiserror::Error;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::text;

/// A document could not be made. Nothing in it is for the person who asked for the document.
#[derive(Debug, Error)]
pub enum DocumentError {
    #[error("the values of {document} cannot be written down: {source}")]
    Values { document: &'static str, source: serde_json::Error },
    #[error("the verification address of {document} does not fit into a QR code: {source}")]
    Address { document: &'static str, source: qrcode::types::QrError },
    #[error("{document} cannot be laid out: {}", faults.join("; "))]
    Layout { document: &'static str, faults: Vec<String> },
    /// The pages exist, but would not be PDF/A-2a and PDF/UA-1.
    #[error("{document} does not conform to PDF/A-2a and PDF/UA-1: {}", faults.join("; "))]
    Standard { document: &'static str, faults: Vec<String> },
}

/// A kind of document: its name and the parsed template.
pub(crate) struct Template {
    name: &'static str,
    main: LazyLock<Source>,
}

macro_rules! templates {
    ($($constant:ident = $file:literal;)+) => {
        $(
            pub(crate) static $constant: Template = Template {
                name: $file,
                main: LazyLock::new(|| {
                    source($file, include_str!(concat!("../templates/", $file)))
                }),
            };
        )+
    };
}

templates! {
    ATTESTATION = "attestation.typ";
    CERTIFICATE = "certificate.typ";
    DOSSIER = "dossier.typ";
    MINUTES = "minutes.typ";
    RESULT_LETTER = "result_letter.typ";
}

/// What all templates share.
static STYLE: LazyLock<Source> =
    LazyLock::new(|| source("style.typ", include_str!("../templates/style.typ")));

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    // Row headers and table summaries are still behind this flag.
    let features = std::iter::once(Feature::A11yExtras).collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

pub(crate) static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    const FILES: [&[u8]; 8] = [
        include_bytes!("../fonts/SourceSerif4-Regular.otf"),
        include_bytes!("../fonts/SourceSerif4-It.otf"),
        include_bytes!("../fonts/SourceSerif4-Semibold.otf"),
        include_bytes!("../fonts/SourceSerif4Display-Regular.otf"),
        include_bytes!("../fonts/SourceSans3-Regular.otf"),
        include_bytes!("../fonts/SourceSans3-It.otf"),
        include_bytes!("../fonts/SourceSans3-Semibold.otf"),
        include_bytes!("../fonts/DejaVuSans.ttf"),
    ];
    FILES.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

/// Renders `values` with `template`. `written` is the document's own date; `address` becomes the
/// QR code `qr.svg`.
pub(crate) fn pdf(
    template: &'static Template,
    written: NaiveDate,
    values: &impl Serialize,
    address: Option<&str>,
) -> Result<Vec<u8>, DocumentError> {
    let document = template.name;
    let mut values = serde_json::to_value(values)
        .map_err(|source| DocumentError::Values { document, source })?;
    text::prepare(&mut values);
    let qr = address
        .map(QrCode::new)
        .transpose()
        .map_err(|source| DocumentError::Address { document, source })?
        .map(|code| Bytes::from_string(code.render::<svg::Color>().build()));
    let desk = Desk { main: &template.main, values: Bytes::from_string(values.to_string()), qr };

    let pages = typst::compile::<PagedDocument>(&desk).output;
    let result = pages
        .map_err(|faults| DocumentError::Layout { document, faults: desk.tell(&faults) })
        .and_then(|pages| {
            typst_pdf::pdf(&pages, &options(written))
                .map_err(|faults| DocumentError::Standard { document, faults: desk.tell(&faults) })
        });
    // What typst remembers to be faster the next time holds people's words.
    typst::comemo::evict(0);
    result
}

fn options(written: NaiveDate) -> PdfOptions {
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let (month, day) = (part(written.month()), part(written.day()));
    let date = Datetime::from_ymd_hms(written.year(), month, day, 0, 0, 0);
    PdfOptions {
        creator: Smart::Custom(Some("Acquis".to_owned())),
        timestamp: date.map(Timestamp::new_utc),
        standards: PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .expect("the two standards share PDF 1.7"),
        ..PdfOptions::default()
    }
}

/// All that a template can reach.
struct Desk<'a> {
    main: &'a Source,
    values: Bytes,
    qr: Option<Bytes>,
}

impl Desk<'_> {
    /// Faults in words, with the line of the template.
    fn tell(&self, faults: &[SourceDiagnostic]) -> Vec<String> {
        faults
            .iter()
            .map(|fault| {
                let place = fault.span.id().and_then(|id| {
                    let line = self
                        .source(id)
                        .ok()?
                        .lines()
                        .byte_to_line(self.range(fault.span)?.start)?;
                    Some(format!("{}:{}: ", id.get().vpath().get_without_slash(), line + 1))
                });
                format!("{}{}", place.unwrap_or_default(), fault.message)
            })
            .collect()
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [self.main, &*STYLE]
            .into_iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or(FileError::NotSource)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match (id.get().vpath().get_without_slash(), &self.qr) {
            ("values.json", _) => Ok(self.values.clone()),
            ("qr.svg", Some(qr)) => Ok(qr.clone()),
            (path, _) => Err(FileError::NotFound(path.into())),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    /// A document's dates are among its values.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn source(name: &str, text: &str) -> Source {
    let path = VirtualPath::new(name).expect("a template's name is a path");
    Source::new(RootedPath::new(VirtualRoot::Project, path).intern(), text.to_owned())
}
