//! Programs that know nothing of how the documents are made.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A PDF in a file of its own.
pub struct Pdf {
    file: tempfile::NamedTempFile,
}

/// A word on a page, in points from the left.
pub struct Word {
    pub text: String,
    pub left: f64,
    pub right: f64,
    pub page_width: f64,
}

impl Pdf {
    pub fn new(bytes: &[u8]) -> Self {
        let file = tempfile::Builder::new().suffix(".pdf").tempfile().expect("a temporary file");
        std::fs::write(file.path(), bytes).expect("written");
        Self { file }
    }

    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.file.path()).expect("the file")
    }

    /// The text in the order in which it is painted, pages apart.
    pub fn text(&self) -> String {
        self.poppler("pdftotext", &["-raw"], &["-"])
    }

    pub fn pages(&self) -> Vec<String> {
        let text = self.text();
        text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
    }

    /// The text as one long line. The reader makes plain spaces of those that do not break.
    pub fn running_text(&self) -> String {
        self.text()
            .replace("\u{ad}\n", "")
            .split(['\n', '\u{c}', ' '])
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub fn info(&self) -> String {
        self.poppler("pdfinfo", &[], &[])
    }

    /// The structure tree as a screen reader walks it.
    pub fn structure(&self) -> String {
        self.poppler("pdfinfo", &["-struct"], &[])
    }

    /// One line per font.
    pub fn fonts(&self) -> Vec<String> {
        self.poppler("pdffonts", &[], &[]).lines().skip(2).map(str::to_owned).collect()
    }

    /// Titles of the bookmarks.
    pub fn bookmarks(&self) -> Vec<String> {
        let xml = self.poppler("pdftohtml", &["-xml", "-i", "-stdout"], &[]);
        xml.split("<item page=").skip(1).filter_map(|item| between(item, ">", "</item>")).collect()
    }

    pub fn words(&self) -> Vec<Word> {
        let number = |xml: &str, name: &str| -> f64 {
            let text = between(xml, &format!("{name}=\""), "\"").expect("an attribute");
            text.parse().expect("a number")
        };
        let xml = self.poppler("pdftotext", &["-bbox"], &["-"]);
        let mut words = Vec::new();
        for page in xml.split("<page ").skip(1) {
            let page_width = number(page, "width");
            words.extend(page.split("<word ").skip(1).map(|word| Word {
                text: between(word, ">", "</word>").expect("a word"),
                left: number(word, "xMin"),
                right: number(word, "xMax"),
                page_width,
            }));
        }
        words
    }

    /// What the checkers of PDF/A-2a, PDF/UA-1 and of reading aloud find wrong.
    pub fn findings(&self) -> String {
        let python = target().join("pdf-checkers/bin/python");
        let requirements = package().join("tests/requirements.txt");
        let hint = format!(
            "this test needs the checkers of {}, which tests/run installs: \
             python3 -m venv target/pdf-checkers && \
             target/pdf-checkers/bin/pip install -r crates/documents/tests/requirements.txt",
            requirements.display(),
        );
        let script = package().join("tests/check_pdf.py");
        run(Command::new(python).arg(script).arg(self.file.path()), &hint)
    }

    fn poppler(&self, program: &str, before: &[&str], after: &[&str]) -> String {
        let hint = format!("this test needs the command `{program}`: install poppler-utils");
        run(Command::new(program).args(before).arg(self.file.path()).args(after), &hint)
    }
}

fn run(command: &mut Command, hint: &str) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{hint} ({error})"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn between(text: &str, start: &str, end: &str) -> Option<String> {
    let rest = &text[text.find(start)? + start.len()..];
    Some(rest[..rest.find(end)?].to_owned())
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn target() -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().expect("the target folder").to_owned()
}
