//! How each mail reads: plain text, and the same as simple HTML that any reader shows.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::{
    ambient::{clock_in_france, day_and_month, day_in_french},
    jury::convocation::{Appointment, Convocation, Hearing, Occasion, Summons},
    mail::{Due, Expiring, Message, Receipt, Reminder, Topic, Waiting},
};

use crate::calendar;

/// A mail that can leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Where the topic is muted by one click (RFC 8058), if it may be.
    pub unsubscribe: Option<String>,
    /// The link that it is about.
    pub link: Option<String>,
    pub attachment: Option<Attachment>,
}

/// A file that comes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub name: &'static str,
    pub media_type: &'static str,
    pub content: String,
}

/// The links of a mail, made for it alone.
#[derive(Debug, Clone)]
pub struct Links<'a> {
    /// Address of the server, without a slash at its end.
    pub base: &'a str,
    pub way_in: WayIn,
    /// Secret that mutes the mail's topic.
    pub mute: Option<String>,
}

/// How the person of a mail gets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayIn {
    /// By the secret of a one-time link.
    Link(String),
    /// By a one-time link that leads to a first password.
    FirstPassword(String),
    /// By a one-time link under which a new password may be chosen.
    NewPassword(String),
    /// As they always do.
    SignIn,
}

/// One piece of a letter.
enum Part {
    Text(String),
    List(Vec<String>),
    Link { label: &'static str, url: String },
    Small(String),
    SmallLink { before: &'static str, label: &'static str, url: String },
}

/// Writes to the person of this name, on this day.
pub fn write(message: &Message, name: &str, today: NaiveDate, links: &Links) -> Letter {
    let Links { base, way_in, mute } = links;
    let (subject, mut parts) = match message {
        Message::Invitation { organisation } => (
            format!("{organisation} vous invite sur Acquis"),
            vec![Part::Text(format!(
                "{organisation} vous a ajouté·e à Acquis, le portfolio de compétences de ses \
                 apprentis et de leurs tuteurs."
            ))],
        ),
        Message::Welcome { organisation } => (
            format!("{organisation} vous invite aussi sur Acquis"),
            vec![Part::Text(format!(
                "{organisation} vous a ajouté·e à Acquis. Votre compte reste le même : vous y \
                 trouverez désormais tout ce qui vous concerne, d’un établissement à l’autre."
            ))],
        ),
        Message::AddressChanged { organisation } => (ADDRESS.to_owned(), here(organisation)),
        Message::AddressLeft { organisation } => (ADDRESS.to_owned(), no_longer_here(organisation)),
        Message::Access { page: _ } => (
            "Votre lien pour entrer dans Acquis".to_owned(),
            vec![Part::Text(
                "Vous avez demandé un lien pour entrer dans Acquis. Si ce n’est pas vous, ne \
                 faites rien : rien ne change."
                    .to_owned(),
            )],
        ),
        Message::Reminder(reminder) => (subject_of(reminder, today), of(reminder, today)),
        Message::Convocation(convocation) => told(convocation),
        Message::Summons(summons) => summoned(summons),
        Message::Deposited(receipt) => {
            (format!("Dossier n° {} déposé", receipt.number), receipt_of(receipt))
        }
        Message::Reopened { number, reason, by } => {
            (format!("Votre dossier n° {number} est rouvert"), reopening_of(*number, reason, by))
        }
        Message::Judged { certification, .. } => (
            "Votre résultat est disponible".to_owned(),
            vec![Part::Text(format!(
                "Le jury a rendu sa décision sur votre dossier ({certification}). Vous la lirez \
                 bloc par bloc dans Acquis, où se trouve aussi votre lettre de résultats."
            ))],
        ),
    };
    let (label, url, note) = entrance(message, base, way_in);
    // Nobody gets in by an address that is no longer theirs.
    if !matches!(message, Message::AddressLeft { .. }) {
        parts.push(Part::Link { label, url: url.clone() });
    }
    parts.extend(note.map(|note| Part::Small(note.to_owned())));
    if let Some(token) = mute {
        let url = format!("{base}/courriels#{token}");
        let before = if message.topic() == Topic::Queue {
            "Vous recevez ce résumé une fois par semaine."
        } else {
            "Vous recevez ces rappels à l’approche de vos échéances."
        };
        parts.push(Part::SmallLink { before, label: "Ne plus les recevoir", url });
    }
    Letter {
        text: text(name, &parts),
        html: html(&subject, name, &parts),
        subject,
        unsubscribe: mute
            .as_ref()
            .map(|token| format!("{base}/api/v1/mails/unsubscribe?token={token}")),
        link: (*way_in != WayIn::SignIn).then_some(url),
        attachment: match message {
            Message::Convocation(convocation) => Some(invitation(convocation, base)),
            _ => None,
        },
    }
}

/// What leads in: its label, its address, and what the person is to know about it.
fn entrance(
    message: &Message,
    base: &str,
    way_in: &WayIn,
) -> (&'static str, String, Option<&'static str>) {
    let destination = destination(message);
    let page = |token: &str| match &destination {
        Some(path) => format!("{base}/entrer?vers={path}#{token}"),
        None => format!("{base}/entrer#{token}"),
    };
    match way_in {
        WayIn::Link(token) => (
            "Entrer dans Acquis",
            page(token),
            Some(
                "Aucun mot de passe n’est nécessaire. Ce lien est personnel : il sert une seule \
                 fois, pendant quatorze jours. S’il ne fonctionne plus, la page vous en propose un \
                 autre.",
            ),
        ),
        WayIn::FirstPassword(token) => (
            "Choisir mon mot de passe",
            page(token),
            Some(
                "Ce lien est personnel : il sert une seule fois, pendant quatorze jours. S’il ne \
                 fonctionne plus, la page vous en propose un autre.",
            ),
        ),
        WayIn::NewPassword(token) => (
            "Entrer dans Acquis",
            page(token),
            Some(
                "Vous pourrez y choisir un nouveau mot de passe. Ce lien est personnel : il sert \
                 une seule fois, pendant un jour.",
            ),
        ),
        WayIn::SignIn => {
            ("Ouvrir Acquis", format!("{base}{}", destination.as_deref().unwrap_or_default()), None)
        }
    }
}

const ADDRESS: &str = "Votre adresse sur Acquis a changé";

fn here(organisation: &str) -> Vec<Part> {
    vec![Part::Text(format!(
        "{organisation} a changé l’adresse de votre compte Acquis : c’est désormais celle-ci, et la \
         seule avec laquelle vous entrez."
    ))]
}

fn no_longer_here(organisation: &str) -> Vec<Part> {
    vec![Part::Text(format!(
        "{organisation} a changé l’adresse de votre compte Acquis : ce n’est plus celle-ci, et plus \
         aucun courriel n’y arrivera. Si vous ne l’attendiez pas, demandez à {organisation} \
         pourquoi."
    ))]
}

fn reopening_of(number: u32, reason: &str, by: &str) -> Vec<Part> {
    vec![
        Part::Text(format!(
            "{by} a rouvert votre dossier n° {number} : le jury ne le lira pas. Sa raison :"
        )),
        Part::Text(reason.to_owned()),
        Part::Text(
            "Complétez votre portfolio, puis déposez de nouveau : ce sera une nouvelle version, et \
             celle-ci est gardée."
                .to_owned(),
        ),
    ]
}

/// The page that a mail is about, where it is not the first one.
fn destination(message: &Message) -> Option<String> {
    match message {
        Message::Convocation(Convocation { occasion: Occasion::Cancelled, .. }) => None,
        Message::Convocation(Convocation { session, .. }) => {
            Some(format!("/jurys/{session}/convocation"))
        }
        Message::Summons(Summons { hearing, .. }) => {
            Some(format!("/parcours/{}/depot", hearing.enrolment_id))
        }
        Message::Access { page } => page.clone(),
        Message::Judged { enrolment, .. } => Some(format!("/parcours/{enrolment}/acquis")),
        _ => None,
    }
}

fn invitation(convocation: &Convocation, base: &str) -> Attachment {
    let Convocation { occasion, session, appointment, .. } = convocation;
    let cancelled = *occasion == Occasion::Cancelled;
    Attachment {
        name: "invitation.ics",
        media_type: if cancelled { calendar::CANCELLATION } else { calendar::MEDIA_TYPE },
        content: calendar::write(appointment, &format!("{base}/jurys/{session}"), cancelled),
    }
}

/// Subject and body of what a member of a jury is told.
fn told(convocation: &Convocation) -> (String, Vec<Part>) {
    let Convocation { occasion, session: _, organisation, certification, candidates, appointment } =
        convocation;
    let Appointment { title, starts_at, place, link, organiser: (name, address), .. } = appointment;
    let (subject, what, then) = match occasion {
        Occasion::Convened => (
            format!("Convocation : {title}, {}", day_and_month(day_of(*starts_at))),
            format!("{organisation} vous convoque à un jury de certification."),
            "Dites si vous acceptez, et si un lien avec un candidat vous empêche de le juger : le \
             bouton ci-dessous y mène. Les dossiers se lisent après l’ouverture de la session. Le \
             fichier joint ajoute le rendez-vous à votre agenda.",
        ),
        Occasion::Changed => (
            format!("Changement : {title}, {}", day_and_month(day_of(*starts_at))),
            format!("{organisation} a changé la session de jury à laquelle vous êtes convoqué·e."),
            "Voici ce qui vaut désormais. Le fichier joint met votre agenda à jour ; vérifiez \
             votre réponse sur la page de la convocation.",
        ),
        Occasion::Cancelled => (
            format!("Annulation : {title}, {}", day_and_month(day_of(*starts_at))),
            format!("{organisation} n’a plus besoin de vous pour cette session de jury."),
            "Vous n’avez rien à faire. Le fichier joint retire le rendez-vous de votre agenda.",
        ),
    };
    let mut facts = vec![
        title.clone(),
        certification.clone(),
        format!("{}, à {}", long(day_of(*starts_at)), hour(*starts_at)),
    ];
    facts.extend([place.clone()].into_iter().filter(|place| !place.is_empty()));
    facts.extend(link.clone());
    facts.extend((*candidates > 0).then(|| {
        if *candidates == 1 { "1 candidat".to_owned() } else { format!("{candidates} candidats") }
    }));
    let contact = format!("Une question ? Écrivez à {name} : {address}.");
    let parts = vec![
        Part::Text(what),
        Part::List(facts),
        Part::Text(then.to_owned()),
        Part::Small(contact),
    ];
    (subject, parts)
}

/// Subject and body of what a candidate is told.
fn summoned(summons: &Summons) -> (String, Vec<Part>) {
    let Summons { occasion, organisation, certification, blocks, organiser, hearing } = summons;
    let Hearing { title, starts_at, place, link, .. } = hearing;
    let when = day_and_month(day_of(*starts_at));
    let (subject, what) = match occasion {
        Occasion::Convened => (
            format!("Votre passage devant le jury, {when}"),
            format!("{organisation} vous convoque devant un jury de certification."),
        ),
        Occasion::Changed => (
            format!("Votre passage devant le jury change, {when}"),
            "Voici ce qui vaut désormais pour votre passage devant le jury.".to_owned(),
        ),
        Occasion::Cancelled => (
            format!("Votre passage devant le jury est annulé, {when}"),
            format!(
                "{organisation} annule votre passage devant ce jury. Votre dossier reste tel qu’il \
                 est, et une autre date vous sera annoncée par courriel."
            ),
        ),
    };
    let mut facts = vec![
        title.clone(),
        certification.clone(),
        format!("{}, à {}", long(day_of(*starts_at)), hour(*starts_at)),
    ];
    let mut parts = vec![Part::Text(what)];
    if *occasion == Occasion::Cancelled {
        parts.push(Part::List(facts));
    } else {
        facts.extend(lasting("Présentation", hearing.presentation_minutes));
        facts.extend(lasting("Entretien", hearing.interview_minutes));
        facts.extend([place.clone()].into_iter().filter(|place| !place.is_empty()));
        facts.extend(link.clone());
        parts.push(Part::List(facts));
        if blocks.is_empty() {
            parts.push(Part::Text(
                "Aucun dossier n’est encore déposé, et le jury ne lit que ce qui l’est : déposez le \
                 vôtre sans attendre."
                    .to_owned(),
            ));
        } else {
            parts.push(Part::Text("Le jury lit votre dossier, sur ces blocs :".to_owned()));
            let line = |(code, title): &(String, String)| format!("{code} – {title}");
            parts.push(Part::List(blocks.iter().map(line).collect()));
        }
        parts.push(Part::Text(
            "Soyez là quelques minutes avant l’heure, avec une pièce d’identité et ce qu’il faut \
             pour votre présentation. Si cette date est impossible, ou s’il vous faut un \
             aménagement, dites-le dès maintenant."
                .to_owned(),
        ));
    }
    let (name, address) = organiser;
    parts.push(Part::Small(format!("Une question ? Écrivez à {name} : {address}.")));
    (subject, parts)
}

fn lasting(what: &str, minutes: u32) -> Option<String> {
    match minutes {
        0 => None,
        1 => Some(format!("{what} : 1 minute")),
        minutes => Some(format!("{what} : {minutes} minutes")),
    }
}

fn day_of(at: DateTime<Utc>) -> NaiveDate {
    clock_in_france(at).0
}

/// « 9 h 05 »
fn hour(at: DateTime<Utc>) -> String {
    clock_in_france(at).1.format("%-H\u{a0}h\u{a0}%M").to_string()
}

fn subject_of(reminder: &Reminder, today: NaiveDate) -> String {
    let Reminder { due, waiting, expiring } = reminder;
    if let ([], [first, ..]) = (due.as_slice(), expiring.as_slice()) {
        let last_day = expiring.iter().map(|one| one.last_day).min().unwrap_or(first.last_day);
        let ends = day_in_french(last_day);
        return match expiring.as_slice() {
            [_] => format!("Un bloc validé expire le {ends}"),
            all => format!("{} blocs validés expirent, à partir du {ends}", all.len()),
        };
    }
    match (due.as_slice(), waiting) {
        ([], Some(waiting)) => {
            let count: u32 = waiting.students.iter().map(|(_, count)| count).sum();
            if count == 1 {
                "Un élément attend votre avis".to_owned()
            } else {
                format!("{count} éléments attendent votre avis")
            }
        }
        ([only], _) if only.on < today => format!("En retard : {}", only.title),
        ([only], _) => format!("{} : jusqu’au {}", only.title, day_and_month(only.on)),
        (due, _) => format!("Vos {} échéances", due.len()),
    }
}

fn of(reminder: &Reminder, today: NaiveDate) -> Vec<Part> {
    let Reminder { due, waiting, expiring } = reminder;
    let mut parts = Vec::new();
    if !expiring.is_empty() {
        parts.push(Part::Text("Blocs validés qui expirent bientôt :".to_owned()));
        parts.push(Part::List(expiring.iter().map(ending).collect()));
        parts.push(Part::Text(
            "La certification s’obtient quand tous ses blocs sont en vigueur le même jour. \
             Demandez à votre établissement la date du prochain jury."
                .to_owned(),
        ));
    }
    let (late, ahead): (Vec<&Due>, Vec<&Due>) = due.iter().partition(|due| due.on < today);
    for (title, items) in [("En retard :", late), ("À faire bientôt :", ahead)] {
        if !items.is_empty() {
            parts.push(Part::Text(title.to_owned()));
            parts.push(Part::List(items.into_iter().map(line).collect()));
        }
    }
    if let Some(Waiting { students, since }) = waiting {
        parts.push(Part::Text(format!("Ce qui attend votre avis, depuis le {} :", long(*since))));
        let count = |count: &u32| {
            if *count == 1 { "1 élément".to_owned() } else { format!("{count} éléments") }
        };
        parts.push(Part::List(
            students.iter().map(|(name, number)| format!("{name} : {}", count(number))).collect(),
        ));
    }
    parts
}

fn receipt_of(receipt: &Receipt) -> Vec<Part> {
    let Receipt { number, blocks, at, manifest_sha256 } = receipt;
    let (day, time) = clock_in_france(*at);
    vec![
        Part::Text(format!(
            "Votre dossier n° {number} est déposé depuis le {} à {}. Gardez ce courriel : c’est \
             votre récépissé.",
            long(day),
            time.format("%H:%M"),
        )),
        Part::List(blocks.iter().map(|(code, title)| format!("{code} – {title}")).collect()),
        Part::Text(format!(
            "Empreinte SHA-256 de son manifeste, qui nomme chaque fichier : {manifest_sha256}"
        )),
        Part::Text(
            "Le jury lira ce qui est déposé. Vous pouvez continuer à travailler dans votre \
             portfolio : le dossier n’en change pas."
                .to_owned(),
        ),
    ]
}

fn ending(expiring: &Expiring) -> String {
    let Expiring { block, certification, last_day } = expiring;
    format!("{block} ({certification}) : en vigueur jusqu’au {} inclus", long(*last_day))
}

fn line(due: &Due) -> String {
    let Due { on, topic: _, title, student, cohort } = due;
    let of = student.as_ref().map(|student| format!(" – {student}")).unwrap_or_default();
    format!("{title}{of} ({cohort}) : {}", long(*on))
}

/// « mercredi 31 mars 2027 »
fn long(day: NaiveDate) -> String {
    const DAYS: [&str; 7] =
        ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
    let weekday = DAYS[day.weekday().num_days_from_monday() as usize];
    format!("{weekday} {}", day_in_french(day))
}

fn text(name: &str, parts: &[Part]) -> String {
    let mut text = format!("Bonjour {name},\n");
    for part in parts {
        let written = match part {
            Part::Text(words) | Part::Small(words) => writeln!(text, "\n{words}"),
            Part::List(items) => items.iter().try_for_each(|item| writeln!(text, "- {item}")),
            Part::Link { label, url } => writeln!(text, "\n{label} :\n{url}"),
            Part::SmallLink { before, label, url } => {
                writeln!(text, "\n{before} {label} :\n{url}")
            }
        };
        written.expect("text can be written to");
    }
    text
}

fn html(subject: &str, name: &str, parts: &[Part]) -> String {
    const LINK: &str = "display:inline-block;padding:12px 20px;background:#1d4ed8;color:#ffffff;\
                        border-radius:8px;text-decoration:none;font-weight:bold";
    const SMALL: &str = "font-size:14px;color:#4b5563";
    let mut body = format!("<p>Bonjour {},</p>\n", escaped(name));
    for part in parts {
        let written = match part {
            Part::Text(words) => writeln!(body, "<p>{}</p>", escaped(words)),
            Part::Small(words) => writeln!(body, "<p style=\"{SMALL}\">{}</p>", escaped(words)),
            Part::List(items) => {
                body.push_str("<ul>");
                for item in items {
                    body.push_str("<li>");
                    body.push_str(&escaped(item));
                    body.push_str("</li>");
                }
                writeln!(body, "</ul>")
            }
            Part::Link { label, url } => writeln!(
                body,
                "<p><a href=\"{}\" style=\"{LINK}\">{}</a></p>",
                escaped(url),
                escaped(label)
            ),
            Part::SmallLink { before, label, url } => writeln!(
                body,
                "<p style=\"{SMALL}\">{} <a href=\"{}\" style=\"color:#1d4ed8\">{}</a></p>",
                escaped(before),
                escaped(url),
                escaped(label)
            ),
        };
        written.expect("text can be written to");
    }
    format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{}</title></head>\n<body style=\"font-family:\
         system-ui,sans-serif;font-size:16px;line-height:1.5;color:#111827;max-width:36em\">\n\
         {body}</body>\n</html>\n",
        escaped(subject)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn links(way_in: WayIn, mute: Option<&str>) -> Links<'static> {
        Links { base: "https://acquis.test", way_in, mute: mute.map(str::to_owned) }
    }

    fn due(on: &str, title: &str, student: Option<&str>) -> Due {
        Due {
            on: day(on),
            topic: Topic::Deadlines,
            title: title.to_owned(),
            student: student.map(str::to_owned),
            cohort: "Promotion 2027".to_owned(),
        }
    }

    #[test]
    fn an_invitation_says_how_to_get_in() {
        let message = Message::Invitation { organisation: "École & Cie".to_owned() };
        for (way_in, label, url) in [
            (
                WayIn::Link("abc".to_owned()),
                "Entrer dans Acquis",
                Some("https://acquis.test/entrer#abc"),
            ),
            (
                WayIn::FirstPassword("abc".to_owned()),
                "Choisir mon mot de passe",
                Some("https://acquis.test/entrer#abc"),
            ),
            (WayIn::SignIn, "Ouvrir Acquis", None),
        ] {
            let letter = write(&message, "Léa <Test>", day("2027-03-01"), &links(way_in, None));
            assert_eq!(letter.subject, "École & Cie vous invite sur Acquis");
            assert_eq!(letter.link.as_deref(), url);
            assert_eq!(letter.unsubscribe, None);
            assert!(letter.text.starts_with("Bonjour Léa <Test>,\n\nÉcole & Cie vous"));
            assert!(letter.text.contains(url.unwrap_or("https://acquis.test")), "{}", letter.text);
            assert!(letter.html.contains(label) && letter.html.contains("Léa &lt;Test&gt;"));
            assert!(letter.html.contains("École &amp; Cie vous a ajouté·e"));
        }
    }

    #[test]
    fn a_change_of_address_is_told_at_both_and_leads_in_at_one() {
        let organisation = || "École & Cie".to_owned();
        let changed = Message::AddressChanged { organisation: organisation() };
        let left = Message::AddressLeft { organisation: organisation() };
        for (message, leads_in) in [(changed, true), (left, false)] {
            let letter = write(&message, "Léa", day("2027-03-01"), &links(WayIn::SignIn, None));
            assert_eq!(letter.subject, "Votre adresse sur Acquis a changé");
            assert!(letter.text.contains("École & Cie a changé l’adresse"), "{}", letter.text);
            assert_eq!(letter.text.contains("https://acquis.test"), leads_in, "{}", letter.text);
        }
    }

    #[test]
    fn a_reminder_tells_what_is_late_from_what_is_to_come() {
        let reminder = Reminder {
            due: vec![
                due("2027-03-31", "Visite n° 2", Some("Léa Nguyen")),
                due("2027-02-27", "Visite n° 1", Some("Paul Morel")),
            ],
            waiting: Some(Waiting {
                students: vec![("Léa Nguyen".to_owned(), 2), ("Paul Morel".to_owned(), 1)],
                since: day("2027-02-01"),
            }),
            expiring: Vec::new(),
        };
        let message = Message::Reminder(reminder);
        let way_in = WayIn::Link("abc".to_owned());
        let letter = write(&message, "Marc", day("2027-03-01"), &links(way_in, Some("m")));
        assert_eq!(letter.subject, "Vos 2 échéances");
        let (before, after) = letter.text.split_once("À faire bientôt :").expect("both");
        assert!(
            before.contains(
                "En retard :\n- Visite n° 1 – Paul Morel (Promotion 2027) : samedi 27 février 2027"
            ),
            "{before}"
        );
        assert!(
            after.contains("- Visite n° 2 – Léa Nguyen (Promotion 2027) : mercredi 31 mars 2027"),
            "{after}"
        );
        assert!(after.contains("depuis le lundi 1er février 2027 :"), "{after}");
        assert!(after.contains("- Léa Nguyen : 2 éléments\n- Paul Morel : 1 élément\n"), "{after}");
        assert!(after.contains("https://acquis.test/courriels#m"), "{after}");
        let unsubscribe = letter.unsubscribe.expect("it may be muted");
        assert_eq!(unsubscribe, "https://acquis.test/api/v1/mails/unsubscribe?token=m");
    }

    #[test]
    fn a_receipt_can_be_checked_against_the_manifest() {
        let message = Message::Deposited(Receipt {
            number: 2,
            blocks: vec![("BC01".to_owned(), "Concevoir & réaliser".to_owned())],
            at: "2027-05-31T22:05:00Z".parse().expect("a time"),
            manifest_sha256: "abc123".to_owned(),
        });
        let letter = write(&message, "Léa", day("2027-06-01"), &links(WayIn::SignIn, None));
        assert_eq!(letter.subject, "Dossier n° 2 déposé");
        // Past midnight in Paris.
        assert!(letter.text.contains("depuis le mardi 1er juin 2027 à 00:05."), "{}", letter.text);
        assert!(letter.text.contains("- BC01 – Concevoir & réaliser\n"), "{}", letter.text);
        assert!(letter.text.contains("nomme chaque fichier : abc123\n"), "{}", letter.text);
        assert!(letter.html.contains("Concevoir &amp; réaliser"));
    }

    #[test]
    fn a_reopening_says_why() {
        let message = Message::Reopened {
            number: 1,
            reason: "Le rapport <final> manque.".to_owned(),
            by: "Nadia Roche".to_owned(),
        };
        let letter = write(&message, "Léa", day("2027-06-01"), &links(WayIn::SignIn, None));
        assert_eq!(letter.subject, "Votre dossier n° 1 est rouvert");
        assert!(letter.text.contains("Nadia Roche a rouvert"), "{}", letter.text);
        assert!(letter.text.contains("\nLe rapport <final> manque.\n"), "{}", letter.text);
        assert!(letter.html.contains("Le rapport &lt;final&gt; manque."));
    }

    #[test]
    fn a_result_is_read_behind_the_link() {
        let message = Message::Judged {
            enrolment: uuid::Uuid::from_u128(7),
            certification: "Architecte".to_owned(),
        };
        let path = "/parcours/00000000-0000-0000-0000-000000000007/acquis";
        for (way_in, url) in [
            (WayIn::SignIn, format!("https://acquis.test{path}")),
            (WayIn::Link("abc".to_owned()), format!("https://acquis.test/entrer?vers={path}#abc")),
        ] {
            let letter = write(&message, "Léa", day("2027-06-01"), &links(way_in, None));
            assert_eq!(letter.subject, "Votre résultat est disponible");
            assert!(letter.text.contains("(Architecte)"), "{}", letter.text);
            assert!(letter.text.contains(&url), "{}", letter.text);
            assert!(!letter.text.contains("valid") && !letter.text.contains("refus"));
        }
    }

    #[test]
    fn a_block_that_ends_is_named_with_its_last_day() {
        let expiring = |block: &str, last_day| Expiring {
            block: block.to_owned(),
            certification: "Expert".to_owned(),
            last_day: day(last_day),
        };
        let (one, other) = (expiring("B1 Analyser", "2031-06-15"), expiring("B2", "2031-05-01"));
        for (blocks, subject) in [
            (vec![one.clone()], "Un bloc validé expire le 15 juin 2031"),
            (vec![one, other], "2 blocs validés expirent, à partir du 1er mai 2031"),
        ] {
            let reminder = Reminder { expiring: blocks, ..Reminder::default() };
            let message = Message::Reminder(reminder);
            let letter = write(&message, "Léa", day("2030-06-15"), &links(WayIn::SignIn, None));
            assert_eq!(letter.subject, subject);
            let line = "- B1 Analyser (Expert) : en vigueur jusqu’au dimanche 15 juin 2031 inclus";
            assert!(letter.text.contains(line), "{}", letter.text);
            assert_eq!(letter.unsubscribe, None);
        }
    }

    fn convocation(occasion: Occasion) -> Message {
        Message::Convocation(Convocation {
            occasion,
            session: uuid::Uuid::from_u128(7),
            organisation: "École & Cie".to_owned(),
            certification: "RNCP38822 – Architecte".to_owned(),
            candidates: 3,
            appointment: Appointment {
                uid: uuid::Uuid::from_u128(8),
                sequence: 2,
                title: "Jury de juin".to_owned(),
                // Past midnight in Paris.
                starts_at: "2027-06-14T22:05:00Z".parse().expect("a time"),
                ends_at: "2027-06-15T01:00:00Z".parse().expect("a time"),
                place: "Salle 12".to_owned(),
                link: Some("https://visio.example/1".to_owned()),
                organiser: ("Anne Roy".to_owned(), "chef@ecole.fr".to_owned()),
                made_at: "2027-05-01T08:00:00Z".parse().expect("a time"),
            },
        })
    }

    #[test]
    fn a_candidate_is_told_their_own_slot() {
        let summons = |occasion, blocks: &[(&str, &str)]| {
            let blocks = blocks.iter().map(|(code, title)| ((*code).into(), (*title).into()));
            Message::Summons(Summons {
                occasion,
                organisation: "École & Cie".to_owned(),
                certification: "RNCP38822 – Architecte".to_owned(),
                blocks: blocks.collect(),
                organiser: ("Anne Roy".to_owned(), "chef@ecole.fr".to_owned()),
                hearing: Hearing {
                    enrolment_id: uuid::Uuid::from_u128(7),
                    title: "Jury de juin".to_owned(),
                    starts_at: "2027-06-15T07:05:00Z".parse().expect("a time"),
                    presentation_minutes: 20,
                    interview_minutes: 0,
                    place: "Salle 12".to_owned(),
                    link: None,
                    blocks: Vec::new(),
                },
            })
        };
        let written = |message| {
            let links = links(WayIn::Link("abc".to_owned()), None);
            write(&message, "Léa", day("2027-06-01"), &links)
        };
        let letter = written(summons(Occasion::Convened, &[("B1", "Concevoir")]));
        assert_eq!(letter.subject, "Votre passage devant le jury, 15 juin");
        for fact in [
            "École & Cie vous convoque",
            "- RNCP38822 – Architecte\n- mardi 15 juin 2027, à 9\u{a0}h\u{a0}05\n- Présentation : 20 \
             minutes\n- Salle 12\n",
            "sur ces blocs :\n- B1 – Concevoir\n",
            "une pièce d’identité",
            "Écrivez à Anne Roy : chef@ecole.fr.",
            "/entrer?vers=/parcours/00000000-0000-0000-0000-000000000007/depot#abc",
        ] {
            assert!(letter.text.contains(fact), "{fact}: {}", letter.text);
        }
        let letter = written(summons(Occasion::Changed, &[]));
        assert_eq!(letter.subject, "Votre passage devant le jury change, 15 juin");
        assert!(letter.text.contains("Aucun dossier n’est encore déposé"), "{}", letter.text);
        let letter = written(summons(Occasion::Cancelled, &[("B1", "Concevoir")]));
        assert_eq!(letter.subject, "Votre passage devant le jury est annulé, 15 juin");
        assert!(letter.text.contains("annule votre passage") && !letter.text.contains("Salle 12"));
    }

    #[test]
    fn a_convocation_leads_to_its_page_and_carries_the_appointment() {
        const PAGE: &str = "/jurys/00000000-0000-0000-0000-000000000007/convocation";
        let link = |token: &str| WayIn::Link(token.to_owned());
        for (occasion, way_in, subject, url, method) in [
            (
                Occasion::Convened,
                link("abc"),
                "Convocation : Jury de juin, 15 juin",
                format!("https://acquis.test/entrer?vers={PAGE}#abc"),
                "METHOD:PUBLISH",
            ),
            (
                Occasion::Changed,
                WayIn::SignIn,
                "Changement : Jury de juin, 15 juin",
                format!("https://acquis.test{PAGE}"),
                "METHOD:PUBLISH",
            ),
            (
                Occasion::Cancelled,
                WayIn::SignIn,
                "Annulation : Jury de juin, 15 juin",
                "https://acquis.test".to_owned(),
                "METHOD:CANCEL",
            ),
        ] {
            let letter =
                write(&convocation(occasion), "Vera", day("2027-05-01"), &links(way_in, None));
            assert_eq!(letter.subject, subject);
            assert!(letter.text.contains(&format!(":\n{url}\n")), "{}", letter.text);
            for fact in [
                "- RNCP38822 – Architecte\n",
                "- mardi 15 juin 2027, à 0\u{a0}h\u{a0}05\n",
                "- Salle 12\n- https://visio.example/1\n- 3 candidats\n",
                "Écrivez à Anne Roy : chef@ecole.fr.",
            ] {
                assert!(letter.text.contains(fact), "{fact}: {}", letter.text);
            }
            assert!(letter.html.contains("École &amp; Cie"));
            let attachment = letter.attachment.expect("a calendar file");
            assert!(attachment.content.contains(method) && attachment.name == "invitation.ics");
        }
    }

    #[test]
    fn a_subject_names_the_one_thing() {
        let subject = |due: &[Due], waiting: Option<u32>| {
            let waiting = waiting.map(|count| Waiting {
                students: vec![("Léa".to_owned(), count)],
                since: day("2027-02-01"),
            });
            let message =
                Message::Reminder(Reminder { due: due.to_vec(), waiting, expiring: Vec::new() });
            write(&message, "Marc", day("2027-03-01"), &links(WayIn::SignIn, None)).subject
        };
        let ahead = due("2027-03-31", "Visite", None);
        let late = due("2027-02-27", "Visite", None);
        assert_eq!(subject(&[ahead], Some(1)), "Visite : jusqu’au 31 mars");
        assert_eq!(subject(&[late], None), "En retard : Visite");
        assert_eq!(subject(&[], Some(1)), "Un élément attend votre avis");
        assert_eq!(subject(&[], Some(3)), "3 éléments attendent votre avis");
    }
}
