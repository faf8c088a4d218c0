//! Documents as a school would make them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use documents::*;

pub const ADDRESS: &str = "https://acquis.example.fr/verifier/0198f2c4-7d1e-7a63-b0c5-5d2f3a9e8b17";
const SUM: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("a time")
}

fn moment(date: NaiveDate, hour: u32, minute: u32) -> NaiveDateTime {
    date.and_time(time(hour, minute))
}

fn text(words: &str) -> String {
    words.to_owned()
}

pub fn school() -> School {
    School {
        name: text("École supérieure du numérique de Bretagne"),
        trade_name: Some(text("ESNB")),
        address: vec![text("12 quai Duguay-Trouin"), text("35000 Rennes")],
    }
}

pub fn certification() -> CertificationRef {
    CertificationRef {
        code: text("RNCP38822"),
        title: text("Expert en architecture et développement logiciel"),
        version: text("1"),
    }
}

pub fn registration() -> Registration {
    Registration {
        decided_on: day(2024, 3, 27),
        level: 7,
        nsf: vec![
            (
                text("326"),
                text("Informatique, traitement de l’information, réseaux de transmission"),
            ),
            (text("326t"), text("Programmation, mise en place de logiciels")),
        ],
    }
}

pub fn holder() -> Holder {
    Holder {
        name: text("Maëlle Le Guennec"),
        born_on: Some(day(2002, 5, 1)),
        born_at: Some(text("Saint-Brieuc (Côtes-d’Armor)")),
    }
}

fn until() -> Validity {
    Validity::Until { last_day: day(2031, 6, 12) }
}

pub fn signatory() -> Signatory {
    Signatory { name: text("Hélène Kerbrat"), quality: text("Directrice générale") }
}

const BLOCKS: [(&str, &str); 4] = [
    ("RNCP38822BC01", "Analyser les besoins et concevoir une solution informatique"),
    ("RNCP38822BC02", "Concevoir et développer une architecture logicielle"),
    ("RNCP38822BC03", "Piloter un projet informatique et manager les équipes"),
    (
        "RNCP38822BC04",
        "Assurer la qualité, la sécurité et l’exploitation des solutions logicielles",
    ),
];

fn check(rule: &str, required: &str, found: &str, met: bool) -> Check {
    Check { rule: text(rule), required: text(required), found: text(found), met }
}

fn member(name: &str, quality: &str, organisation: &str) -> Member {
    Member {
        name: text(name),
        quality: text(quality),
        organisation: Some(text(organisation)),
        chair: false,
        voting: true,
        present: true,
    }
}

fn decision(block: usize, outcome: Outcome) -> Decision {
    let (code, title) = BLOCKS[block];
    Decision {
        code: text(code),
        title: text(title),
        outcome,
        motive: None,
        missing: None,
        transversal: None,
        expires_on: (outcome == Outcome::Validated).then(|| day(2031, 6, 12)),
        votes: vec![],
        casting_vote: false,
    }
}

fn votes(outcomes: [Outcome; 5]) -> Vec<Vote> {
    ["Y. Abgrall", "C. Diallo", "M. Fournier", "S. Nguyen", "P. Quéméner"]
        .into_iter()
        .zip(outcomes)
        .map(|(name, outcome)| Vote { member: text(name), outcome })
        .collect()
}

#[expect(clippy::too_many_lines, reason = "a whole record, as a school makes it")]
pub fn minutes() -> Minutes {
    use Outcome::{Partial, Postponed, Refused, Validated};
    let independence = vec![
        check("Aucun membre n’a formé la candidate ou le candidat", "0", "0", true),
        check("Aucun membre n’en est le tuteur", "0", "0", true),
        check("Aucun membre n’appartient à son entreprise", "0", "0", true),
        check("Aucun lien déclaré", "0", "0", true),
    ];
    Minutes {
        school: school(),
        certification: certification(),
        route: text("Contrat d’apprentissage"),
        session: text("Session de juin 2026"),
        date: day(2026, 6, 12),
        opened_at: moment(day(2026, 6, 5), 8, 30),
        closed_at: moment(day(2026, 6, 12), 17, 45),
        place: text("Rennes, salle Jean-Macé, et à distance pour M. Quéméner"),
        statement: None,
        members: vec![
            Member {
                chair: true,
                ..member(
                    "Yann Abgrall",
                    "Professionnel externe, employeur, 14 ans d’expérience, niveau 7",
                    "Armor Logiciels",
                )
            },
            member(
                "Coumba Diallo",
                "Professionnelle externe, salariée, 6 ans d’expérience, niveau 7",
                "Crédit de l’Ouest",
            ),
            member(
                "Marc Fournier",
                "Professionnel externe, salarié, 9 ans d’expérience, niveau 7",
                "Ville de Lorient",
            ),
            member("Sophie Nguyen", "Représentante du certificateur", "ESNB"),
            member("Paul Quéméner", "Représentant du certificateur", "ESNB"),
            Member {
                voting: false,
                present: false,
                organisation: None,
                ..member("Lise Prigent", "Observatrice", "")
            },
        ],
        closing: vec![],
        handovers: vec![],
        left_out: 0,
        composition: vec![
            check("Nombre de membres", "5", "5", true),
            check("Membres externes", "60 % au moins", "3 sur 5, soit 60 %", true),
            check("Années d’expérience de chaque professionnel", "3 au moins", "de 6 à 14", true),
            check("Niveau de qualification de chaque professionnel", "7 au moins", "7, 7, 7", true),
            check("Représentants du certificateur", "2", "2", true),
        ],
        candidates: vec![
            CandidateDecisions {
                holder: holder(),
                dossier_version: 2,
                manifest_sha256: text(SUM),
                recused: vec![],
                quorum: vec![check("Membres", "5", "5", true)],
                independence: independence.clone(),
                decisions: vec![
                    Decision { votes: votes([Validated; 5]), ..decision(0, Validated) },
                    Decision {
                        votes: votes([Validated, Validated, Partial, Validated, Validated]),
                        ..decision(1, Validated)
                    },
                    Decision {
                        missing: Some(text(
                            "Le plan de conduite du changement n’est pas chiffré : il manque le budget, le calendrier et la mesure de l’adhésion des équipes.\nUn entretien complémentaire de 20 minutes suffira.",
                        )),
                        votes: votes([Partial, Partial, Validated, Validated, Partial]),
                        ..decision(2, Partial)
                    },
                    Decision {
                        votes: votes([Validated; 5]),
                        transversal: Some(text("CT2, Coopérer dans une équipe")),
                        ..decision(3, Validated)
                    },
                ],
                waivers: vec![
                    Waiver {
                        requirement: text("Niveau B2 en anglais"),
                        by: text("Yann Abgrall"),
                        motive: text(
                            "Certification passée le 2 juin ; résultat attendu avant le 30 juin.",
                        ),
                    },
                    Waiver {
                        requirement: text("Durée de la soutenance"),
                        by: text("Yann Abgrall"),
                        motive: text("Aménagement décidé par la direction."),
                    },
                ],
                certification_obtained: false,
            },
            CandidateDecisions {
                holder: Holder {
                    name: text("Idriss Benmoussa"),
                    born_on: Some(day(2001, 11, 23)),
                    born_at: Some(text("Oran (Algérie)")),
                },
                dossier_version: 1,
                manifest_sha256: SUM.chars().rev().collect(),
                recused: vec![text("P. Quéméner")],
                quorum: vec![],
                independence,
                decisions: vec![
                    Decision {
                        motive: Some(text(
                            "Les besoins sont décrits, mais aucun n’est rattaché à un utilisateur ; le cahier des charges ne permet pas de juger la solution.",
                        )),
                        votes: votes([Refused, Validated, Refused, Validated, Postponed]),
                        casting_vote: true,
                        ..decision(0, Refused)
                    },
                    Decision {
                        motive: Some(text(
                            "La démonstration n’a pas pu avoir lieu : panne de la salle.",
                        )),
                        votes: votes([Postponed; 5]),
                        ..decision(1, Postponed)
                    },
                ],
                waivers: vec![],
                certification_obtained: false,
            },
        ],
        seal: Seal {
            at: moment(day(2026, 6, 12), 18, 2),
            by: text("Yann Abgrall"),
            sha256: text(SUM),
        },
        amendments: vec![Amendment {
            at: moment(day(2026, 7, 1), 10, 15),
            about: Some(text("Maëlle Le Guennec")),
            by: text("Yann Abgrall"),
            text: text(
                "Il faut lire « Saint-Brieuc » comme lieu de naissance de Mme Le Guennec dans le relevé transmis.",
            ),
            sha256: SUM.chars().rev().collect(),
        }],
    }
}

const COMPETENCIES: [&str; 6] = [
    "Analyser les besoins et les contraintes des parties prenantes, en tenant compte de l’accessibilité aux personnes en situation de handicap, afin de définir le périmètre fonctionnel et technique de la solution",
    "Concevoir une architecture logicielle modulaire, évolutive et sécurisée, en justifiant les choix au regard des exigences de performance, de maintenabilité et de sobriété numérique",
    "Développer les composants selon les bonnes pratiques de l’état de l’art",
    "Mettre en œuvre des tests unitaires, d’intégration et de charge pour garantir la conformité de la solution aux spécifications",
    "Animer une équipe pluridisciplinaire, y compris à distance, en adaptant son mode de management et sa communication",
    "Déployer et superviser la solution dans un environnement d’exploitation, en mesurant sa disponibilité",
];

const LEVELS: [&str; 4] = ["Débutant", "Autonome", "Confirmé", "Expert"];

const KINDS: [(&str, &str); 4] = [
    ("Période en entreprise", "Mission d’intégration continue chez Armor Logiciels"),
    ("Projet", "Refonte de l’outil de réservation de la médiathèque"),
    ("Rapport", "Étude comparée de trois bases de données"),
    ("Autre", "Atelier d’accessibilité avec des utilisateurs"),
];

/// `blocks` blocks of 6 competencies, shown by `evidence` pieces of evidence.
#[expect(clippy::too_many_lines, reason = "a whole record, as a school makes it")]
pub fn dossier_of(blocks: usize, evidence: usize) -> Dossier {
    let rating = |level: usize, n: usize| {
        Some(Rating {
            level: text(LEVELS[level % 4]),
            on: day(
                2026,
                1 + u32::try_from(n % 5).unwrap_or(0),
                1 + u32::try_from(n % 27).unwrap_or(0),
            ),
        })
    };
    let competency = |block: usize, index: usize| {
        let n = block * 6 + index;
        let linked = (1..=evidence).filter(|number| (number * 7 + n * 3).is_multiple_of(11));
        let untouched = n % 7 == 6;
        let diverges = n % 5 == 1;
        Competency {
            code: format!("C{}.{}", block + 1, index + 1),
            text: text(COMPETENCIES[(index + block) % 6]),
            required: text("Confirmé"),
            ratings: if untouched {
                Ratings::default()
            } else {
                Ratings {
                    own: rating(2 + n % 2, n),
                    company: rating(if diverges { 1 } else { 2 }, n + 3),
                    school: (n % 3 != 2).then(|| rating(2 + n % 2, n + 9)).flatten(),
                    jury: None,
                }
            },
            diverges: diverges && !untouched,
            acquired: !untouched && !diverges,
            links: if untouched {
                vec![]
            } else {
                linked.map(|number| Link {
                    evidence: number,
                    justification: (number % 3 != 0).then(|| text("J’ai mené l’analyse avec le client, rédigé les scénarios et fait valider le périmètre en comité ; voir les pages 12 à 18.")),
                }).collect()
            },
        }
    };
    Dossier {
        school: school(),
        certification: certification(),
        candidate: Candidate {
            holder: holder(),
            cohort: Some(text("Mastère 2024-2026")),
            company: Some(text("Armor Logiciels, Rennes")),
        },
        route: text("Contrat d’apprentissage"),
        version: 2,
        deposited_at: moment(day(2026, 5, 28), 22, 40),
        presentation: text(
            "Apprentie depuis deux ans dans une équipe de six personnes, j’ai pris part à toute la vie d’un logiciel de réservation : recueil des besoins, conception, développement, mise en service et exploitation.\n\nCe dossier suit l’ordre des blocs. J’y ai retenu les preuves qui montrent le mieux ce que j’ai fait moi-même ; là où le travail est d’équipe, ma part est dite dans la justification. Qu’y a-t-il à en retenir ? Que la qualité se décide tôt !",
        ),
        requirements: vec![
            Requirement {
                label: text("Niveau d’anglais"),
                required: text("B2"),
                found: text("B2 (TOEIC, 2 juin 2026)"),
                state: RequirementState::Met,
            },
            Requirement {
                label: text("Période en entreprise"),
                required: text("14 semaines"),
                found: text("62 semaines"),
                state: RequirementState::Met,
            },
            Requirement {
                label: text("Séjour à l’étranger"),
                required: text("9 semaines"),
                found: text("4 semaines"),
                state: RequirementState::Unmet,
            },
            Requirement {
                label: text("Attestation d’assiduité"),
                required: text("–"),
                found: text("–"),
                state: RequirementState::NotApplicable,
            },
        ],
        levels: LEVELS
            .iter()
            .zip([
                Some("Réalise avec de l’aide des tâches simples."),
                Some("Réalise seul les tâches courantes."),
                Some("Adapte sa manière de faire à une situation nouvelle et la justifie."),
                None,
            ])
            .map(|(label, descriptor)| Level {
                label: text(label),
                descriptor: descriptor.map(text),
            })
            .collect(),
        blocks: (0..blocks)
            .map(|block| Block {
                code: format!("RNCP38822BC{:02}", block + 1),
                title: text(BLOCKS[block % 4].1),
                competencies: (0..6).map(|index| competency(block, index)).collect(),
            })
            .collect(),
        evidence: (0..evidence)
            .map(|n| {
                let (kind, title) = KINDS[n % 4];
                Evidence {
                    title: format!("{title} ({})", n + 1),
                    kind: text(kind),
                    from: (n % 4 < 2).then(|| day(2025, 9, 1)),
                    to: (n % 4 < 2).then(|| day(2026, 1, 30)),
                    accepted: n % 6 != 5,
                    revision: 1 + u32::try_from(n % 3).unwrap_or(0),
                    files: (0..n % 3)
                        .map(|file| EvidenceFile {
                            name: format!(
                                "rapport_de_mission_{}_{}_version_definitive_relue_et_signee.pdf",
                                n + 1,
                                file + 1
                            ),
                            size: 48_213 * (u64::try_from(n).unwrap_or(0) + 1) * 7,
                            sha256: text(SUM),
                        })
                        .collect(),
                }
            })
            .collect(),
        hidden: 0,
        manifest_sha256: text(SUM),
    }
}

pub fn dossier() -> Dossier {
    dossier_of(2, 12)
}

pub fn attestation() -> Attestation {
    Attestation {
        school: school(),
        certification: certification(),
        registration: Some(registration()),
        holder: holder(),
        block: BlockRef { code: text(BLOCKS[1].0), title: text(BLOCKS[1].1) },
        competencies: COMPETENCIES[1..6].iter().map(|words| text(words)).collect(),
        validated_on: day(2026, 6, 12),
        provenance: None,
        validity: until(),
        number: text("2026-0147-BC02"),
        issued_on: day(2026, 6, 19),
        issued_at: Some(text("Rennes")),
        signatory: Some(signatory()),
        verification: Some(text(ADDRESS)),
    }
}

pub fn certificate() -> Certificate {
    Certificate {
        certifier: school(),
        certification: certification(),
        registration: registration(),
        holder: holder(),
        number: text("2026-0147"),
        issued_on: day(2026, 10, 1),
        issued_at: Some(text("Rennes")),
        signatory: Some(signatory()),
        verification: Some(text(ADDRESS)),
    }
}

pub fn result_letter() -> ResultLetter {
    let result = |block: usize, outcome, explanation: Option<&str>| BlockResult {
        code: text(BLOCKS[block].0),
        title: text(BLOCKS[block].1),
        outcome,
        explanation: explanation.map(text),
        validity: (outcome == Outcome::Validated).then(until),
    };
    ResultLetter {
        school: school(),
        certification: certification(),
        recipient: text("Maëlle Le Guennec"),
        address: vec![text("4 rue de la Gare"), text("22000 Saint-Brieuc")],
        reference: text("JURY-2026-06/0147"),
        place: Some(text("Rennes")),
        date: day(2026, 6, 19),
        session_on: day(2026, 6, 12),
        results: vec![
            result(0, Outcome::Validated, None),
            result(1, Outcome::Validated, None),
            result(
                2,
                Outcome::Partial,
                Some(
                    "Le plan de conduite du changement n’est pas chiffré : il manque le budget, le calendrier et la mesure de l’adhésion des équipes.",
                ),
            ),
            result(
                3,
                Outcome::Refused,
                Some("Le plan d’exploitation ne dit pas comment la disponibilité est mesurée."),
            ),
        ],
        certification_obtained: false,
        amendments: minutes().amendments,
        missing_requirements: vec![text("Séjour à l’étranger : 4 semaines sur 9")],
        appeals: text(
            "Vous pouvez demander la communication de votre dossier et former un recours gracieux auprès de la direction de l’école dans les deux mois qui suivent la réception de cette lettre.",
        ),
        signatory: Some(signatory()),
    }
}
