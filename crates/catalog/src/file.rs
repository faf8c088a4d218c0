//! A file as a whole: identity, dates, scale, profiles and validation.
//!
//! What others refer to (levels, profiles, juries, competencies) is read before them, whatever
//! the order in the file, so that every reference is checked where it is read.

use domain::certification::{
    Activity, AssessorRule, BlockValidity, Certification, Certifier, Competency, CompetencyKind,
    Dates, DepositRule, Labelled, Level, PartialValidation, Profile, Source, Validation,
    VersionStatus,
};
use domain::progress::Gap;
use toml::de::DeTable;

use crate::fault::{Fault, Faults};
use crate::names::Names;
use crate::table::{At, Table};
use crate::{block, jury, requirement};

/// Reads a certification version out of the text of a file.
///
/// The file's name only serves to say where a fault is. Every fault is reported, by line, unless
/// the text is not TOML at all: then only that is.
pub fn parse(file: &str, text: &str) -> Result<Certification, Vec<Fault>> {
    const REPEATED_KEY: &str = "duplicate key";

    let faults = Faults::new(file, text);
    let (document, errors) = DeTable::parse_recoverable(text);
    let syntax = errors.iter().find(|error| error.message() != REPEATED_KEY);
    if let Some(error) = syntax {
        let at = error.span().map_or(0, |span| span.start);
        faults.add(at, format!("ce n’est pas du TOML valide ({})", error.message()));
        return Err(faults.into_sorted());
    }
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        faults.add(at, "cette clé est écrite deux fois : n’en gardez qu’une");
    }
    let certification = Table::read(&faults, "le fichier", 0, document.get_ref(), certification);
    let found = faults.into_sorted();
    if found.is_empty() { Ok(certification) } else { Err(found) }
}

fn certification(file: &mut Table<'_>) -> Certification {
    let code = file.text("code").value;
    let version = file.text("version").value;
    let status = file.choice(
        "status",
        &[
            ("draft", VersionStatus::Draft),
            ("published", VersionStatus::Published),
            ("retired", VersionStatus::Retired),
        ],
    );
    // A draft may lack what a jury needs.
    let complete = status.value != VersionStatus::Draft;
    let title = file.text("title").value;
    let level = file.number("level", 3..=8).and_then(|level| u8::try_from(level.value).ok());
    let source = source(file);
    let certifiers = file.tables("certifier", "[[certifier]]", certifier);
    let (levels, required_level, level_names) = scale(file);
    let (profiles, profile_names) = profiles(file);
    let (competencies, competency_names) = block::competencies(file);
    let blocks = block::blocks(
        file,
        &block::Context {
            levels: &level_names,
            profiles: &profile_names,
            competencies: &competencies,
            names: &competency_names,
            complete,
        },
    );
    if complete && blocks.is_empty() {
        file.faults.add(
            status.at,
            "une version publiée a au moins un bloc : ajoutez [[block]] ou gardez le statut \
             « draft »",
        );
    }

    Certification {
        code,
        version,
        status: status.value,
        title,
        level,
        source,
        certifiers,
        nsf: labelled(file, "nsf"),
        rome: labelled(file, "rome"),
        formacode: labelled(file, "formacode"),
        dates: file.table("dates", "[dates]", dates).unwrap_or_default(),
        replaces: labelled(file, "replaces"),
        objectives: plain(file.optional_text("objectives")),
        sectors: plains(file.texts("sectors")),
        jobs: plains(file.texts("jobs")),
        assessment_text: plain(file.optional_text("assessment_text")),
        entry_requirement: plain(file.optional_text("entry_requirement")),
        levels,
        required_level,
        profiles,
        assessors: assessors(file),
        validation: validation(file, blocks.len(), &competencies),
        deposit: file.table("deposit", "[deposit]", deposit).unwrap_or_default(),
        routes: jury::routes(file),
        requirements: requirement::requirements(file),
        activities: activities(file),
        competencies,
        blocks,
        remarks: plains(file.texts("remarks")),
    }
}

fn source(file: &mut Table<'_>) -> Source {
    let source = file.table("source", "[source]", |source| Source {
        name: source.text("name").value,
        url: plain(source.optional_text("url")),
    });
    source.unwrap_or_else(|| {
        if !file.has("source") {
            file.fault("il manque [source] : dites d’où vient le texte officiel");
        }
        Source { name: String::new(), url: None }
    })
}

fn certifier(certifier: &mut Table<'_>) -> Certifier {
    // The Luhn key is not checked: INSEE gives numbers to La Poste's offices that do not fulfil it.
    let siret = certifier.optional_text("siret");
    if let Some(siret) = &siret
        && !(siret.value.len() == 14 && siret.value.bytes().all(|byte| byte.is_ascii_digit()))
    {
        certifier
            .faults
            .add(siret.at, "le SIRET compte 14 chiffres, sans espace : vérifiez ce numéro");
    }
    Certifier {
        name: certifier.text("name").value,
        siret: plain(siret),
        trade_name: plain(certifier.optional_text("trade_name")),
        website: plain(certifier.optional_text("website")),
    }
}

fn labelled(file: &mut Table<'_>, key: &'static str) -> Vec<Labelled> {
    file.tables(key, key, |item| Labelled {
        code: item.text("code").value,
        label: item.text("label").value,
    })
}

fn dates(table: &mut Table<'_>) -> Dates {
    const PUBLISHED: &str = "published_on";
    const TRAINING: &str = "training_starts_on";
    const REGISTRATION: &str = "registration_ends_on";
    const LAST_ISSUE: &str = "last_issue_on";
    const DECIDED: &str = "decided_on";

    let published = table.date(PUBLISHED);
    let training = table.date(TRAINING);
    let registration = table.date(REGISTRATION);
    let last_issue = table.date(LAST_ISSUE);
    let decided = table.date(DECIDED);
    let orders = [
        (DECIDED, &decided, REGISTRATION, &registration),
        (PUBLISHED, &published, REGISTRATION, &registration),
        (TRAINING, &training, REGISTRATION, &registration),
        (PUBLISHED, &published, LAST_ISSUE, &last_issue),
        (TRAINING, &training, LAST_ISSUE, &last_issue),
        (REGISTRATION, &registration, LAST_ISSUE, &last_issue),
    ];
    for (first, earlier, then, later) in orders {
        if let (Some(earlier), Some(later)) = (earlier, later)
            && later.value < earlier.value
        {
            table
                .faults
                .add(later.at, format!("« {then} » précède « {first} » : vérifiez ces dates"));
        }
    }
    Dates {
        published_on: published.map(|date| date.value),
        training_starts_on: training.map(|date| date.value),
        registration_ends_on: registration.map(|date| date.value),
        last_issue_on: last_issue.map(|date| date.value),
        decided_on: decided.map(|date| date.value),
    }
}

/// The scale, the level that is required by default, and the names of the levels.
fn scale(file: &mut Table<'_>) -> (Vec<Level>, String, Names) {
    let mut names = Names::new("[[scale]]");
    let steps = file.tables("scale", "[[scale]]", |step| {
        let key = step.text("key");
        names.give(&key, step.faults);
        let level = Level {
            key: key.value,
            label: step.text("label").value,
            description: plain(step.optional_text("description")),
        };
        (step.at, level)
    });
    if let [(at, _)] = steps.as_slice() {
        file.faults.add(*at, "une échelle a au moins deux niveaux : ajoutez un [[scale]]");
    }
    let mut levels: Vec<Level> = steps.into_iter().map(|(_, level)| level).collect();
    let usual = levels.is_empty();
    if usual {
        levels = usual_scale();
        names = Names::of("[[scale]]", levels.iter().map(|level| level.key.clone()));
    }

    let required = match file.optional_text("required_level") {
        Some(required) => {
            names.refer(&required, file.faults);
            required.value
        }
        None if usual => "acquis".to_owned(),
        None => {
            file.fault(
                "il manque « required_level » : nommez le niveau de [[scale]] qui est exigé",
            );
            String::new()
        }
    };
    (levels, required, names)
}

/// The scale of a certification whose source gives none.
fn usual_scale() -> Vec<Level> {
    [
        ("non_acquis", "Non acquis"),
        ("en_cours", "En cours d’acquisition"),
        ("acquis", "Acquis"),
        ("maitrise", "Maîtrisé"),
    ]
    .map(|(key, label)| Level { key: key.to_owned(), label: label.to_owned(), description: None })
    .into()
}

fn profiles(file: &mut Table<'_>) -> (Vec<Profile>, Names) {
    let mut names = Names::new("[[profile]]");
    let profiles = file.tables("profile", "[[profile]]", |profile| {
        let key = profile.text("key");
        names.give(&key, profile.faults);
        Profile { key: key.value, label: profile.text("label").value }
    });
    (profiles, names)
}

fn assessors(file: &mut Table<'_>) -> AssessorRule {
    const RULES: [(&str, AssessorRule); 3] = [
        ("any_tutor", AssessorRule::AnyTutor),
        ("school", AssessorRule::School),
        ("company_and_school", AssessorRule::CompanyAndSchool),
    ];
    file.optional_choice("assessors", &RULES).map_or_else(AssessorRule::default, |rule| rule.value)
}

fn validation(file: &mut Table<'_>, blocks: usize, competencies: &[Competency]) -> Validation {
    let validation = file.table("validation", "[validation]", |validation| {
        let transversal_required = validation.flag("transversal_required");
        let is_transversal = |one: &Competency| one.kind == CompetencyKind::Transversal;
        if transversal_required && !competencies.iter().any(is_transversal) {
            validation.fault(
                "« transversal_required » demande au moins une compétence transversale : \
                 ajoutez-la ou retirez cette clé",
            );
        }
        Validation {
            text: plain(validation.optional_text("text")),
            block_validity: block_validity(validation),
            partial: validation
                .table("partial", "partial", |partial| partial_validation(partial, blocks)),
            transversal_required,
        }
    });
    validation.unwrap_or(Validation {
        text: None,
        block_validity: BlockValidity::Unknown,
        partial: None,
        transversal_required: false,
    })
}

/// Where neither key is given, the source does not say.
fn block_validity(validation: &mut Table<'_>) -> BlockValidity {
    let unlimited = validation.flag("block_validity_unlimited");
    match validation.number("block_validity_years", 1..=99) {
        Some(years) if unlimited => {
            validation.faults.add(
                years.at,
                "« block_validity_years » contredit « block_validity_unlimited » : gardez l’un \
                 des deux",
            );
            BlockValidity::Unlimited
        }
        Some(years) => BlockValidity::Years { years: years.value },
        None if unlimited => BlockValidity::Unlimited,
        None => BlockValidity::Unknown,
    }
}

fn partial_validation(partial: &mut Table<'_>, blocks: usize) -> PartialValidation {
    let min = partial.number("min_blocks", 1..=99);
    let max = partial.number("max_blocks", 1..=99);
    let (Some(min), Some(max)) = (min, max) else {
        if !(partial.has("min_blocks") && partial.has("max_blocks")) {
            partial.fault("« partial » demande « min_blocks » et « max_blocks »");
        }
        return PartialValidation { min_blocks: 0, max_blocks: 0 };
    };
    if min.value > max.value {
        partial.faults.add(max.at, "« max_blocks » est inférieur à « min_blocks »");
    } else if blocks > 0 && max.value as usize > blocks {
        partial.faults.add(max.at, format!("« max_blocks » dépasse le nombre de blocs ({blocks})"));
    }
    PartialValidation { min_blocks: min.value, max_blocks: max.value }
}

/// What keeps a block from being deposited: the usual gaps, unless the file names its own.
fn deposit(table: &mut Table<'_>) -> DepositRule {
    const GAPS: [(&str, Gap); 8] = [
        ("no_evidence", Gap::NoEvidence),
        ("evidence_not_submitted", Gap::EvidenceNotSubmitted),
        ("only_self_assessed", Gap::OnlySelfAssessed),
        ("never_assessed_by_tutor", Gap::NeverAssessedByTutor),
        ("below_required_level", Gap::BelowRequiredLevel),
        ("deliverable_missing", Gap::DeliverableMissing),
        ("evidence_draft", Gap::EvidenceDraft),
        ("requirement_unmet", Gap::RequirementUnmet),
    ];
    let words = Names::of("les manques que l’on sait voir", GAPS.map(|(word, _)| word.to_owned()));
    let mut named = Names::new("« blocking »");
    let blocking = table.texts("blocking");
    for word in &blocking {
        words.refer(word, table.faults);
        named.give(word, table.faults);
    }
    if !table.has("blocking") {
        table.fault("il manque « blocking » : listez les manques qui empêchent le dépôt, ou []");
    }
    let is_named = |word: &str| blocking.iter().any(|named| named.value == word);
    DepositRule {
        blocking: GAPS.into_iter().filter(|(word, _)| is_named(word)).map(|(_, gap)| gap).collect(),
    }
}

/// Activities, of a block or of the file: a text, or a table where the source prints a code.
pub(crate) fn activities(table: &mut Table<'_>) -> Vec<Activity> {
    table.texts_or_tables(
        "activities",
        "activities",
        |text| Activity { code: None, text: text.value },
        |activity| Activity {
            code: plain(activity.optional_text("code")),
            text: activity.text("text").value,
        },
    )
}

pub(crate) fn plain(text: Option<At<String>>) -> Option<String> {
    text.map(|text| text.value)
}

pub(crate) fn plains(texts: Vec<At<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}
