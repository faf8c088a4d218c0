//! Documents of a few pages, in the fonts that every reader of PDF has (ISO 32000-1, 9.6.2.2).

use chrono::{Datelike, NaiveDate};
use pdf_writer::{Content, Date, Name, Pdf, Rect, Ref, Str, TextStr};

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 64.0;
const FONTS: [(&[u8], &[u8]); 2] = [(b"F0", b"Helvetica"), (b"F1", b"Helvetica-Bold")];

/// What a document says.
pub struct Document {
    pub title: String,
    pub author: String,
    /// School, company, cohort: a line under the author.
    pub context: String,
    pub date: NaiveDate,
    pub sections: Vec<(String, Vec<String>)>,
}

#[derive(Clone, Copy)]
struct Style {
    bold: bool,
    size: f32,
    /// White above the paragraph.
    above: f32,
}

const TITLE: Style = Style { bold: true, size: 19.0, above: 0.0 };
const UNDER_TITLE: Style = Style { bold: false, size: 10.5, above: 5.0 };
const HEADING: Style = Style { bold: true, size: 12.5, above: 20.0 };
const BODY: Style = Style { bold: false, size: 10.5, above: 7.0 };

pub fn document(document: &Document) -> Vec<u8> {
    let Document { title, author, context, date, sections } = document;
    let mut page = Pages::new();
    page.paragraph(TITLE, title);
    page.paragraph(UNDER_TITLE, author);
    page.paragraph(UNDER_TITLE, context);
    for (heading, paragraphs) in sections {
        page.paragraph(HEADING, heading);
        for text in paragraphs {
            page.paragraph(BODY, text);
        }
    }
    page.finish(title, author, *date)
}

/// Lines as they come, page after page.
struct Pages {
    done: Vec<Content>,
    current: Content,
    /// Height of the last line.
    y: f32,
}

impl Pages {
    fn new() -> Self {
        Self { done: Vec::new(), current: Content::new(), y: HEIGHT - MARGIN }
    }

    fn paragraph(&mut self, style: Style, text: &str) {
        self.y -= style.above;
        for line in lines(text, style) {
            self.y -= style.size * 1.4;
            if self.y < MARGIN {
                self.done.push(std::mem::replace(&mut self.current, Content::new()));
                self.y = HEIGHT - MARGIN - style.size;
            }
            self.show(style, MARGIN, self.y, &line);
        }
    }

    fn show(&mut self, style: Style, x: f32, y: f32, line: &str) {
        let (name, _) = FONTS[usize::from(style.bold)];
        self.current.begin_text();
        self.current.set_font(Name(name), style.size);
        self.current.next_line(x, y);
        self.current.show(Str(&line.chars().map(win_ansi).collect::<Vec<u8>>()));
        self.current.end_text();
    }

    fn finish(mut self, title: &str, author: &str, date: NaiveDate) -> Vec<u8> {
        self.done.push(self.current);
        let mut next = 0;
        let mut id = || {
            next += 1;
            Ref::new(next)
        };
        let (catalog, tree, info) = (id(), id(), id());
        let fonts = FONTS.map(|(name, base)| (name, base, id()));
        let pages: Vec<(Ref, Ref, Content)> =
            self.done.into_iter().map(|content| (id(), id(), content)).collect();

        let mut pdf = Pdf::new();
        pdf.catalog(catalog).pages(tree).lang(TextStr("fr"));
        pdf.pages(tree)
            .kids(pages.iter().map(|(page, ..)| *page))
            .count(i32::try_from(pages.len()).unwrap_or(i32::MAX));
        let day = |number: u32| u8::try_from(number).unwrap_or_default();
        let created = Date::new(u16::try_from(date.year()).unwrap_or_default())
            .month(day(date.month()))
            .day(day(date.day()));
        pdf.document_info(info)
            .title(TextStr(title))
            .author(TextStr(author))
            .creation_date(created);
        for (_, base, font) in fonts {
            pdf.type1_font(font)
                .base_font(Name(base))
                .encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        for (page, content, written) in pages {
            let mut page = pdf.page(page);
            page.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(tree).contents(content);
            let mut resources = page.resources();
            let mut named = resources.fonts();
            for (name, _, font) in fonts {
                named.pair(Name(name), font);
            }
            drop(named);
            drop(resources);
            drop(page);
            pdf.stream(content, &written.finish());
        }
        pdf.finish()
    }
}

/// The text in lines that fit between the margins.
fn lines(text: &str, style: Style) -> Vec<String> {
    let room = WIDTH - 2.0 * MARGIN;
    let width = |text: &str| {
        let thousandths: u32 = text.chars().map(|letter| u32::from(width(letter))).sum();
        let wider = if style.bold { 1.07 } else { 1.0 };
        f32::from(u16::try_from(thousandths / 10).unwrap_or(u16::MAX)) * style.size * wider / 100.0
    };
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + width(word) + width(" ") <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Width in thousandths of the size, from the metrics of Helvetica; letters with an accent are as
/// wide as most letters.
fn width(letter: char) -> u16 {
    match letter {
        'i' | 'j' | 'l' | '\'' | '’' => 222,
        ' ' | '\u{a0}' | '!' | ',' | '.' | '/' | ':' | ';' | 'I' | 'f' | 't' | 'î' | 'ï' => 278,
        '(' | ')' | '-' | 'r' => 333,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'ç' | 'J' => 500,
        '+' | '<' | '=' | '>' => 584,
        'F' | 'T' | 'Z' => 611,
        'A' | 'B' | 'E' | 'K' | 'P' | 'S' | 'V' | 'X' | 'Y' | '&' | 'À' | 'É' => 667,
        'C' | 'D' | 'H' | 'N' | 'R' | 'U' | 'w' => 722,
        'G' | 'O' | 'Q' => 778,
        'm' | 'M' => 833,
        '%' => 889,
        'W' | 'œ' | '…' => 1_000,
        _ => 556,
    }
}

/// A character in `WinAnsiEncoding` (ISO 32000-1, annex D); a letter that it lacks loses its mark.
fn win_ansi(letter: char) -> u8 {
    match letter {
        '’' => 0x92,
        '‘' => 0x91,
        '“' => 0x93,
        '”' => 0x94,
        '–' => 0x96,
        '—' => 0x97,
        '…' => 0x85,
        'œ' => 0x9c,
        'Œ' => 0x8c,
        '€' => 0x80,
        'ı' => b'i',
        'ń' => b'n',
        'ź' => b'z',
        letter => u8::try_from(u32::from(letter)).unwrap_or(b'?'),
    }
}
