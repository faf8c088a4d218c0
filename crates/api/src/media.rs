//! What a file is, told from its content, and how it is given back.

use axum::http::HeaderValue;

/// Types that a browser shows without running anything.
const SHOWN: [&str; 6] =
    ["application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

const BINARY: &str = "application/octet-stream";
const ZIP: &str = "application/zip";

/// What the folder inside a zip says of an Office file (ECMA-376, part 2).
const OFFICE: [(&[u8], &str); 3] = [
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
];

/// The type of a content by its first bytes. Text is plain text, whatever its name says; the name
/// only tells whether plain text is written as Markdown.
pub fn media_type(head: &[u8], name: &str) -> &'static str {
    if let Some(kind) = infer::get(head).map(|kind| kind.mime_type())
        && !kind.starts_with("text/")
        // Found anywhere in the first kilobyte otherwise, behind a script as well.
        && (kind != "application/pdf" || head.starts_with(b"%PDF-"))
    {
        return if head.starts_with(b"PK\x03\x04") { zip(head).unwrap_or(kind) } else { kind };
    }
    let name = name.to_ascii_lowercase();
    let is_markdown = [".md", ".markdown"].iter().any(|end| name.ends_with(end));
    match (encoding(head), is_markdown) {
        (Some(Encoding::Utf8), false) => "text/plain; charset=utf-8",
        (Some(Encoding::Windows1252), false) => "text/plain; charset=windows-1252",
        (Some(Encoding::Utf8), true) => "text/markdown; charset=utf-8",
        (Some(Encoding::Windows1252), true) => "text/markdown; charset=windows-1252",
        (None, _) => BINARY,
    }
}

/// An Office file is a zip with certain entries; any other one is a plain zip, so that no program
/// that travels as a zip is called by another name.
fn zip(head: &[u8]) -> Option<&'static str> {
    // Local file headers (APPNOTE.TXT, section 4.3.7): the name's length is at 26, the name at 30.
    let names = head.windows(4).enumerate().filter(|(_, bytes)| bytes == b"PK\x03\x04").filter_map(
        |(at, _)| {
            let length = head.get(at + 26..at + 28)?;
            let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
            head.get(at + 30..at + 30 + length)
        },
    );
    let names: Vec<&[u8]> = names.collect();
    if names.first() == Some(&b"mimetype".as_slice()) {
        // OpenDocument and EPUB say themselves what they are.
        return None;
    }
    let office = OFFICE
        .iter()
        .find(|(folder, _)| names.iter().any(|name| name.starts_with(folder)))
        .map(|(_, kind)| *kind);
    Some(office.filter(|_| names.contains(&b"[Content_Types].xml".as_slice())).unwrap_or(ZIP))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Windows1252,
}

/// How a text is written; none where it is no text. The last character may be cut in two.
fn encoding(head: &[u8]) -> Option<Encoding> {
    let is_control = |byte: &u8| *byte < 0x20 && !b"\t\n\r\x0c".contains(byte);
    if head.iter().any(is_control) {
        return None;
    }
    match std::str::from_utf8(head) {
        Ok(_) => Some(Encoding::Utf8),
        Err(error) if error.error_len().is_none() => Some(Encoding::Utf8),
        Err(_) => head.iter().copied().all(is_western).then_some(Encoding::Windows1252),
    }
}

/// A byte that a text of Western Europe has in Windows-1252: its letters, quotes, dashes and signs.
fn is_western(byte: u8) -> bool {
    // € … Œ quotes, bullet, dashes, œ Ÿ; no-break space, ¡ £ § © « soft hyphen ® ° ± ² ³ µ · » ½ ¿
    let is_sign = matches!(
        byte,
        0x80 | 0x85 | 0x8c | 0x91..=0x97 | 0x9c | 0x9f | 0xa0 | 0xa1 | 0xa3 | 0xa7 | 0xa9 | 0xab
            | 0xad | 0xae | 0xb0..=0xb3 | 0xb5 | 0xb7 | 0xbb | 0xbd | 0xbf
    );
    // Icelandic letters and ÿ are rarer in texts than in what is no text.
    let is_letter = byte >= 0xc0 && !matches!(byte, 0xd0 | 0xde | 0xf0 | 0xfe | 0xff);
    byte.is_ascii() || is_sign || is_letter
}

/// Whether it may open in place.
pub fn is_shown(media_type: &str) -> bool {
    media_type.starts_with("text/") || SHOWN.contains(&media_type)
}

/// The type as it is told to a browser: every text is plain, so that none is ever run.
pub fn sent_as(media_type: &str) -> HeaderValue {
    let plain = match media_type.split_once(';') {
        Some((kind, charset)) if kind.starts_with("text/") => format!("text/plain;{charset}"),
        _ if media_type.starts_with("text/") => "text/plain".to_owned(),
        _ => media_type.to_owned(),
    };
    HeaderValue::from_str(&plain).unwrap_or(HeaderValue::from_static(BINARY))
}

/// The last part of a name, without what a path or a header could trip over.
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    let clean = clean.trim().trim_matches('.').trim();
    if clean.is_empty() { "fichier".to_owned() } else { clean.to_owned() }
}

/// A `Content-Disposition` (RFC 6266, with the name as RFC 8187 writes it).
pub fn disposition(inline: bool, name: &str) -> HeaderValue {
    use std::fmt::Write;

    let kind = if inline { "inline" } else { "attachment" };
    let mut value = format!("{kind}; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            value.push(char::from(byte));
        } else {
            let _ = write!(value, "%{byte:02X}");
        }
    }
    HeaderValue::from_str(&value).expect("percent-encoding leaves ASCII alone")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A zip with these entries, all empty.
    fn zipped(entries: &[&str]) -> Vec<u8> {
        let mut zip = Vec::new();
        for name in entries {
            zip.extend(b"PK\x03\x04");
            zip.extend([0; 22]);
            zip.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            zip.extend([0; 2]);
            zip.extend(name.as_bytes());
        }
        zip
    }

    fn open_document(kind: &str) -> Vec<u8> {
        let mut zip = zipped(&["mimetype"]);
        zip.extend(kind.as_bytes());
        zip
    }

    #[test]
    fn a_type_comes_from_the_content() {
        let office = "application/vnd.openxmlformats-officedocument";
        let docx = format!("{office}.wordprocessingml.document");
        let xlsx = format!("{office}.spreadsheetml.sheet");
        let pptx = format!("{office}.presentationml.presentation");
        let odt = "application/vnd.oasis.opendocument.text";
        let (utf8, western) = ("text/plain; charset=utf-8", "text/plain; charset=windows-1252");
        for (name, head, expected) in [
            ("a.pdf", b"%PDF-1.7\n".to_vec(), "application/pdf"),
            ("a.txt", b"%PDF-1.7\n".to_vec(), "application/pdf"),
            ("a.pdf", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), utf8),
            ("a.pdf", b"<html><body>%PDF-1.7".to_vec(), utf8),
            ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "image/png"),
            ("a.png", b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), "image/jpeg"),
            ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='a()'/>".to_vec(), utf8),
            ("a.svg", b"<?xml version='1.0'?><svg/>".to_vec(), utf8),
            ("a.html", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), utf8),
            ("a.txt", "# Compte rendu d’été".as_bytes().to_vec(), utf8),
            ("a.md", "# Compte rendu d’été".as_bytes().to_vec(), "text/markdown; charset=utf-8"),
            ("A.MARKDOWN", b"# A".to_vec(), "text/markdown; charset=utf-8"),
            ("a.md", b"# \xe9t\xe9".to_vec(), "text/markdown; charset=windows-1252"),
            ("a.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "image/png"),
            ("a.txt", b"Bilan de l\x92\xe9t\xe9 \xab 2026 \xbb : 12 \x80".to_vec(), western),
            ("a.csv", b"Nom;Pr\xe9nom\r\nNo\xebl;L\xe9a\r\n".to_vec(), western),
            ("a.txt", "coupé".as_bytes()[..5].to_vec(), utf8),
            ("a.txt", Vec::new(), utf8),
            ("a.txt", b"\0\x01\x02".to_vec(), BINARY),
            ("a.txt", b"\xfe\xfe text".to_vec(), BINARY),
            ("a.txt", b"\xff\xfeh\0i\0".to_vec(), BINARY),
            ("a.docx", zipped(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]), &docx),
            ("a.zip", zipped(&["[Content_Types].xml", "docProps/app.xml", "word/a.xml"]), &docx),
            ("a.docx", zipped(&["word/document.xml", "[Content_Types].xml"]), &docx),
            ("a.xlsx", zipped(&["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"]), &xlsx),
            ("a.pptx", zipped(&["[Content_Types].xml", "ppt/presentation.xml"]), &pptx),
            ("a.odt", open_document(odt), odt),
            ("a.docx", zipped(&["word/document.xml"]), ZIP),
            ("a.docx", zipped(&["index.html", "a.js"]), ZIP),
            ("a.zip", zipped(&["a.txt"]), ZIP),
        ] {
            assert_eq!(media_type(&head, name), expected, "{name} {}", head.escape_ascii());
        }
    }

    #[test]
    fn no_text_is_sent_as_anything_that_runs() {
        for (media_type, sent, shown) in [
            ("text/plain; charset=utf-8", "text/plain; charset=utf-8", true),
            ("text/markdown; charset=windows-1252", "text/plain; charset=windows-1252", true),
            ("text/html", "text/plain", true),
            ("image/png", "image/png", true),
            ("image/svg+xml", "image/svg+xml", false),
            ("application/pdf", "application/pdf", true),
            ("application/xhtml+xml", "application/xhtml+xml", false),
            ("a\nb", BINARY, false),
        ] {
            assert_eq!(sent_as(media_type), sent, "{media_type}");
            assert_eq!(is_shown(media_type), shown, "{media_type}");
        }
    }

    #[test]
    fn a_name_is_only_a_name() {
        for (name, expected) in [
            ("rapport.pdf", "rapport.pdf"),
            ("../../etc/passwd", "passwd"),
            (r"C:\Users\lea\stage.png", "stage.png"),
            ("..", "fichier"),
            ("a\r\nSet-Cookie: b", "aSet-Cookie: b"),
            ("", "fichier"),
        ] {
            assert_eq!(safe_name(name), expected, "{name:?}");
        }
    }

    #[test]
    fn a_disposition_keeps_accents() {
        assert_eq!(
            disposition(true, "bilan d’été.pdf"),
            "inline; filename*=UTF-8''bilan%20d%E2%80%99%C3%A9t%C3%A9.pdf"
        );
    }
}
