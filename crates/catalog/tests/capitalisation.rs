//! When each of the shipped certifications is obtained, block by block, over the years.

use catalog::find;
use chrono::NaiveDate;
use domain::capitalisation::{
    Attainment, ExpiredBlock, Missing, NotIssuable, Term, ValidatedBlock, attainment, check_issue,
};
use domain::certification::{CefrLevel, Certification, CompetencyKind};
use domain::enrolment::LearnerStatus;
use domain::evidence::{EvidenceFact, EvidenceKind, EvidenceStatus, Visibility};
use domain::requirement::{self, RequirementProgress};
use domain::waiver::Waiver;

fn certification(code: &str) -> &'static Certification {
    &find(code).expect("the certification is shipped").certification
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// These blocks (from 1), validated on these days, carrying every transversal competency.
fn validated(certification: &Certification, blocks: &[(usize, &str)]) -> Vec<ValidatedBlock> {
    blocks
        .iter()
        .map(|(number, on)| ValidatedBlock {
            block: certification.blocks[number - 1].code.clone(),
            validated_on: day(on),
            transversal: certification.blocks[number - 1].transversal.clone(),
        })
        .collect()
}

/// All of them on one day.
fn all(certification: &Certification, on: &str) -> Vec<ValidatedBlock> {
    let blocks: Vec<_> = (1..=certification.blocks.len()).map(|number| (number, on)).collect();
    validated(certification, &blocks)
}

fn codes(certification: &Certification, numbers: &[usize]) -> Vec<String> {
    numbers.iter().map(|number| certification.blocks[number - 1].code.clone()).collect()
}

fn waiver(requirement: &str) -> Waiver {
    Waiver {
        requirement: requirement.to_owned(),
        motive: "Aménagement".to_owned(),
        granted_by: "Anne Roux".to_owned(),
        accommodation: true,
        restricted_reason: Some("Avis de la médecine universitaire".to_owned()),
    }
}

fn accepted(kind: EvidenceKind) -> EvidenceFact {
    EvidenceFact {
        id: uuid::Uuid::nil(),
        kind,
        status: EvidenceStatus::Accepted,
        starts_on: None,
        ends_on: None,
        country: None,
        in_company: false,
        language: None,
        cefr_level: None,
        valid_until: None,
        requirements: Vec::new(),
        modality: None,
        visibility: Visibility::Open,
    }
}

/// Weeks from the first Monday of 2026 on.
fn weeks(kind: EvidenceKind, number: i64, country: &str) -> EvidenceFact {
    let start = day("2026-01-05");
    EvidenceFact {
        starts_on: Some(start),
        ends_on: Some(start + chrono::TimeDelta::days(7 * number - 1)),
        country: Some(country.to_owned()),
        in_company: true,
        ..accepted(kind)
    }
}

fn english(level: CefrLevel) -> EvidenceFact {
    EvidenceFact {
        language: Some("en".to_owned()),
        cefr_level: Some(level),
        ..accepted(EvidenceKind::LanguageCertificate)
    }
}

fn missing(attained: Attainment) -> Missing {
    match attained {
        Attainment::Missing(missing) => missing,
        other => panic!("something is missing: {other:?}"),
    }
}

#[test]
fn rncp42008_asks_by_status_beside_its_six_blocks() {
    use EvidenceKind::{Internship, StayAbroad};
    use LearnerStatus::{Apprentice, Student};
    let polytech = certification("RNCP42008");
    let blocks = all(polytech, "2029-06-30");
    for (status, evidence, waivers, lacking) in [
        (
            Student,
            vec![weeks(StayAbroad, 16, "CA"), weeks(Internship, 32, "FR"), english(CefrLevel::B2)],
            vec![],
            &[][..],
        ),
        (
            Student,
            vec![weeks(StayAbroad, 15, "CA"), weeks(Internship, 31, "FR"), english(CefrLevel::B1)],
            vec![],
            &["abroad", "professional", "english"],
        ),
        // An apprentice is asked for fewer weeks abroad, and for no internship.
        (Apprentice, vec![weeks(StayAbroad, 9, "CA"), english(CefrLevel::C1)], vec![], &[]),
        (Apprentice, vec![weeks(StayAbroad, 8, "CA"), english(CefrLevel::C1)], vec![], &["abroad"]),
        // « avec une adaptation éventuelle pour les apprenants en situation de handicap »
        (Apprentice, vec![weeks(StayAbroad, 9, "CA")], vec![waiver("english")], &[]),
        (Apprentice, vec![weeks(StayAbroad, 9, "CA")], vec![waiver("abroad")], &["english"]),
    ] {
        let requirements = requirement::evaluate(polytech, status, &evidence, day("2029-06-30"));
        let then = attainment(polytech, &blocks, &requirements, &waivers, day("2029-06-30"));
        if lacking.is_empty() {
            assert_eq!(then, Attainment::Obtained, "{status:?}");
        } else {
            let missing = missing(then);
            assert_eq!(missing.requirements, lacking, "{status:?}");
            assert!(missing.blocks.is_empty() && missing.transversal.is_empty());
        }
    }
    // The source does not say how long a block lasts: nothing takes it away.
    let years_apart = [(1, "2027-06-30"), (2, "2034-06-30")];
    let five_missing =
        attainment(polytech, &validated(polytech, &years_apart), &[], &[], day("2034-07-01"));
    assert_eq!(missing(five_missing).blocks, codes(polytech, &[3, 4, 5, 6]));
}

#[test]
fn rncp42008_is_issued_until_the_end_of_2034() {
    let dates = &certification("RNCP42008").dates;
    for (started, then, expected) in [
        ("2026-09-01", "2031-08-31", Ok(())),
        ("2028-09-01", "2034-12-31", Ok(())),
        (
            "2028-09-01",
            "2035-01-01",
            Err(NotIssuable::AfterLastIssue { last_issue_on: day("2034-12-31") }),
        ),
        (
            "2031-09-01",
            "2034-06-30",
            Err(NotIssuable::StartedAfterRegistration { registration_ends_on: day("2031-08-31") }),
        ),
    ] {
        assert_eq!(check_issue(dates, day(started), day(then)), expected, "{started} {then}");
    }
}

#[test]
fn rncp21947_keeps_its_blocks_for_ever() {
    let expert = certification("RNCP21947");
    let mut blocks = validated(
        expert,
        &[(1, "2019-06-01"), (2, "2019-06-01"), (3, "2021-06-01"), (4, "2021-06-01")],
    );
    let then = missing(attainment(expert, &blocks, &[], &[], day("2040-01-01")));
    assert_eq!(then.blocks, codes(expert, &[5, 6]));
    assert!(then.expired.is_empty() && then.is_partial_validation);
    blocks.extend(validated(expert, &[(5, "2040-06-01"), (6, "2040-06-01")]));
    let attained_on = |on| attainment(expert, &blocks, &[], &[], day(on));
    assert_eq!(attained_on("2040-06-01"), Attainment::Obtained);
    assert_ne!(attained_on("2040-05-31"), Attainment::Obtained);
    // Its registration ended: only those who were on the way may still obtain it.
    let registration_ends_on = day("2023-08-07");
    for (started, expected) in [
        ("2018-09-01", Ok(())),
        ("2023-08-07", Ok(())),
        ("2023-09-01", Err(NotIssuable::StartedAfterRegistration { registration_ends_on })),
    ] {
        assert_eq!(check_issue(&expert.dates, day(started), day("2040-06-01")), expected);
    }
}

/// A degree, a company period and the documents.
fn ingetis_requirements(complete: bool) -> Vec<RequirementProgress> {
    let declared = |key: &str| EvidenceFact {
        requirements: vec![key.to_owned()],
        ..accepted(EvidenceKind::Other)
    };
    let mut evidence = vec![declared("admission"), accepted(EvidenceKind::CompanyPeriod)];
    if complete {
        evidence.push(declared("documents"));
    }
    requirement::evaluate(
        certification("RNCP38822"),
        LearnerStatus::Apprentice,
        &evidence,
        day("2026-06-15"),
    )
}

#[test]
fn rncp38822_keeps_each_block_five_years() {
    let ingetis = certification("RNCP38822");
    let met = ingetis_requirements(true);
    for (blocks, then, lacking, expired) in [
        (vec![(1, "2026-06-15")], "2026-06-15", vec![2, 3, 4], vec![]),
        (
            vec![(1, "2026-06-15"), (2, "2027-06-15"), (3, "2028-06-15"), (4, "2031-06-15")],
            "2031-06-15",
            vec![],
            vec![],
        ),
        // One day too late: the first block was in force until the day before.
        (
            vec![(1, "2026-06-15"), (2, "2027-06-15"), (3, "2028-06-15"), (4, "2031-06-16")],
            "2031-06-16",
            vec![],
            vec![(1, "2031-06-15")],
        ),
        // Whoever comes back validates it anew.
        (
            vec![
                (1, "2026-06-15"),
                (2, "2027-06-15"),
                (3, "2028-06-15"),
                (4, "2031-06-16"),
                (1, "2032-01-20"),
            ],
            "2032-01-20",
            vec![],
            vec![],
        ),
        (
            vec![(1, "2028-02-29"), (2, "2032-06-15"), (3, "2032-06-15"), (4, "2033-02-28")],
            "2033-02-28",
            vec![],
            vec![],
        ),
        (
            vec![(1, "2028-02-29"), (2, "2032-06-15"), (3, "2032-06-15"), (4, "2033-03-01")],
            "2033-03-01",
            vec![],
            vec![(1, "2033-02-28")],
        ),
    ] {
        let attained = attainment(ingetis, &validated(ingetis, &blocks), &met, &[], day(then));
        if lacking.is_empty() && expired.is_empty() {
            assert_eq!(attained, Attainment::Obtained, "{blocks:?}");
            continue;
        }
        let missing = missing(attained);
        let expired: Vec<ExpiredBlock> = expired
            .iter()
            .map(|(number, last_day)| ExpiredBlock {
                block: codes(ingetis, &[*number]).remove(0),
                last_day: day(last_day),
            })
            .collect();
        assert_eq!((missing.blocks, missing.expired), (codes(ingetis, &lacking), expired));
        assert!(missing.transversal.is_empty() && missing.is_partial_validation);
    }
}

#[test]
fn rncp38822_recognises_one_to_three_blocks() {
    let ingetis = certification("RNCP38822");
    let days = [(1, "2026-06-15"), (2, "2026-06-15"), (3, "2026-06-15"), (4, "2026-06-15")];
    for (held, partial) in [(0, false), (1, true), (2, true), (3, true)] {
        let blocks = validated(ingetis, &days[..held]);
        let attained =
            attainment(ingetis, &blocks, &ingetis_requirements(true), &[], day("2026-06-15"));
        assert_eq!(missing(attained).is_partial_validation, partial, "{held}");
    }
    // All four, but a document is missing: neither the whole nor a part.
    let blocks = validated(ingetis, &days);
    let attained_with = |requirements: &[RequirementProgress]| {
        attainment(ingetis, &blocks, requirements, &[], day("2026-06-15"))
    };
    let lacking = missing(attained_with(&ingetis_requirements(false)));
    assert_eq!(lacking.requirements, ["documents"]);
    assert!(lacking.blocks.is_empty() && !lacking.is_partial_validation);
    assert_eq!(attained_with(&ingetis_requirements(true)), Attainment::Obtained);
}

#[test]
fn rncp38822_requires_its_two_transversal_competencies() {
    let ingetis = certification("RNCP38822");
    let transversal: Vec<String> = ingetis
        .competencies
        .iter()
        .filter(|one| one.kind == CompetencyKind::Transversal)
        .map(|one| one.key.clone())
        .collect();
    assert_eq!(transversal.len(), 2);
    for (carried, lacking) in [
        (&[][..], &transversal[..]),
        (&transversal[..1], &transversal[1..]),
        (&transversal[..], &[]),
    ] {
        let mut blocks = all(ingetis, "2026-06-15");
        for block in &mut blocks {
            block.transversal.clear();
        }
        // One block is enough.
        blocks[2].transversal = carried.to_vec();
        let then =
            attainment(ingetis, &blocks, &ingetis_requirements(true), &[], day("2026-06-15"));
        if lacking.is_empty() {
            assert_eq!(then, Attainment::Obtained);
        } else {
            assert_eq!(missing(then).transversal, lacking);
        }
    }
}

#[test]
fn rncp38822_is_issued_after_its_registration_to_those_on_the_way() {
    let dates = &certification("RNCP38822").dates;
    let late = NotIssuable::StartedAfterRegistration { registration_ends_on: day("2028-03-27") };
    for (started, then, expected) in [
        ("2026-09-01", "2028-03-27", Ok(())),
        ("2027-09-01", "2029-06-15", Ok(())),
        ("2028-03-28", "2029-06-15", Err(late)),
    ] {
        assert_eq!(check_issue(dates, day(started), day(then)), expected, "{started} {then}");
    }
}

#[test]
fn sysnum_asks_for_its_six_blocks_and_says_nothing_of_time() {
    let sysnum = certification("SYSNUM");
    let blocks = all(sysnum, "2026-06-15");
    for (held, obtained) in [(0, false), (5, false), (6, true)] {
        let attained = attainment(sysnum, &blocks[..held], &[], &[], day("2090-01-01"));
        assert_eq!(attained == Attainment::Obtained, obtained, "{held}");
        if let Attainment::Missing(missing) = attained {
            assert_eq!(missing.is_partial_validation, held > 0, "{held}");
        }
    }
    assert_eq!(check_issue(&sysnum.dates, day("2026-09-01"), day("2090-01-01")), Ok(()));
}

#[test]
fn rncp37579_has_nothing_to_obtain() {
    let draft = certification("RNCP37579");
    let elsewhere = all(certification("SYSNUM"), "2026-06-15");
    for validated in [&[], &elsewhere[..]] {
        let attained = attainment(draft, validated, &[], &[], day("2026-06-15"));
        assert_eq!(attained, Attainment::NothingToObtain);
    }
}

#[test]
fn each_source_says_how_long_a_block_lasts_or_does_not() {
    let until = Term::Until { last_day: day("2031-06-15") };
    for (code, term) in [
        // « Chaque bloc acquis a une validité de cinq ans »
        ("RNCP38822", until),
        // « Validité des composantes acquises :  illimitée »
        ("RNCP21947", Term::Unlimited),
        ("RNCP42008", Term::Unknown),
        ("SYSNUM", Term::Unknown),
        ("RNCP37579", Term::Unknown),
    ] {
        let validity = certification(code).validation.block_validity;
        assert_eq!(validity.term(day("2026-06-15")), term, "{code}");
    }
}

/// « Arrêté du 30 juillet 2018 […] portant enregistrement » is RNCP21947's; an engineer's degree is
/// registered by law, and the other sources do not say.
#[test]
fn one_source_dates_the_decision_to_register() {
    for (code, decided_on) in [
        ("RNCP21947", Some("2018-07-30")),
        ("RNCP38822", None),
        ("RNCP42008", None),
        ("SYSNUM", None),
        ("RNCP37579", None),
    ] {
        assert_eq!(certification(code).dates.decided_on, decided_on.map(day), "{code}");
    }
}
