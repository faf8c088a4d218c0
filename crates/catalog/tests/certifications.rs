//! The shipped certifications say what their sources say.

use std::collections::BTreeMap;

use catalog::find;
use chrono::NaiveDate;
use domain::certification::{
    BlockValidity, CefrLevel, Certification, CompetencyKind, JuryRule, PeriodKind, RequirementRule,
    RouteKind, VersionStatus,
};
use domain::enrolment::LearnerStatus;
use domain::warnings::{WarningCode, warnings};

fn certification(code: &str) -> &'static Certification {
    &find(code).expect("the certification is shipped").certification
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
}

fn of_kind(certification: &Certification, kind: CompetencyKind) -> usize {
    certification.competencies.iter().filter(|competency| competency.kind == kind).count()
}

/// How many competencies each block has of its own.
fn sizes(certification: &Certification) -> Vec<usize> {
    certification.blocks.iter().map(|block| block.competencies.len()).collect()
}

fn text<'a>(certification: &'a Certification, key: &str) -> &'a str {
    &certification.competency(key).expect("the competency is there").text
}

fn jury(certification: &Certification, kind: RouteKind) -> JuryRule {
    let route = certification.route(kind).expect("the six routes are stated");
    assert!(route.open && route.jury_text.is_some());
    route.jury.clone().expect("the jury has a typed rule")
}

fn open_routes(certification: &Certification) -> Vec<RouteKind> {
    certification.routes.iter().filter(|route| route.open).map(|route| route.kind).collect()
}

/// Codes and subjects of the warnings, remarks left out.
fn warned(certification: &Certification, today: NaiveDate) -> Vec<(WarningCode, String)> {
    warnings(certification, today)
        .into_iter()
        .filter(|warning| warning.code != WarningCode::Remark)
        .map(|warning| (warning.code, warning.subject))
        .collect()
}

#[test]
fn every_shipped_file_is_named_by_its_code() {
    let files: Vec<&str> = catalog::builtin().iter().map(|builtin| builtin.file).collect();
    assert_eq!(files.len(), 5);
    for builtin in catalog::builtin() {
        assert_eq!(builtin.file, format!("{}.toml", builtin.certification.code));
    }
    assert!(find("RNCP1").is_none());
}

#[test]
fn a_certification_survives_json() {
    for builtin in catalog::builtin() {
        let json = serde_json::to_string(&builtin.certification).expect("it is written");
        let back: Certification = serde_json::from_str(&json).expect("it is read");
        assert_eq!(back, builtin.certification, "{}", builtin.file);
    }
}

#[test]
fn rncp42008_shares_one_competency_between_four_blocks() {
    let polytech = certification("RNCP42008");
    assert_eq!(polytech.level, Some(7));
    assert_eq!(polytech.dates.published_on, Some(day(2026, 3, 5)));
    assert_eq!(polytech.dates.training_starts_on, Some(day(2026, 9, 1)));
    assert_eq!(polytech.dates.registration_ends_on, Some(day(2031, 8, 31)));
    assert_eq!(polytech.dates.last_issue_on, Some(day(2034, 12, 31)));
    assert_eq!(polytech.replaces[0].code, "RNCP40757");
    assert_eq!(of_kind(polytech, CompetencyKind::Specific), 6);
    assert_eq!(of_kind(polytech, CompetencyKind::Transversal), 14);
    assert_eq!(polytech.activities.len(), 6);

    let assessing = |key: &str| -> Vec<&str> {
        let blocks = polytech.blocks.iter().filter(|block| block.assesses(key));
        blocks.map(|block| block.code.as_str()).collect()
    };
    assert_eq!(
        assessing("C1"),
        ["RNCP42008BC02", "RNCP42008BC04", "RNCP42008BC05", "RNCP42008BC06"]
    );
    assert_eq!(assessing("C2"), ["RNCP42008BC01"]);
    assert_eq!(assessing("C3"), ["RNCP42008BC03"]);

    let found = warned(polytech, day(2026, 11, 22));
    let outside: Vec<&str> = found.iter().map(|(_, subject)| subject.as_str()).collect();
    assert!(found.iter().all(|(code, _)| *code == WarningCode::CompetencyInNoBlock));
    assert_eq!(outside[..4], ["C4", "C5", "C6", "T01"], "specific competencies come first");
    assert_eq!(outside.len(), 3 + 14);
}

#[test]
fn rncp42008_asks_by_status_and_by_route() {
    let polytech = certification("RNCP42008");
    let rules: Vec<&RequirementRule> =
        polytech.requirements.iter().map(|requirement| &requirement.rule).collect();
    let weeks = |of: PeriodKind, minimum: &[(LearnerStatus, u32)]| RequirementRule::Weeks {
        of,
        minimum: minimum.iter().copied().collect::<BTreeMap<_, _>>(),
    };
    assert_eq!(
        rules,
        [
            &weeks(
                PeriodKind::Abroad,
                &[(LearnerStatus::Apprentice, 9), (LearnerStatus::Student, 16)]
            ),
            &weeks(PeriodKind::Professional, &[(LearnerStatus::Student, 32)]),
            &weeks(PeriodKind::Company, &[(LearnerStatus::Student, 14)]),
            &RequirementRule::Language { language: "en".to_owned(), minimum: CefrLevel::B2 },
        ]
    );

    let everyone_but_individual = [
        RouteKind::Student,
        RouteKind::Apprenticeship,
        RouteKind::Continuing,
        RouteKind::Professionalisation,
        RouteKind::Experience,
    ];
    assert_eq!(open_routes(polytech), everyone_but_individual);
    let student = jury(polytech, RouteKind::Student);
    assert_eq!(student.seats[2], "responsables des spécialités de l’école sous statut étudiant");
    assert_eq!(jury(polytech, RouteKind::Continuing), student);
    assert_eq!(jury(polytech, RouteKind::Professionalisation), student);
    assert_eq!(
        jury(polytech, RouteKind::Apprenticeship).seats[2],
        "responsables des spécialités de l’école sous statut apprenti"
    );
    let experience = jury(polytech, RouteKind::Experience);
    assert_eq!(experience.min_experts, Some(3));
    assert!(experience.majority_of_experts_teach);
    assert_eq!(experience.min_professional_experts, Some(1));
    assert_eq!(experience.seats.len(), 4);
}

#[test]
fn rncp21947_has_criteria_and_names_what_each_modality_covers() {
    let expert = certification("RNCP21947");
    assert_eq!(sizes(expert), [5, 2, 2, 7, 3, 6]);
    assert_eq!(expert.competencies.len(), 25);
    assert!(expert.competencies.iter().all(|competency| !competency.criteria.is_empty()));
    let criteria = expert.competencies.iter().map(|competency| competency.criteria.len());
    assert_eq!(criteria.sum::<usize>(), 94);
    assert_eq!(expert.certifiers.len(), 2);
    assert_eq!(expert.validation.block_validity, BlockValidity::Unlimited);

    let modality = expert.modality("BC01-ME1-4").expect("Me1/2/3/4");
    assert_eq!(modality.covers, ["BC01-CE1", "BC01-CE2", "BC01-CE3-1", "BC01-CE3-2"]);
    assert_eq!(modality.deliverables[0].label, "rapport écrit + soutenance");
    assert_eq!(modality.min_professionals, Some(2));
    assert_eq!(expert.modality("BC01-ME4").expect("Me4").covers, ["BC01-CE4"]);
    for block in &expert.blocks {
        for unit in &block.competencies {
            let covering = block.modalities.iter().filter(|m| m.covers.contains(&unit.competency));
            assert_eq!(covering.count(), 1, "{}", unit.competency);
        }
        assert!(block.modalities.iter().all(|modality| modality.deliverables.len() == 1));
    }

    let jury = jury(expert, RouteKind::Experience);
    assert_eq!(jury.size, Some(5));
    assert!(jury.professional_voting_chair);
    assert_eq!(jury.min_professionals, Some(3));
    assert_eq!(jury.min_certifier_representatives, Some(1));
    assert_eq!((jury.min_employees, jury.min_employers), (Some(2), Some(2)));
    assert!(!open_routes(expert).contains(&RouteKind::Individual));
}

#[test]
fn rncp21947_warns_of_its_end_and_of_what_is_printed_twice() {
    let expert = certification("RNCP21947");
    let expired = (WarningCode::RegistrationExpired, "RNCP21947".to_owned());
    assert_eq!(warned(expert, day(2023, 8, 8)), [expired]);
    assert_eq!(warned(expert, day(2023, 8, 7)), [], "the last day is in force");
    let remarks = warnings(expert, day(2023, 8, 7));
    assert!(remarks[0].text.contains("deux fois la compétence CE 1-2"));
}

#[test]
fn rncp38822_assesses_every_block_before_two_professionals() {
    let ingetis = certification("RNCP38822");
    assert_eq!(sizes(ingetis), [7, 5, 6, 6]);
    assert_eq!(of_kind(ingetis, CompetencyKind::Transversal), 2);
    assert!(ingetis.validation.transversal_required);
    assert_eq!(ingetis.validation.block_validity, BlockValidity::Years { years: 5 });
    let partial = ingetis.validation.partial.expect("one to three blocks");
    assert_eq!((partial.min_blocks, partial.max_blocks), (1, 3));
    assert_eq!(ingetis.dates.registration_ends_on, Some(day(2028, 3, 27)));
    assert_eq!(ingetis.replaces[0].code, "RNCP17285");
    for block in &ingetis.blocks {
        assert_eq!(block.transversal, ["T1", "T2"]);
        let [modality] = block.modalities.as_slice() else {
            panic!("{} has one modality", block.code);
        };
        assert_eq!(modality.presentation_minutes, Some(20));
        assert_eq!(modality.interview_minutes, Some(20));
        assert_eq!(modality.min_professionals, Some(2));
        assert_eq!(modality.covers.len(), block.competencies.len() + 2);
    }

    let jury = jury(ingetis, RouteKind::Student);
    assert_eq!((jury.size, jury.min_external), (Some(5), Some(3)));
    assert_eq!(jury.min_external_percent, Some(60));
    assert_eq!(jury.min_certifier_representatives, Some(2));
    assert_eq!((jury.min_employers, jury.min_employees), (Some(1), Some(1)));
    assert_eq!(jury.min_experience_years, Some(3));
    assert_eq!(jury.min_qualification_level, Some(7));
    assert!(jury.no_trainer_of_candidates);

    let rules: Vec<&RequirementRule> =
        ingetis.requirements.iter().map(|requirement| &requirement.rule).collect();
    assert_eq!(
        rules,
        [&RequirementRule::Document, &RequirementRule::CompanyPeriod, &RequirementRule::Document]
    );
    assert_eq!(warned(ingetis, day(2026, 11, 22)), []);
}

#[test]
fn rncp37579_is_a_draft_without_blocks() {
    let draft = certification("RNCP37579");
    assert_eq!(draft.status, VersionStatus::Draft);
    assert_eq!(draft.level, None);
    assert_eq!(draft.activities.len(), 11);
    assert_eq!(of_kind(draft, CompetencyKind::Specific), 16);
    assert_eq!(of_kind(draft, CompetencyKind::Attitude), 10);
    assert!(draft.competencies.iter().all(|competency| !competency.text.contains('*')));
    let code = "RNCP37579".to_owned();
    assert_eq!(
        warned(draft, day(2026, 11, 22)),
        [(WarningCode::NoBlock, code.clone()), (WarningCode::NoJuryRule, code)]
    );
}

#[test]
fn sysnum_has_group_work_with_an_individual_deliverable() {
    let sysnum = certification("SYSNUM");
    assert_eq!(sizes(sysnum), [5, 5, 5, 6, 6, 6]);
    let activities: Vec<usize> = sysnum.blocks.iter().map(|block| block.activities.len()).collect();
    assert_eq!(activities, [2, 2, 2, 2, 2, 3]);
    let modalities: Vec<usize> = sysnum.blocks.iter().map(|block| block.modalities.len()).collect();
    assert_eq!(modalities, [1, 1, 3, 2, 2, 1]);
    let groups: Vec<&str> = sysnum
        .blocks
        .iter()
        .flat_map(|block| &block.modalities)
        .filter(|modality| modality.group)
        .inspect(|modality| assert!(modality.deliverables.iter().all(|one| one.individual)))
        .map(|modality| modality.key.as_str())
        .collect();
    assert_eq!(groups, ["BC03-ME2", "BC04-ME2", "BC05-ME1", "BC05-ME2", "BC06-ME"]);
    assert_eq!(warned(sysnum, day(2026, 11, 22)), [(WarningCode::NoJuryRule, "SYSNUM".to_owned())]);
}

#[test]
fn the_official_wording_is_kept_with_its_oddities() {
    // No-break spaces, a space before a comma, missing capitals, misprints: all of the source's.
    let ingetis = certification("RNCP38822");
    assert!(text(ingetis, "BC01-C1").contains("techniques et financiers , afin de"));
    assert!(text(ingetis, "BC01-C3").contains("associée au projet,\u{a0}en termes de"));
    assert!(text(ingetis, "BC04-C6").contains("au regard de de ce référentiel"));
    let expert = certification("RNCP21947");
    assert_eq!(
        text(expert, "BC05-CE2"),
        "Mettre en place des référentiels et normes  dans l’entreprise"
    );
    assert_eq!(
        text(expert, "BC04-CE1"),
        "appliquer une méthodologie de conception d’un audit de risques"
    );
    assert_eq!(
        expert.competency("BC01-CE1").expect("CE.1").criteria[0].text.lines().count(),
        4,
        "a criterion keeps the list inside it"
    );
    let polytech = certification("RNCP42008");
    assert_eq!(
        text(polytech, "T02"),
        "Effectuer et prendre en compte une veille (technologique, réglementaire) ;"
    );
    assert!(polytech.blocks[0].modalities[0].text.contains("grilles criteriées"));
    // A text that the page layout cuts is whole again.
    let sysnum = certification("SYSNUM");
    assert_eq!(
        text(sysnum, "BC04-C4"),
        "Assurer la maintenance régulière des systèmes d’IA et améliorer les performances des \
         modèles d’IA afin de garantir leur efficacité et leur évolutivité, tout en intégrant les \
         pratiques éthiques"
    );
    assert!(
        sysnum
            .modality("BC04-ME2")
            .expect("the second modality of block 4")
            .text
            .ends_with("prévue devant le jury professionnel.")
    );
    assert_eq!(
        text(certification("RNCP37579"), "C11"),
        "Qualification et test de solutions logicielles."
    );
}

#[test]
fn a_manager_is_warned_of_what_a_file_leaves_open() {
    let small = r#"
code = "ECOLE1"
version = "1"
status = "published"
title = "Titre"
remarks = ["À vérifier."]

[source]
name = "Essai"

[[jury]]
name = "sans règle"
text = "Un jury."

[[route]]
kind = "student"
open = true
jury = "sans règle"

[[competency]]
key = "a"
code = "C1"
text = "Concevoir."

[[competency]]
key = "b"
code = "C1"
text = "Développer."

[[block]]
code = "B1"
title = "Bloc"
competencies = ["a", "b"]
"#;
    let closed =
        ["apprenticeship", "continuing", "professionalisation", "individual", "experience"]
            .map(|kind| format!("[[route]]\nkind = \"{kind}\"\nopen = false\n"));
    let certification =
        catalog::parse("essai.toml", &(small.to_owned() + &closed.concat())).expect("it is whole");
    let found: Vec<(WarningCode, String)> = warnings(&certification, day(2026, 1, 1))
        .into_iter()
        .map(|warning| (warning.code, warning.subject))
        .collect();
    assert_eq!(
        found,
        [
            (WarningCode::RepeatedCode, "B1".to_owned()),
            (WarningCode::BlockWithoutModality, "B1".to_owned()),
            (WarningCode::NoJuryRule, "student".to_owned()),
            (WarningCode::Remark, "ECOLE1".to_owned()),
        ]
    );
}
