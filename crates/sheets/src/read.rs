//! A table out of the bytes of a file, whatever a spreadsheet made of it.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx, open_workbook_from_rs};
use encoding_rs::{Encoding, WINDOWS_1252};
use thiserror::Error;
use zip::ZipArchive;

/// Most bytes that an XLSX file may unpack to: a small file can hold a very large one.
const UNPACKED_MAX: u64 = 64 * 1024 * 1024;
/// Most columns; a table of people has a few dozen at most.
const COLUMNS_MAX: usize = 256;

/// A row that is not empty, by its number in the file: the line on which it starts in a CSV file,
/// the row in a spreadsheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub number: usize,
    pub cells: Vec<String>,
}

/// Why there is no table in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReadError {
    #[error("neither text nor a spreadsheet that can be read")]
    NotATable,
    /// The format of before 2007.
    #[error("an old spreadsheet (.xls)")]
    OldSpreadsheet,
    #[error("the spreadsheet is damaged, locked by a password, or has no sheet")]
    Damaged,
    #[error("the table is too large once unpacked")]
    TooLarge,
    /// A quotation mark opens on this line and never closes.
    #[error("a quotation mark opens on line {line} and never closes")]
    OpenQuote { line: usize },
}

/// Reads a CSV file (separated by `;`, `,` or tabs; UTF-8 or UTF-16, or else Windows-1252) or the
/// first sheet of an XLSX file. Empty rows are left out.
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, ReadError> {
    if bytes.starts_with(b"PK\x03\x04") {
        spreadsheet(bytes)
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        Err(ReadError::OldSpreadsheet)
    } else {
        text(bytes)
    }
}

fn is_blank(cells: &[String]) -> bool {
    cells.iter().all(|cell| cell.trim().is_empty())
}

fn text(bytes: &[u8]) -> Result<Vec<Row>, ReadError> {
    let decoded = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => encoding.decode_without_bom_handling(&bytes[length..]).0,
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        },
    };
    if decoded.contains('\0') {
        return Err(ReadError::NotATable);
    }
    // One form of line end, so that lines are counted as people see them.
    let decoded = decoded.replace("\r\n", "\n").replace('\r', "\n");
    let (separator, skipped) = separator(&decoded);
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(decoded.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| ReadError::NotATable)?;
        if record.len() > COLUMNS_MAX {
            return Err(ReadError::TooLarge);
        }
        let number = record.position().map_or(0, |at| usize::try_from(at.line()).unwrap_or(0));
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        if number > skipped && !is_blank(&cells) {
            rows.push(Row { number, cells });
        }
    }
    match open_quote(&decoded, separator) {
        Some(line) => Err(ReadError::OpenQuote { line }),
        None => Ok(rows),
    }
}

/// The separator, and the number of lines that only name it (`sep=;`, a habit of spreadsheets).
fn separator(text: &str) -> (u8, usize) {
    let first = text.lines().next().unwrap_or_default();
    if let Some(named) = first.strip_prefix("sep=").and_then(|rest| rest.bytes().next()) {
        return (named, 1);
    }
    let Some(header) = text.lines().find(|line| !line.trim().is_empty()) else { return (b';', 0) };
    let mut quoted = false;
    let mut found = [(b';', 0), (b',', 0), (b'\t', 0)];
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        if let Some((_, count)) = found.iter_mut().find(|(of, _)| !quoted && *of == byte) {
            *count += 1;
        }
    }
    // The first of equals: French spreadsheets write semicolons.
    let best = found.iter().rev().max_by_key(|(_, count)| *count);
    (best.map_or(b';', |(separator, _)| *separator), 0)
}

/// The line of a quotation mark that opens a cell and never closes: the rest of the file would be
/// one cell.
fn open_quote(text: &str, separator: u8) -> Option<usize> {
    let (mut line, mut opened) = (1, None);
    let mut before = b'\n';
    for byte in text.bytes() {
        match (byte, opened) {
            (b'"', Some(_)) => opened = None,
            // Also right after the one that seemed to close it: two stand for one.
            (b'"', None) if matches!(before, b'\n' | b'"') || before == separator => {
                opened = Some(line);
            }
            _ => {}
        }
        if byte == b'\n' {
            line += 1;
        }
        before = byte;
    }
    opened
}

fn spreadsheet(bytes: &[u8]) -> Result<Vec<Row>, ReadError> {
    check_unpacked(bytes)?;
    let mut book: Xlsx<_> =
        open_workbook_from_rs(Cursor::new(bytes)).map_err(|_| ReadError::Damaged)?;
    let first = book.sheet_names().first().cloned().ok_or(ReadError::Damaged)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| ReadError::Damaged)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| ReadError::Damaged)? {
        let text = shown(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        let (number, column) = (row as usize + 1, column as usize);
        if column >= COLUMNS_MAX {
            return Err(ReadError::TooLarge);
        }
        if rows.last().is_none_or(|last| last.number != number) {
            rows.push(Row { number, cells: Vec::new() });
        }
        if let Some(Row { cells, .. }) = rows.last_mut() {
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = text;
        }
    }
    Ok(rows)
}

/// Counts what really comes out: what the file says of itself may be untrue.
fn check_unpacked(bytes: &[u8]) -> Result<(), ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::Damaged)?;
    let mut left = UNPACKED_MAX;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| ReadError::Damaged)?;
        let length = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
            .map_err(|_| ReadError::Damaged)?;
        left = left.checked_sub(length).ok_or(ReadError::TooLarge)?;
    }
    Ok(())
}

/// A cell as text: a day in the form of ISO 8601, a whole number without its point.
fn shown(cell: &DataRef) -> String {
    match cell {
        DataRef::String(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Written in its shortest form, a whole number has no point.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    use super::*;

    fn cells(bytes: &[u8]) -> Vec<(usize, Vec<String>)> {
        let rows = read(bytes).expect("a table");
        rows.into_iter().map(|row| (row.number, row.cells)).collect()
    }

    fn expected(rows: &[(usize, &[&str])]) -> Vec<(usize, Vec<String>)> {
        let text = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        rows.iter().map(|(number, cells)| (*number, text(cells))).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let utf16: Vec<u8> = [0xFEFF]
            .into_iter()
            .chain("prénom;rôle\r\nZoé;élève".encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        for bytes in [
            "prénom;rôle\r\nZoé;élève".as_bytes(),
            "\u{FEFF}prénom;rôle\nZoé;élève\n".as_bytes(),
            b"pr\xE9nom;r\xF4le\r\nZo\xE9;\xE9l\xE8ve\r\n",
            &utf16,
        ] {
            assert_eq!(
                cells(bytes),
                expected(&[(1, &["prénom", "rôle"]), (2, &["Zoé", "élève"])]),
                "{bytes:?}"
            );
        }
        // The euro sign and the curved apostrophe are of Windows, not of ISO 8859-1.
        assert_eq!(cells(b"10 \x80;l\x92an"), expected(&[(1, &["10 €", "l’an"])]));
    }

    #[test]
    fn the_separator_is_found() {
        for text in [
            "nom;âge\nZoé;20",
            "nom,âge\nZoé,20",
            "nom\tâge\nZoé\t20",
            "sep=,\nnom,âge\nZoé,20",
            "\"nom\";\"âge\"\n\"Zoé\";\"20\"",
        ] {
            let found: Vec<_> = cells(text.as_bytes()).into_iter().map(|(_, row)| row).collect();
            assert_eq!(found, [["nom", "âge"], ["Zoé", "20"]], "{text:?}");
        }
        // What is within quotation marks does not count.
        assert_eq!(cells(b"\"a,b,c\";d"), expected(&[(1, &["a,b,c", "d"])]));
        assert_eq!(cells(b"seul"), expected(&[(1, &["seul"])]));
    }

    #[test]
    fn quotes_lines_and_blanks() {
        for (text, rows) in [
            ("a;\"b;c\"\nd;\"e\"\"f\"", &[(1, &["a", "b;c"][..]), (2, &["d", "e\"f"])][..]),
            // A cell over two lines: the next row is on line 3.
            ("a;\"b\nc\"\nd;e", &[(1, &["a", "b\nc"]), (3, &["d", "e"])]),
            ("a;b\n\n ; \n\"\";\nc;d", &[(1, &["a", "b"]), (5, &["c", "d"])]),
            // Rows of different lengths.
            (
                "a;b;c\nd\ne;f;g;h",
                &[(1, &["a", "b", "c"]), (2, &["d"]), (3, &["e", "f", "g", "h"])],
            ),
            // A quotation mark inside a cell is only a character.
            ("a;5\" de large\nb;c", &[(1, &["a", "5\" de large"]), (2, &["b", "c"])]),
            ("", &[]),
            ("\n\n", &[]),
        ] {
            assert_eq!(cells(text.as_bytes()), expected(rows), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let mut large = zip::ZipWriter::new(Cursor::new(Vec::new()));
        large
            .start_file::<_, ()>("xl/sharedStrings.xml", zip::write::FileOptions::default())
            .unwrap();
        let zeros = vec![b'0'; 1024 * 1024];
        for _ in 0..=UNPACKED_MAX / (1024 * 1024) {
            large.write_all(&zeros).unwrap();
        }
        let large = large.finish().unwrap().into_inner();
        assert!(large.len() < 1024 * 1024, "it is small: {}", large.len());
        let wide = ";".repeat(COLUMNS_MAX);
        for (bytes, error) in [
            (&b"%PDF-1.7\0\0"[..], ReadError::NotATable),
            (b"\x89PNG\r\n\x1a\n\0\0\0", ReadError::NotATable),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ReadError::OldSpreadsheet),
            (b"PK\x03\x04 not really", ReadError::Damaged),
            (&large, ReadError::TooLarge),
            (wide.as_bytes(), ReadError::TooLarge),
            (b"a;b\nc;\"d\ne;f", ReadError::OpenQuote { line: 2 }),
            (b"a;b\nc;\"d\"\"\ne;f", ReadError::OpenQuote { line: 2 }),
        ] {
            let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(20)]).into_owned();
            assert_eq!(read(bytes), Err(error), "{shown}");
        }
    }

    #[test]
    fn a_spreadsheet_gives_what_it_shows() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let day = Format::new().set_num_format("dd/mm/yyyy");
        let moment = ExcelDateTime::from_ymd(2026, 9, 1).unwrap();
        sheet.write_string(0, 0, "Prénom").unwrap();
        sheet.write_string(0, 2, "début").unwrap();
        // A row and a column are left empty.
        sheet.write_string(2, 0, "Zoé").unwrap();
        sheet.write_datetime_with_format(2, 2, &moment, &day).unwrap();
        sheet.write_number(2, 3, 46_266).unwrap();
        sheet.write_number(2, 4, 1.5).unwrap();
        sheet.write_boolean(2, 5, true).unwrap();
        sheet.write_formula(2, 6, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
        sheet.write_blank(3, 0, &day).unwrap();
        book.add_worksheet().write_string(0, 0, "autre feuille").unwrap();
        let bytes = book.save_to_buffer().unwrap();
        assert_eq!(
            cells(&bytes),
            expected(&[
                (1, &["Prénom", "", "début"]),
                (3, &["Zoé", "", "2026-09-01", "46266", "1.5", "true", "2"]),
            ])
        );
    }
}
