//! Pictures: charts, diagrams and screens, drawn with a few colours.

use std::convert::Infallible;

use embedded_graphics::{
    Pixel,
    draw_target::DrawTarget,
    geometry::{OriginDimensions, Point, Size},
    mono_font::{
        MonoFont, MonoTextStyle,
        iso_8859_1::{FONT_8X13, FONT_10X20},
    },
    pixelcolor::{PixelColor, raw::RawU8},
    prelude::{Drawable, Primitive},
    primitives::{Line, PrimitiveStyle, Rectangle, Triangle},
    text::{Alignment, Text},
};

use crate::demo::dice::Dice;

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    Bars,
    Curve,
    Diagram,
    Screen,
}

const WIDTH: u32 = 720;
const HEIGHT: u32 = 420;
/// Where charts stand.
const LEFT: i32 = 70;
const RIGHT: i32 = 690;
const TOP: i32 = 90;
const BOTTOM: i32 = 360;

/// A colour, by its place in the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ink(u8);

impl PixelColor for Ink {
    type Raw = RawU8;
}

const PAPER: Ink = Ink(0);
const TEXT: Ink = Ink(1);
const GREY: Ink = Ink(2);
const GRID: Ink = Ink(3);
const PALE: Ink = Ink(4);
/// First of the four colours of series.
const SERIES: u8 = 5;
const PALETTE: [[u8; 3]; 9] = [
    [255, 255, 255],
    [30, 34, 45],
    [110, 118, 130],
    [222, 226, 232],
    [232, 240, 250],
    [38, 98, 178],
    [210, 110, 30],
    [40, 130, 90],
    [130, 80, 160],
];

/// A picture under its caption, as a PNG file.
pub fn picture(kind: Picture, caption: &str, under: &str, dice: &mut Dice) -> Vec<u8> {
    let mut canvas = Canvas(vec![PAPER.0; (WIDTH * HEIGHT) as usize]);
    canvas.write(&FONT_10X20, TEXT, 24, 34, Alignment::Left, caption);
    canvas.write(&FONT_8X13, GREY, 24, 56, Alignment::Left, under);
    match kind {
        Picture::Bars => bars(&mut canvas, caption, dice),
        Picture::Curve => curve(&mut canvas, dice),
        Picture::Diagram => diagram(&mut canvas, caption, dice),
        Picture::Screen => screen(&mut canvas, dice),
    }
    canvas.encode()
}

struct Canvas(Vec<u8>);

impl OriginDimensions for Canvas {
    fn size(&self) -> Size {
        Size::new(WIDTH, HEIGHT)
    }
}

impl DrawTarget for Canvas {
    type Color = Ink;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Ink>>>(
        &mut self,
        pixels: I,
    ) -> Result<(), Infallible> {
        for Pixel(point, ink) in pixels {
            if let (Ok(x), Ok(y)) = (u32::try_from(point.x), u32::try_from(point.y))
                && x < WIDTH
                && y < HEIGHT
            {
                self.0[(y * WIDTH + x) as usize] = ink.0;
            }
        }
        Ok(())
    }
}

impl Canvas {
    fn write(
        &mut self,
        font: &MonoFont<'_>,
        ink: Ink,
        x: i32,
        y: i32,
        align: Alignment,
        text: &str,
    ) {
        let text = text.replace('’', "'").replace('œ', "oe");
        let style = MonoTextStyle::new(font, ink);
        let Ok(_) = Text::with_alignment(&text, Point::new(x, y), style, align).draw(self);
    }

    fn label(&mut self, x: i32, y: i32, text: &str) {
        self.write(&FONT_8X13, GREY, x, y, Alignment::Center, text);
    }

    fn line(&mut self, from: (i32, i32), to: (i32, i32), ink: Ink, width: u32) {
        let style = PrimitiveStyle::with_stroke(ink, width);
        let line = Line::new(Point::new(from.0, from.1), Point::new(to.0, to.1));
        let Ok(()) = line.into_styled(style).draw(self);
    }

    fn fill(&mut self, x: i32, y: i32, width: i32, height: i32, ink: Ink) {
        let size = Size::new(width.unsigned_abs(), height.unsigned_abs());
        let rectangle = Rectangle::new(Point::new(x, y), size);
        let Ok(()) = rectangle.into_styled(PrimitiveStyle::with_fill(ink)).draw(self);
    }

    fn frame(&mut self, x: i32, y: i32, width: i32, height: i32, ink: Ink) {
        self.line((x, y), (x + width, y), ink, 2);
        self.line((x, y + height), (x + width, y + height), ink, 2);
        self.line((x, y), (x, y + height), ink, 2);
        self.line((x + width, y), (x + width, y + height), ink, 2);
    }

    fn arrow(&mut self, from: (i32, i32), to: (i32, i32)) {
        self.line(from, to, GREY, 2);
        let (back, side) = if from.1 == to.1 { ((-9, 0), (0, 5)) } else { ((0, -9), (5, 0)) };
        let base = Point::new(to.0 + back.0, to.1 + back.1);
        let side = Point::new(side.0, side.1);
        let tip = Triangle::new(Point::new(to.0, to.1), base + side, base - side);
        let Ok(()) = tip.into_styled(PrimitiveStyle::with_fill(GREY)).draw(self);
    }

    fn grid(&mut self, highest: i32) {
        for step in 0..=4 {
            let y = BOTTOM - step * (BOTTOM - TOP) / 4;
            self.line((LEFT, y), (RIGHT, y), GRID, 1);
            let value = (highest * step / 4).to_string();
            self.write(&FONT_8X13, GREY, LEFT - 10, y + 4, Alignment::Right, &value);
        }
    }

    fn encode(self) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, WIDTH, HEIGHT);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(PALETTE.concat());
        encoder.set_compression(png::Compression::Fast);
        // Most lines of pixels are the same as the one above.
        encoder.set_filter(png::Filter::Up);
        let mut writer = encoder.write_header().expect("the header is whole");
        writer.write_image_data(&self.0).expect("the pixels fill the picture");
        writer.finish().expect("a vector takes every byte");
        file
    }
}

fn small(dice: &mut Dice, low: i64, high: i64) -> i32 {
    i32::try_from(dice.between(low, high)).unwrap_or_default()
}

fn series(index: i32) -> Ink {
    Ink(SERIES + u8::try_from(index.rem_euclid(4)).unwrap_or_default())
}

fn bar_labels(caption: &str) -> &'static [&'static str] {
    const BY_WORD: [(&str, &[&str]); 12] = [
        ("avant et après", &["Avant", "Après"]),
        ("gravité", &["Faible", "Moyen", "Grave", "Bloquant"]),
        ("par mois", &["mars", "avril", "mai", "juin", "juillet"]),
        ("essais", &["Essai 1", "Essai 2", "Essai 3", "Essai 4"]),
        ("scénarios", &["Garder", "Étapes", "Achat"]),
        ("par heure", &["9 h", "10 h", "11 h", "12 h", "13 h", "14 h", "15 h"]),
        ("cumulés", &["An 1", "An 2", "An 3", "An 4", "An 5"]),
        ("par poste", &["Serveurs", "Stockage", "Réseau", "Licences", "Temps"]),
        ("par profil", &["Lecture", "Saisie", "Contrôle", "Gestion"]),
        ("équipe", &["Web", "Données", "Essais", "Réseau", "Sécurité"]),
        ("par écran", &["Accueil", "Liste", "Fiche", "Saisie", "Export"]),
        ("par semaine", &["S1", "S2", "S3", "S4", "S5", "S6"]),
    ];
    BY_WORD
        .iter()
        .find(|(word, _)| caption.contains(word))
        .map_or(&["A", "B", "C", "D"], |(_, labels)| labels)
}

fn bars(canvas: &mut Canvas, caption: &str, dice: &mut Dice) {
    let labels = bar_labels(caption);
    let highest = small(dice, 2, 12) * 20;
    canvas.grid(highest);
    let count = i32::try_from(labels.len()).unwrap_or(1);
    let room = (RIGHT - LEFT) / count;
    let width = (room * 3 / 5).min(110);
    for (index, label) in (0..count).zip(labels) {
        // « Après » is the smaller of the two: that is what the work was for.
        let (share, ink) = match *label {
            "Après" => (small(dice, 12, 40), series(2)),
            "Avant" => (small(dice, 60, 98), series(0)),
            _ => (small(dice, 25, 98), series(0)),
        };
        let height = (BOTTOM - TOP) * share / 100;
        let x = LEFT + index * room + (room - width) / 2;
        canvas.fill(x, BOTTOM - height, width, height, ink);
        canvas.label(x + width / 2, BOTTOM - height - 8, &(highest * share / 100).to_string());
        canvas.label(x + width / 2, BOTTOM + 20, label);
    }
}

fn curve(canvas: &mut Canvas, dice: &mut Dice) {
    const POINTS: i32 = 24;
    canvas.grid(small(dice, 2, 10) * 40);
    let height = BOTTOM - TOP;
    for (index, name) in (0..2).zip(["mesuré", "référence"]) {
        let mut value = small(dice, 30, 80);
        let trend = small(dice, -2, 2);
        let mut last = None;
        for step in 0..=POINTS {
            let x = LEFT + step * (RIGHT - LEFT) / POINTS;
            let y = BOTTOM - height * value / 100;
            if let Some(last) = last {
                canvas.line(last, (x, y), series(index), 3);
            }
            last = Some((x, y));
            value = (value + trend + small(dice, -7, 7)).clamp(6, 96);
        }
        let x = LEFT + 20 + index * 140;
        canvas.fill(x, BOTTOM + 34, 22, 6, series(index));
        canvas.write(&FONT_8X13, TEXT, x + 30, BOTTOM + 42, Alignment::Left, name);
    }
    for week in 0..6 {
        canvas.label(LEFT + week * (RIGHT - LEFT) / 6 + 20, BOTTOM + 18, &format!("S{}", week + 1));
    }
}

/// What stands in the boxes of a diagram, in the order of the arrows.
fn boxes(caption: &str) -> [&'static str; 6] {
    const BY_WORD: [(&str, [&str; 6]); 5] = [
        ("fusion", ["Demande", "Relecture", "Essais", "Paquet", "Recette", "Production"]),
        ("capteur", ["Capteur", "Réception", "Contrôle", "File", "Stockage", "Tableau"]),
        ("ones", ["Postes", "Pare-feu", "Serveurs", "Visiteurs", "Passerelle", "Annuaire"]),
        ("rocessus", ["Demande", "Contrôle", "Décision", "Saisie", "Suivi", "Clôture"]),
        (
            "pplications",
            ["Portail", "Référentiel", "Gestion", "Échanges", "Comptabilité", "Archives"],
        ),
    ];
    BY_WORD.iter().find(|(word, _)| caption.contains(word)).map_or(
        ["Écran", "Service", "Base", "Journal", "Échanges", "Partenaire"],
        |(_, names)| *names,
    )
}

fn diagram(canvas: &mut Canvas, caption: &str, dice: &mut Dice) {
    let names = boxes(caption);
    let highlighted = small(dice, 0, 5);
    for index in 0..6 {
        let (column, row) = (index % 3, index / 3);
        let (x, y) = (40 + column * 230, 110 + row * 150);
        canvas.fill(x, y, 170, 80, PALE);
        canvas.frame(x, y, 170, 80, series(i32::from(index == highlighted)));
        let name = names[usize::try_from(index).unwrap_or_default()];
        canvas.write(&FONT_10X20, TEXT, x + 85, y + 46, Alignment::Center, name);
        if column < 2 {
            canvas.arrow((x + 172, y + 40), (x + 228, y + 40));
        }
        if row == 0 && dice.percent(60) {
            canvas.arrow((x + 85, y + 82), (x + 85, y + 148));
        }
    }
}

fn screen(canvas: &mut Canvas, dice: &mut Dice) {
    let (x, y, width) = (24, 76, 672);
    canvas.frame(x, y, width, 320, GREY);
    canvas.fill(x + 1, y + 1, width - 2, 34, PALE);
    for (column, heading) in (0..4).zip(["Référence", "Date", "Responsable", "État"]) {
        canvas.write(&FONT_8X13, TEXT, x + 16 + column * 165, y + 23, Alignment::Left, heading);
    }
    for row in 0..8 {
        let line = y + 62 + row * 34;
        canvas.line((x, line + 10), (x + width, line + 10), GRID, 1);
        let (day, month) = (small(dice, 1, 28), small(dice, 1, 12));
        let state = small(dice, 0, 2);
        let cells = [
            format!("{}-{:03}", dice.pick(&["A", "B", "C", "D"]), small(dice, 1, 999)),
            format!("{day:02}/{month:02}"),
            dice.pick(&["A. L.", "M. D.", "S. K.", "Y. B.", "C. R."]).to_owned(),
            ["À faire", "En cours", "Terminé"][usize::try_from(state).unwrap_or_default()]
                .to_owned(),
        ];
        for (column, text) in (0..4).zip(&cells) {
            let left = x + 16 + column * 165;
            if column == 3 {
                canvas.fill(left, line - 9, 8, 10, series(state));
            }
            let indent = if column == 3 { 16 } else { 0 };
            canvas.write(&FONT_8X13, TEXT, left + indent, line, Alignment::Left, text);
        }
    }
}
