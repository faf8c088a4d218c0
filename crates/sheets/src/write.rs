//! Files out of a table, which open as tables wherever they are opened.

use chrono::Datelike;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use thiserror::Error;

use crate::{Cell, Sheet};

/// A spreadsheet cannot hold it.
#[derive(Debug, Error)]
#[error("the table does not fit into a spreadsheet: {0}")]
pub struct WriteError(#[from] XlsxError);

/// Characters with which a spreadsheet takes a text for a formula (OWASP, CSV injection).
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Widest column, in pixels.
const WIDTH_MAX: u32 = 480;

/// UTF-8 with its mark, semicolons, CRLF, quoted as RFC 4180 says: what spreadsheets in French open
/// by a double click. A text that a spreadsheet would run as a formula gets an apostrophe before it.
pub fn csv(sheet: &Sheet) -> Vec<u8> {
    let mut file = "\u{FEFF}".to_owned();
    let header: Vec<Cell> = sheet.header.iter().map(|name| Cell::from(name.as_str())).collect();
    for row in std::iter::once(&header).chain(&sheet.rows) {
        for (index, cell) in row.iter().enumerate() {
            if index > 0 {
                file.push(';');
            }
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => push_text(&mut file, text),
                // A comma, as spreadsheets in French read it.
                Cell::Number(number) => file.push_str(&number.to_string().replace('.', ",")),
                Cell::Day(day) => file.push_str(&day.format("%d/%m/%Y").to_string()),
            }
        }
        file.push_str("\r\n");
    }
    file.into_bytes()
}

fn push_text(file: &mut String, text: &str) {
    let is_formula = text.starts_with(FORMULA);
    let quoted = text.contains(['"', ';', ',', '\n', '\r', '\t']);
    if quoted {
        file.push('"');
    }
    if is_formula {
        file.push('\'');
    }
    file.push_str(&text.replace('"', "\"\""));
    if quoted {
        file.push('"');
    }
}

/// One workbook with a sheet by each name; its header stays in sight and filters its columns.
pub fn xlsx(sheets: &[(&str, &Sheet)]) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let as_day = Format::new().set_num_format("dd/mm/yyyy");
    for (name, sheet) in sheets {
        let page = book.add_worksheet();
        page.set_name(*name)?;
        page.set_freeze_panes(1, 1)?;
        for (column, name) in (0..).zip(&sheet.header) {
            page.write_string_with_format(0, column, name, &bold)?;
        }
        for (row, cells) in (1..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Cell::Empty => {}
                    // A text is never a formula here, whatever it starts with.
                    Cell::Text(text) => {
                        page.write_string(row, column, text)?;
                    }
                    Cell::Number(number) => {
                        page.write_number(row, column, *number)?;
                    }
                    Cell::Day(day) => {
                        let year = u16::try_from(day.year()).unwrap_or_default();
                        let (month, day) = (to_u8(day.month()), to_u8(day.day()));
                        let moment = ExcelDateTime::from_ymd(year, month, day)?;
                        page.write_datetime_with_format(row, column, &moment, &as_day)?;
                    }
                }
            }
        }
        if let (Some(last), Ok(rows)) =
            (sheet.header.len().checked_sub(1), u32::try_from(sheet.rows.len()))
        {
            page.autofilter(0, 0, rows, u16::try_from(last).unwrap_or(u16::MAX))?;
        }
        page.set_autofit_max_width(WIDTH_MAX);
        page.autofit();
    }
    Ok(book.save_to_buffer()?)
}

fn to_u8(number: u32) -> u8 {
    u8::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    fn sheet(cells: Vec<Cell>) -> Sheet {
        Sheet { header: vec!["Nom".to_owned(), "Rôle".to_owned()], rows: vec![cells] }
    }

    #[test]
    fn a_csv_opens_by_a_double_click() {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
        let cells = vec!["Zoé".into(), Cell::Empty, day.into(), 12_u32.into(), Cell::Number(-1.5)];
        let file = csv(&sheet(cells));
        assert_eq!(
            String::from_utf8(file).unwrap(),
            "\u{FEFF}Nom;Rôle\r\nZoé;;01/09/2026;12;-1,5\r\n"
        );
    }

    #[test]
    fn a_text_is_quoted_where_it_must_and_never_runs() {
        for (text, written) in [
            ("simple", "simple"),
            ("a;b", "\"a;b\""),
            ("a,b", "\"a,b\""),
            ("dit « \"oui\" »", "\"dit « \"\"oui\"\" »\""),
            ("deux\nlignes", "\"deux\nlignes\""),
            ("=1+1", "'=1+1"),
            ("+33 6", "'+33 6"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("=HYPERLINK(\"x\";\"y\")", "\"'=HYPERLINK(\"\"x\"\";\"\"y\"\")\""),
            ("a=1", "a=1"),
        ] {
            let file = String::from_utf8(csv(&sheet(vec![text.into()]))).unwrap();
            assert_eq!(file, format!("\u{FEFF}Nom;Rôle\r\n{written}\r\n"), "{text:?}");
        }
    }

    #[test]
    fn what_is_written_can_be_read_again() {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
        let table = Sheet {
            header: ["a", "b", "c"].map(str::to_owned).into(),
            rows: vec![
                vec!["é;\"\n".into(), Cell::Empty, day.into()],
                vec![7_u32.into(), "=1+1".into(), Cell::Empty],
            ],
        };
        let texts = |bytes: &[u8]| {
            let rows = read(bytes).expect("a table").into_iter();
            rows.map(|row| row.cells.join("|")).collect::<Vec<_>>()
        };
        assert_eq!(texts(&csv(&table)), ["a|b|c", "é;\"\n||01/09/2026", "7|'=1+1|"]);
        let book = xlsx(&[("Feuille", &table), ("Vide", &Sheet { header: vec![], rows: vec![] })]);
        assert_eq!(texts(&book.unwrap()), ["a|b|c", "é;\"\n||2026-09-01", "7|=1+1"]);
    }
}
