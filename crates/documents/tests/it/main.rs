//! Documents as people, machines that read aloud, and archives see them.

mod samples;
mod tools;

use std::collections::BTreeSet;

use documents::*;
use samples::{attestation, certificate, dossier, dossier_of, minutes, result_letter};
use tools::Pdf;

/// Every kind of document, by name.
fn all() -> Vec<(&'static str, Pdf)> {
    [
        ("minutes", minutes().to_pdf()),
        ("dossier", dossier().to_pdf()),
        ("attestation", attestation().to_pdf()),
        ("certificate", certificate().to_pdf()),
        ("letter", result_letter().to_pdf()),
    ]
    .into_iter()
    .map(|(name, pdf)| (name, Pdf::new(&pdf.expect(name))))
    .collect()
}

/// No word runs into the margin of a sheet, which is 18 mm where it is narrowest.
fn within_margins(pdf: &Pdf) {
    let margin = 17.9 * 72.0 / 25.4;
    for word in pdf.words() {
        let inside = word.left >= margin && word.right <= word.page_width - margin;
        assert!(
            inside,
            "{} from {} to {} of {}",
            word.text, word.left, word.right, word.page_width
        );
    }
}

#[test]
fn independent_checkers_find_nothing_wrong() {
    for (name, pdf) in all() {
        assert_eq!(pdf.findings(), "", "{name}");
    }
}

#[test]
fn what_is_printed() {
    for (name, pdf) in all() {
        insta::assert_snapshot!(name, pdf.text());
    }
}

/// Double punctuation stays with its word, and so do guillemets.
#[test]
fn lines_break_as_in_french() {
    for (name, pdf) in all() {
        for line in pdf.text().lines() {
            assert!(!line.starts_with([':', ';', '!', '?', '»']), "{name}: {line}");
            assert!(!line.ends_with('«'), "{name}: {line}");
        }
    }
}

#[test]
fn fonts_are_embedded_and_can_be_read_back() {
    for (name, pdf) in all() {
        let fonts = pdf.fonts();
        assert!(fonts.len() >= 4, "{name}: {fonts:?}");
        for font in fonts {
            // The columns: embedded, subset, with a map to Unicode.
            assert!(font.contains("yes yes yes"), "{name}: {font}");
        }
    }
}

#[test]
fn a_document_says_what_it_is() {
    let titles = [
        "Procès-verbal – RNCP38822 – 12\u{a0}juin\u{a0}2026",
        "Dossier de Maëlle Le Guennec – RNCP38822, version 2",
        "Attestation du bloc RNCP38822BC02 – Maëlle Le Guennec",
        "Certificat – Expert en architecture et développement logiciel – Maëlle Le Guennec",
        "Lettre de résultats – RNCP38822 – Maëlle Le Guennec",
    ];
    for ((name, pdf), title) in all().into_iter().zip(titles) {
        let info = pdf.info();
        let has = |field: &str, value: &str| {
            let line = info.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
            assert_eq!(line.trim(), value, "{name}: {field}");
        };
        has("Title:", title);
        has("Author:", "École supérieure du numérique de Bretagne");
        has("Tagged:", "yes");
        has("Encrypted:", "no");
        assert!(pdf.bytes().windows(12).any(|bytes| bytes == b"/Lang(fr-FR)"), "{name}");
    }
    let info = Pdf::new(&attestation().to_pdf().expect("attestation")).info();
    assert!(info.contains("CreationDate:    Fri Jun 19 00:00:00 2026"), "{info}");
}

#[test]
fn tables_have_headers_and_pictures_have_words() {
    let minutes = Pdf::new(&minutes().to_pdf().expect("minutes")).structure();
    for element in ["H1", "H2", "H3", "Table", "TR", "TH", "TD", "/Scope /Column", "/Scope /Row"] {
        assert!(minutes.contains(element), "{element}");
    }
    let attestation = Pdf::new(&attestation().to_pdf().expect("attestation"));
    assert!(attestation.structure().contains("Figure"));
    let without = Attestation { verification: None, ..samples::attestation() };
    let without = Pdf::new(&without.to_pdf().expect("attestation"));
    assert!(!without.structure().contains("Figure"));
    assert_eq!(without.findings(), "");
}

#[test]
fn bookmarks_lead_to_every_part() {
    let bookmarks = Pdf::new(&dossier().to_pdf().expect("dossier")).bookmarks();
    for part in
        ["1 Présentation", "2 Prérequis", "3 Synthèse", "4.2 RNCP38822BC02", "5 Carte", "6 Liste"]
    {
        assert!(bookmarks.iter().any(|title| title.starts_with(part)), "{part}: {bookmarks:?}");
    }
}

#[test]
fn the_same_values_give_the_same_bytes() {
    assert_eq!(dossier().to_pdf().expect("dossier"), dossier().to_pdf().expect("dossier"));
    let (first, second) = (attestation(), Attestation { number: "2".into(), ..attestation() });
    assert_eq!(first.to_pdf().expect("first"), first.clone().to_pdf().expect("first"));
    assert_ne!(first.to_pdf().expect("first"), second.to_pdf().expect("second"));
}

#[test]
fn words_of_people_are_never_markup() {
    let hostile = [
        "#panic(\"x\")",
        "#read(\"/etc/passwd\")",
        "$ x^2 $ et $",
        "@renvoi <étiquette>",
        "*gras* _italique_ `code`",
        "] ] [ } { \\ // /* */",
        "= Titre",
        "<script>alert(1)</script> &amp; &lt;b>",
        "\"); #import \"x.typ\"",
        "~ -- --- ...",
    ];
    let mut letter = result_letter();
    letter.results[2].explanation = Some(hostile.join("\n"));
    letter.missing_requirements = hostile.map(str::to_owned).into();
    letter.appeals = hostile.join("\n\n");
    letter.recipient = hostile[0].to_owned();
    letter.certification.title = hostile[4].to_owned();
    letter.school.name = hostile[7].to_owned();
    let pdf = Pdf::new(&letter.to_pdf().expect("letter"));
    let text = pdf.running_text();
    for words in hostile {
        assert_eq!(text.matches(words).count().min(3), 3, "{words}: {text}");
    }
    assert!(pdf.info().contains("– #panic(\"x\")"));
    assert_eq!(pdf.findings(), "");
}

#[test]
fn any_character_can_be_printed() {
    let mut letter = result_letter();
    letter.recipient = "Łukasz Žižek-Ólafsdóttir Nguyễn Ελένη Дмитро".into();
    letter.appeals = [
        "Chinois 名前, emoji 👩‍👧 🎓, drapeau 🇫🇷",
        "Arabe محمد, hébreu שלום, hindi नमस्ते, coréen 한국어",
        "Nul \u{0}, sonnerie \u{7}, privé \u{e123}, non-caractère \u{ffff}, \u{feff}marque",
        "Accents à part e\u{301}te\u{301}, Nguye\u{302}\u{303}n, seul \u{301}",
        "Refus\u{202e}édilav\u{202c}, invisible\u{200b}ment",
    ]
    .join("\n");
    let pdf = Pdf::new(&letter.to_pdf().expect("letter"));
    let text = pdf.running_text();
    for words in [
        "Łukasz Žižek-Ólafsdóttir Nguyễn Ελένη Дмитро",
        "[U+540D U+524D]",
        "privé [U+E123]",
        "Refusédilav",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(pdf.findings(), "");
}

#[test]
fn long_words_and_long_texts_stay_on_the_sheet() {
    let long = "x".repeat(400);
    let mut minutes = minutes();
    minutes.place = long.clone();
    minutes.members[0].name = long.clone();
    minutes.members[1].quality = "Professionnelle externe ".repeat(60);
    minutes.composition[0].found = long.clone();
    minutes.candidates[0].decisions[1].title = long;
    let points: Vec<_> =
        (1..700).map(|n| format!("Le point {:x} n’est pas traité. ", n * 104_729)).collect();
    minutes.candidates[0].decisions[2].missing = Some(points.concat());
    let pdf = Pdf::new(&minutes.to_pdf().expect("minutes"));
    within_margins(&pdf);
    assert_eq!(pdf.findings(), "");
}

#[test]
fn two_hundred_pieces_of_evidence_read_well() {
    let pdf = Pdf::new(&dossier_of(3, 200).to_pdf().expect("dossier"));
    let pages = pdf.pages();
    within_margins(&pdf);

    let first = pages.iter().position(|page| page.contains("6 Liste des preuves"));
    for page in &pages[first.expect("the list")..pages.len() - 1] {
        assert!(page.contains("N° Preuve Fichiers, taille et empreinte SHA-256"), "{page}");
    }
    let text = pdf.running_text();
    for number in 1..=200 {
        assert!(text.contains(&format!("({number})")), "evidence {number}");
    }

    let headings: BTreeSet<_> = pdf.bookmarks().into_iter().collect();
    for page in &pages {
        // Below the last line of the text there is the foot of the page.
        let lines: Vec<_> = page.lines().collect();
        let end = lines[lines.len().saturating_sub(2)];
        assert!(!headings.contains(end), "a heading ends a page: {end}");
    }
}

#[test]
fn a_document_of_which_little_is_known() {
    let bare = Minutes {
        composition: vec![],
        members: vec![],
        candidates: vec![],
        amendments: vec![],
        left_out: 1,
        ..minutes()
    };
    let empty = Dossier {
        presentation: String::new(),
        requirements: vec![],
        levels: vec![],
        blocks: vec![],
        evidence: vec![],
        ..dossier()
    };
    let nobody = Holder { born_on: None, born_at: None, ..samples::holder() };
    let unregistered = Attestation {
        registration: None,
        competencies: vec![],
        validity: Validity::Unlimited,
        holder: nobody.clone(),
        ..attestation()
    };
    let plain = Certificate {
        holder: nobody,
        verification: None,
        issued_at: None,
        signatory: None,
        certifier: School { trade_name: None, address: vec![], ..samples::school() },
        ..certificate()
    };
    let pdfs = [bare.to_pdf(), empty.to_pdf(), unregistered.to_pdf(), plain.to_pdf()];
    for pdf in pdfs {
        assert_eq!(Pdf::new(&pdf.expect("a document")).findings(), "");
    }
    let text = Pdf::new(&unregistered.to_pdf().expect("attestation")).running_text();
    assert!(text.contains("Le bloc est acquis sans limite de durée."), "{text}");
    assert!(!text.contains("France compétences"), "{text}");
}

#[test]
fn an_attestation_says_that_it_is_for_one_block() {
    let text = Pdf::new(&attestation().to_pdf().expect("attestation")).running_text();
    for words in [
        "Cette attestation porte sur le seul bloc RNCP38822BC02 « Concevoir et développer une architecture logicielle »",
        "Le bloc est valable jusqu’au 12 juin 2031 inclus.",
        "né(e) le 1er mai 2002 à Saint-Brieuc",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

/// The particulars that France compétences lists (see `Certificate`), on one page.
#[test]
fn a_certificate_has_every_particular() {
    let pdf = Pdf::new(&certificate().to_pdf().expect("certificate"));
    assert_eq!(pdf.pages().len(), 1);
    let text = pdf.running_text();
    for words in [
        "École supérieure du numérique de Bretagne",
        "ESNB",
        "Expert en architecture et développement logiciel",
        "répertoire national des certifications professionnelles (RNCP) sous le numéro RNCP38822",
        "par décision du directeur général de France compétences en date du 27 mars 2024",
        "Niveau 7 du cadre national des certifications professionnelles",
        "niveau 7 du cadre européen des certifications (CEC)",
        "NSF 326 : Informatique, traitement de l’information, réseaux de transmission",
        "NSF 326t : Programmation, mise en place de logiciels",
        "Maëlle Le Guennec né(e) le 1er mai 2002 à Saint-Brieuc (Côtes-d’Armor)",
        "Fait à Rennes, le 1er octobre 2026",
        "Hélène Kerbrat Directrice générale",
        "Certificat n° 2026-0147",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn a_fault_is_named_and_not_a_panic() {
    let mut dossier = dossier();
    dossier.blocks[0].competencies[0].links = vec![Link { evidence: 99, justification: None }];
    let fault = dossier.to_pdf().expect_err("there is no evidence 99");
    assert!(matches!(fault, DocumentError::Layout { .. }), "{fault}");
    assert!(fault.to_string().contains("dossier.typ:"), "{fault}");

    let endless = Attestation { verification: Some("x".repeat(8_000)), ..attestation() };
    let fault = endless.to_pdf().expect_err("a QR code has its limits");
    assert!(matches!(fault, DocumentError::Address { .. }), "{fault}");
}
