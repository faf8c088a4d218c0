//! Juries and the routes that they sit for.

use domain::certification::{AccessRoute, DeliberationRule, JuryRule, RouteKind};

use crate::file::{plain, plains};
use crate::names::Names;
use crate::table::{At, Table};

/// The six ways in, in the order of a *fiche RNCP*.
const ROUTES: [(&str, RouteKind); 6] = [
    ("student", RouteKind::Student),
    ("apprenticeship", RouteKind::Apprenticeship),
    ("continuing", RouteKind::Continuing),
    ("professionalisation", RouteKind::Professionalisation),
    ("individual", RouteKind::Individual),
    ("experience", RouteKind::Experience),
];

/// A jury, named once for all the routes that it sits for.
struct Jury {
    name: At<String>,
    text: Option<String>,
    rule: Option<JuryRule>,
    deliberation: DeliberationRule,
}

/// All six routes, or none where the source does not say who may enter.
pub(crate) fn routes(file: &mut Table<'_>) -> Vec<AccessRoute> {
    let mut names = Names::new("[[jury]]");
    let juries = file.tables("jury", "[[jury]]", |table| {
        let jury = jury(table);
        names.give(&jury.name, table.faults);
        jury
    });

    let mut used = Vec::new();
    let read = file.tables("route", "[[route]]", |table| {
        let kind = table.choice("kind", &ROUTES);
        let open = table.required_flag("open");
        let jury = table.optional_text("jury");
        if let Some(name) = &jury {
            names.refer(name, table.faults);
            used.push(name.value.clone());
            if open == Some(false) {
                table.faults.add(
                    name.at,
                    "une voie fermée n’a pas de jury : ouvrez-la ou retirez « jury »",
                );
            }
        }
        let jury = jury.and_then(|name| juries.iter().find(|jury| jury.name.value == name.value));
        let route = AccessRoute {
            kind: kind.value,
            open: open.unwrap_or(false),
            jury_text: jury.and_then(|jury| jury.text.clone()),
            jury: jury.and_then(|jury| jury.rule.clone()),
            deliberation: jury.map(|jury| jury.deliberation).unwrap_or_default(),
        };
        (kind.at, route)
    });

    for (position, (at, route)) in read.iter().enumerate() {
        if read[..position].iter().any(|(_, earlier)| earlier.kind == route.kind) {
            file.faults.add(*at, "cette voie d’accès est déjà dite plus haut : n’en gardez qu’une");
        }
    }
    if let Some((first, _)) = read.first() {
        for (word, kind) in ROUTES {
            if !read.iter().any(|(_, route)| route.kind == kind) {
                file.faults.add(
                    *first,
                    format!(
                        "il manque la voie d’accès « {word} » : dites les six, ouvertes ou fermées"
                    ),
                );
            }
        }
    }
    for jury in &juries {
        if !used.contains(&jury.name.value) {
            file.faults.add(
                jury.name.at,
                format!("aucune voie d’accès ne nomme le jury « {} »", jury.name.value),
            );
        }
    }
    read.into_iter().map(|(_, route)| route).collect()
}

fn jury(table: &mut Table<'_>) -> Jury {
    let name = table.text("name");
    let text = plain(table.optional_text("text"));
    let rule = rule(table);
    let deliberation = deliberation(table, rule.as_ref().and_then(|rule| rule.size));
    if text.is_none() && rule.is_none() {
        table.fault("ce jury ne dit rien : donnez au moins son texte");
    }
    Jury { name, text, rule, deliberation }
}

fn deliberation(table: &mut Table<'_>, size: Option<u32>) -> DeliberationRule {
    let quorum = table.number("quorum", 1..=100);
    if let (Some(quorum), Some(size)) = (&quorum, size)
        && quorum.value > size
    {
        table.faults.add(
            quorum.at,
            format!("« quorum » dépasse le nombre de membres ({size}) : vérifiez ces nombres"),
        );
    }
    DeliberationRule {
        quorum: quorum.map(|quorum| quorum.value),
        chair_casting_vote: table.flag("chair_casting_vote"),
        keeps_votes: table.flag("keeps_votes"),
    }
}

/// The typed rule, unless the jury has nothing but a text.
fn rule(table: &mut Table<'_>) -> Option<JuryRule> {
    let rule = JuryRule {
        size: people(table, "size"),
        seats: plains(table.texts("seats")),
        professional_voting_chair: table.flag("professional_voting_chair"),
        min_professionals: people(table, "min_professionals"),
        min_certifier_representatives: people(table, "min_certifier_representatives"),
        min_external: people(table, "min_external"),
        min_external_percent: table
            .number("min_external_percent", 1..=100)
            .map(|percent| percent.value),
        min_employers: people(table, "min_employers"),
        min_employees: people(table, "min_employees"),
        min_experts: people(table, "min_experts"),
        majority_of_experts_teach: table.flag("majority_of_experts_teach"),
        min_professional_experts: people(table, "min_professional_experts"),
        min_experience_years: table.number("min_experience_years", 1..=60).map(|years| years.value),
        min_qualification_level: table
            .number("min_qualification_level", 3..=8)
            .and_then(|level| u8::try_from(level.value).ok()),
        no_trainer_of_candidates: table.flag("no_trainer_of_candidates"),
    };
    for contradiction in contradictions(&rule) {
        table.fault(contradiction);
    }
    (rule != JuryRule::default()).then_some(rule)
}

fn people(table: &mut Table<'_>, key: &'static str) -> Option<u32> {
    table.number(key, 1..=100).map(|number| number.value)
}

/// Rules that no jury can fulfil together.
fn contradictions(rule: &JuryRule) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(size) = rule.size {
        let external = rule
            .min_external_percent
            .map_or(0, |percent| (percent * size).div_ceil(100))
            .max(rule.min_external.unwrap_or(0));
        let certifier = rule.min_certifier_representatives.unwrap_or(0);
        let seats = u32::try_from(rule.seats.len()).unwrap_or(u32::MAX);
        let groups = [
            (
                "le président, les professionnels et les représentants du certificateur",
                u32::from(rule.professional_voting_chair)
                    + rule.min_professionals.unwrap_or(0)
                    + certifier,
            ),
            ("les membres extérieurs et les représentants du certificateur", external + certifier),
            (
                "les employeurs et les salariés",
                rule.min_employers.unwrap_or(0) + rule.min_employees.unwrap_or(0),
            ),
            ("les sièges et les experts", seats.saturating_add(rule.min_experts.unwrap_or(0))),
        ];
        for (who, number) in groups {
            if number > size {
                found.push(format!(
                    "{who} font au moins {number} personnes pour un jury de {size} : vérifiez \
                     « size » et les minimums"
                ));
            }
        }
    }
    let experts = rule.min_experts.unwrap_or(0);
    if rule.min_professional_experts.unwrap_or(0) > experts {
        found.push(
            "« min_professional_experts » dépasse « min_experts » : vérifiez ces nombres"
                .to_owned(),
        );
    }
    if rule.majority_of_experts_teach && experts == 0 {
        found.push("« majority_of_experts_teach » demande « min_experts »".to_owned());
    }
    found
}
