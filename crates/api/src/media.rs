//! What a file is, told from its content, and how it is given back.

use axum::http::HeaderValue;

/// Types that a browser shows without running anything.
const SHOWN: [&str; 7] = [
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "text/plain; charset=utf-8",
];

/// The type of a content by its first bytes; text is plain text, whatever its name says.
pub fn media_type(head: &[u8]) -> &'static str {
    if let Some(kind) = infer::get(head).filter(|kind| !kind.mime_type().starts_with("text/")) {
        return kind.mime_type();
    }
    // The last character may be cut in two.
    let text = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    if text && !head.contains(&0) {
        "text/plain; charset=utf-8"
    } else {
        "application/octet-stream"
    }
}

pub fn is_shown(media_type: &str) -> bool {
    SHOWN.contains(&media_type)
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

    #[test]
    fn a_type_comes_from_the_content() {
        for (head, expected) in [
            (&b"%PDF-1.7\n"[..], "application/pdf"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
            (b"<!DOCTYPE html><script>alert(1)</script>", "text/plain; charset=utf-8"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain; charset=utf-8"),
            ("# Compte rendu d’été".as_bytes(), "text/plain; charset=utf-8"),
            (&"coupé".as_bytes()[..5], "text/plain; charset=utf-8"),
            (b"", "text/plain; charset=utf-8"),
            (b"\0\x01\x02", "application/octet-stream"),
            (b"\xfe\xfe text", "application/octet-stream"),
        ] {
            assert_eq!(media_type(head), expected, "{:?}", String::from_utf8_lossy(head));
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
