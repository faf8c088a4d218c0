//! What is worth seeing at each person, told from what the database holds in the end.

use anyhow::Result;
use api::DemoPerson;
use authz::Actor;
use domain::{
    enrolment::LearnerStatus,
    evidence::EvidenceStatus,
    person::Role,
    progress::{Facts, Progress},
    requirement::RequirementState,
};
use store::Db;

use super::{
    calendar::Calendar,
    people::{ADMINISTRATOR, COMPANY_TUTORS, JURY, MANAGER, Name, SCHOOL_TUTORS},
    places::french,
    story::{Account, Is, Story},
    students::{COHORTS, SHOWN_COMPANY_TUTORS, SHOWN_SCHOOL_TUTORS},
};

/// The people of the demonstration, those to visit first at the top.
pub async fn people(db: &Db, story: &Story<'_>, calendar: &Calendar) -> Result<Vec<DemoPerson>> {
    let mut people = Vec::new();
    for account in &story.accounts {
        let note = match account.is {
            Is::Student(index) => of_student(db, story, calendar, index).await?,
            Is::CompanyTutor(_) | Is::SchoolTutor(_) => {
                of_tutor(db, story, account, calendar).await?
            }
            Is::Manager => of_manager(story),
            Is::Administrator => format!(
                "{} l’établissement, ses comptes et ses liens d’invitation ({} personnes)",
                feminine(ADMINISTRATOR, "administratrice, gère", "administrateur, gère"),
                story.accounts.len()
            ),
            Is::Jury(index) => format!(
                "membre {} de jury, {} un jury qui délibère",
                feminine(JURY[index], "extérieure", "extérieur"),
                if index == 0 { "préside" } else { "siège dans" }
            ),
        };
        let (certification, featured) = match account.is {
            Is::Student(index) => {
                let student = &story.students[index];
                (Some(COHORTS[student.cohort].code.to_owned()), student.shown)
            }
            Is::CompanyTutor(index) => (None, SHOWN_COMPANY_TUTORS.contains(&index)),
            Is::SchoolTutor(index) => (None, SHOWN_SCHOOL_TUTORS.contains(&index)),
            Is::Jury(index) => (None, index == 0),
            Is::Manager | Is::Administrator => (None, true),
        };
        people.push(DemoPerson {
            email: account.identity.email.clone(),
            given_name: account.identity.given_name.clone(),
            family_name: account.identity.family_name.clone(),
            role: account.role,
            note: french(&note),
            certification,
            featured,
        });
    }
    people.sort_by_key(|person| (!person.featured, order(person.role)));
    Ok(people)
}

fn order(role: Role) -> u8 {
    match role {
        Role::Apprentice => 0,
        Role::CompanyTutor => 1,
        Role::SchoolTutor => 2,
        Role::Manager => 3,
        Role::Administrator => 4,
        Role::Jury => 5,
    }
}

async fn of_student(
    db: &Db,
    story: &Story<'_>,
    calendar: &Calendar,
    index: usize,
) -> Result<String> {
    let student = &story.students[index];
    let Some(enrolment) = story.enrolment_of(index) else { return Ok(String::new()) };
    let (facts, _) = store::progress::facts(db, enrolment.id).await?;
    let effective = store::grid::in_force(db, enrolment.certification.id).await?;
    let progress = domain::progress::progress(
        &effective,
        enrolment.status,
        enrolment.profile.as_deref(),
        &facts,
    );
    let who = match student.status {
        LearnerStatus::Student => feminine(student.name, "étudiante", "étudiant"),
        LearnerStatus::Apprentice => feminine(student.name, "apprentie", "apprenti"),
        _ => "stagiaire de la formation continue",
    };
    let year = (calendar.today.signed_duration_since(enrolment.starts_on).num_days() / 365) + 1;
    let year = if year == 1 { "1re".to_owned() } else { format!("{year}e") };
    let mut parts = vec![format!("{who} en {year} année")];
    parts.extend(standing(&progress));
    parts.extend(evidence(&facts));
    parts.extend(missing(&progress));
    Ok(parts.join(", "))
}

/// Blocks and divergences.
fn standing(progress: &Progress) -> Vec<String> {
    let mut parts = Vec::new();
    let blocks = progress.blocks.len();
    let acquired =
        progress.blocks.iter().filter(|block| block.tally.acquired == block.tally.total).count();
    if blocks == 0 {
        parts.push("certification sans blocs".to_owned());
        let shown = progress.outside.iter().filter(|one| one.evidence.accepted > 0).count();
        if shown > 0 {
            parts.push(format!(
                "{} sur {}",
                counted(shown, "compétence montrée", "compétences montrées", true),
                progress.outside.len()
            ));
        }
    } else if acquired == blocks {
        parts.push(format!("les {} blocs acquis", word(blocks, false)));
    } else if acquired > 0 {
        parts.push(format!(
            "{} sur {}",
            counted(acquired, "bloc acquis", "blocs acquis", false),
            word(blocks, false)
        ));
    } else if progress.total.acquired > 0 {
        parts.push(counted(
            progress.total.acquired as usize,
            "compétence acquise",
            "compétences acquises",
            true,
        ));
    }
    let divergent = progress
        .blocks
        .iter()
        .flat_map(|block| &block.competencies)
        .filter(|competency| competency.divergent)
        .count();
    if divergent > 0 {
        parts.push(counted(divergent, "avis divergent", "avis divergents", false));
    }
    parts
}

/// What is missing to who has acquired every block.
fn missing(progress: &Progress) -> Vec<String> {
    let Progress { blocks, requirements, .. } = progress;
    if blocks.is_empty() || blocks.iter().any(|block| block.tally.acquired < block.tally.total) {
        return Vec::new();
    }
    let requirements = requirements
        .iter()
        .filter(|requirement| requirement.state == RequirementState::Unmet)
        .map(|requirement| &requirement.label);
    let deliverables =
        blocks.iter().flat_map(|block| &block.missing_deliverables).map(|missing| &missing.label);
    requirements.chain(deliverables).map(|label| format!("il manque : {}", lower(label))).collect()
}

fn evidence(facts: &Facts) -> Vec<String> {
    let count = |status| facts.evidence.iter().filter(|fact| fact.status == status).count();
    let mut parts = Vec::new();
    for (status, one, many, feminine) in [
        (EvidenceStatus::Returned, "preuve renvoyée", "preuves renvoyées", true),
        (EvidenceStatus::Submitted, "preuve en attente", "preuves en attente", true),
        (EvidenceStatus::Draft, "brouillon", "brouillons", false),
    ] {
        let found = count(status);
        if found > 0 && parts.len() < 2 {
            parts.push(counted(found, one, many, feminine));
        }
    }
    parts
}

async fn of_tutor(
    db: &Db,
    story: &Story<'_>,
    account: &Account,
    calendar: &Calendar,
) -> Result<String> {
    let actor =
        Actor { user: account.id, memberships: [(story.organisation, account.role)].into() };
    let waiting = store::queue::of(db, &actor).await?.items;
    let followed: Vec<_> = story
        .students
        .iter()
        .filter(|student| match account.is {
            Is::CompanyTutor(index) => student.has_company_tutor && student.company == index,
            Is::SchoolTutor(index) => student.school_tutor == index,
            _ => false,
        })
        .collect();
    let mut certifications: Vec<usize> = followed.iter().map(|student| student.cohort).collect();
    certifications.sort_unstable();
    certifications.dedup();
    let (role, name) = match account.is {
        Is::CompanyTutor(index) => ("en entreprise", COMPANY_TUTORS[index]),
        Is::SchoolTutor(index) => ("de l’école", SCHOOL_TUTORS[index]),
        _ => ("", MANAGER),
    };
    let people = counted(followed.len(), "personne", "personnes", true);
    let across = match certifications.len() {
        0 | 1 => String::new(),
        several => format!(", sur {} certifications", word(several, true)),
    };
    let queue = match waiting.first() {
        None => ", rien n’attend".to_owned(),
        Some(oldest) => {
            let days = (calendar.today - oldest.since.date_naive()).num_days();
            let items = counted(waiting.len(), "élément à traiter", "éléments à traiter", false);
            let since = if waiting.len() > 1 { "le plus ancien depuis" } else { "depuis" };
            format!(" : {items}, {since} {days} jours")
        }
    };
    Ok(format!("{} {role} de {people}{across}{queue}", feminine(name, "tutrice", "tuteur")))
}

fn of_manager(story: &Story<'_>) -> String {
    let certifications: Vec<_> = catalog::builtin().iter().map(|one| &one.certification).collect();
    let without = certifications.iter().filter(|one| one.blocks.is_empty()).count();
    format!(
        "responsable des formations : {} promotions, {} personnes en formation, {} certifications \
         dont {} sans blocs",
        word(COHORTS.len(), true),
        story.students.len(),
        word(certifications.len(), true),
        word(without, true),
    )
}

fn feminine<'a>((_, _, feminine): Name, her: &'a str, him: &'a str) -> &'a str {
    if feminine { her } else { him }
}

fn counted(count: usize, one: &str, many: &str, feminine: bool) -> String {
    format!("{} {}", word(count, feminine), if count > 1 { many } else { one })
}

/// A number in words as long as words are short.
fn word(count: usize, feminine: bool) -> String {
    const WORDS: [&str; 13] = [
        "aucun", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
        "onze", "douze",
    ];
    match (count, feminine) {
        (0, true) => "aucune".to_owned(),
        (1, true) => "une".to_owned(),
        _ => WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned()),
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
