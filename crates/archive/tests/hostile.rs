//! What left whole is proven whole; anything else is named or refused.

use std::io::{Cursor, Write};

use archive::{Archive, Content, Part, Refusal, write};
use domain::dossier::manifest::{Manifest, ManifestEntry};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const AT: &str = "2027-06-15T08:00:00Z";

fn parts() -> Vec<Part> {
    vec![Part::text("a.html", "<p>A</p>"), Part::text("fichiers/b.txt", "bbbbbbbb")]
}

fn written(parts: Vec<Part>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    write(&mut bytes, parts, AT.parse().expect("a time")).expect("written");
    bytes.into_inner()
}

fn opened(bytes: &[u8]) -> Result<Archive, Refusal> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    Archive::open(file.path())
}

fn findings(bytes: &[u8]) -> Vec<String> {
    let found = opened(bytes).expect("readable").verify().expect("readable");
    found.iter().map(ToString::to_string).collect()
}

/// A ZIP with these entries as they are, under a manifest that lists `listed`.
fn forged(entries: &[(&str, &[u8])], listed: &[(&str, &[u8])]) -> Vec<u8> {
    let of = listed.iter().map(|(path, content)| ManifestEntry::of(*path, content)).collect();
    let manifest = Manifest::new(of).expect("a manifest");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file("manifest.txt", packed).expect("an entry");
    zip.write_all(manifest.canonical().as_bytes()).expect("written");
    for (path, content) in entries {
        zip.start_file(*path, packed).expect("an entry");
        zip.write_all(content).expect("written");
    }
    zip.set_comment(format!("acquis-archive 1 {}", manifest.sha256())).expect("a comment");
    zip.finish().expect("a ZIP").into_inner()
}

#[test]
fn the_same_parts_are_the_same_bytes_and_whole() {
    let bytes = written(parts());
    let mut turned = parts();
    turned.reverse();
    assert_eq!(bytes, written(turned));
    assert_eq!(findings(&bytes), Vec::<String>::new());
}

#[test]
fn a_file_is_copied_only_as_its_sum_says() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(b"12345678").expect("written");
    let part = |size, content: &[u8]| Part {
        path: "fichiers/c".to_owned(),
        content: Content::File {
            from: file.path().to_owned(),
            size,
            sha256: ManifestEntry::of("c", content).sha256,
        },
    };
    assert_eq!(findings(&written(vec![part(8, b"12345678")])), Vec::<String>::new());
    for wrong in [part(7, b"12345678"), part(8, b"12345679")] {
        let written = write(Cursor::new(Vec::new()), vec![wrong], AT.parse().expect("a time"));
        assert!(written.is_err());
    }
}

#[test]
fn every_difference_is_named() {
    let a: (&str, &[u8]) = ("a", b"A");
    let b: (&str, &[u8]) = ("b", b"B");
    for (entries, listed, expected) in [
        (&[a, b][..], &[a, b][..], &[][..]),
        (&[a], &[a, b], &["manque : b"]),
        (&[a, b], &[a], &["en trop : b"]),
        (&[a, ("b", b"C")], &[a, b], &["changé : b"]),
        (&[a, ("b", b"BB")], &[a, b], &["changé : b"]),
        (&[("c", b"")], &[a], &["manque : a", "en trop : c"]),
    ] {
        let named: Vec<String> =
            findings(&forged(entries, listed)).iter().map(|it| it.replace('\u{a0}', " ")).collect();
        assert_eq!(named, expected);
    }
}

#[test]
fn a_changed_seal_and_a_changed_byte_are_named() {
    let mut bytes = written(parts());
    let last = bytes.len() - 1;
    bytes[last] = if bytes[last] == b'0' { b'1' } else { b'0' };
    assert!(findings(&bytes)[0].contains("manifest.txt"));

    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(b"needle-needle").expect("written");
    let sha256 = ManifestEntry::of("c", b"needle-needle").sha256;
    let content = Content::File { from: file.path().to_owned(), size: 13, sha256 };
    let mut bytes = written(vec![Part { path: "fichiers/c".to_owned(), content }]);
    let at = bytes.windows(6).position(|window| window == b"needle").expect("stored as it is");
    bytes[at] = b'N';
    assert!(findings(&bytes)[0].contains("fichiers/c"));
}

#[test]
fn what_is_no_archive_or_a_trap_is_refused() {
    let whole = written(parts());
    let link = {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.add_symlink("a", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
        zip.finish().expect("a ZIP").into_inner()
    };
    let folder = {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.add_directory("dossier", SimpleFileOptions::default()).expect("a folder");
        zip.finish().expect("a ZIP").into_inner()
    };
    let twice = {
        let mut bytes = forged(&[("un.txt", b"1"), ("de.txt", b"2")], &[("un.txt", b"1")]);
        while let Some(at) = bytes.windows(6).position(|name| name == b"de.txt") {
            bytes[at..at + 2].copy_from_slice(b"un");
        }
        bytes
    };
    let zeros = vec![0; 20 << 20];
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("a text", b"bonjour".to_vec()),
        ("half of it", whole[..whole.len() / 2].to_vec()),
        ("without its end", whole[..whole.len() - 90].to_vec()),
        ("a way out", forged(&[("../a", b"A")], &[])),
        ("a way out from the root", forged(&[("/a", b"A")], &[])),
        ("a way out elsewhere", forged(&[("C:\\a", b"A")], &[])),
        ("a link", link),
        ("a folder", folder),
        ("one name twice", twice),
        ("a bomb", forged(&[("a", &zeros)], &[("a", &zeros)])),
        ("no manifest", {
            let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
            zip.start_file("a", SimpleFileOptions::default()).expect("an entry");
            zip.finish().expect("a ZIP").into_inner()
        }),
    ] {
        assert!(opened(&bytes).is_err(), "{what}");
    }
}
