//! An appointment as a calendar file (RFC 5545), which a mail carries and a page gives.

use domain::jury::convocation::Appointment;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

/// Published rather than requested: the answer is given on the page, where conflicts are declared,
/// and not by a calendar.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8; method=PUBLISH";
pub const CANCELLATION: &str = "text/calendar; charset=utf-8; method=CANCEL";

/// The file, which leads to this page; one that takes the appointment back where it is cancelled.
pub fn write(appointment: &Appointment, page: &str, cancelled: bool) -> String {
    let Appointment {
        uid,
        sequence,
        title,
        starts_at,
        ends_at,
        place,
        link,
        organiser: (name, address),
        made_at,
    } = appointment;
    let (method, status) = if cancelled {
        ("CANCEL", EventStatus::Cancelled)
    } else {
        ("PUBLISH", EventStatus::Confirmed)
    };
    let at = [place.as_str(), link.as_deref().unwrap_or_default()];
    let at: Vec<&str> = at.into_iter().filter(|at| !at.is_empty()).collect();
    let description: Vec<&str> = link.as_deref().into_iter().chain([page]).collect();
    let organiser = Property::new("ORGANIZER", format!("mailto:{address}"))
        .add_parameter("CN", &name.replace(['"', '\r', '\n'], " "))
        .done();
    let event = Event::new()
        .uid(&format!("{uid}@acquis"))
        .sequence(*sequence)
        .timestamp(*made_at)
        .starts(*starts_at)
        .ends(*ends_at)
        .summary(&plain(title))
        .location(&plain(&at.join(" – ")))
        .description(&description.join("\n"))
        .url(page)
        .status(status)
        .append_property(organiser)
        .done();
    Calendar::empty()
        .append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new("PRODID", "-//Acquis//Acquis//FR"))
        .append_property(Property::new("METHOD", method))
        .push(event)
        .done()
        .to_string()
}

/// Lines end in one way.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use calcard::{Entry, Parser};
    use uuid::Uuid;

    use super::*;

    const PAGE: &str = "https://acquis.test/jurys/7/convocation";

    fn appointment() -> Appointment {
        Appointment {
            uid: Uuid::from_u128(7),
            sequence: 3,
            title: "Jury de juin ; blocs 1, 2 et 3 – élèves ingénieurs de la promotion 2027, \
                    spécialité « systèmes numériques »"
                .to_owned(),
            starts_at: "2027-06-15T06:30:00Z".parse().expect("a time"),
            ends_at: "2027-06-15T10:00:00Z".parse().expect("a time"),
            place: "Salle 12\r\nBâtiment C".to_owned(),
            link: Some("https://visio.example/jury?id=1;a,b".to_owned()),
            organiser: ("Anne, \"Chef\"".to_owned(), "chef@ecole.fr".to_owned()),
            made_at: "2027-05-01T08:00:00Z".parse().expect("a time"),
        }
    }

    /// Name and value of every property, as another program reads them.
    fn read(file: &str) -> Vec<(String, String)> {
        let Entry::ICalendar(calendar) = Parser::new(file).entry() else {
            panic!("no calendar: {file}")
        };
        let properties = calendar.components.iter().flat_map(|component| &component.entries);
        properties
            .map(|entry| {
                let value = entry.values.first().and_then(|value| value.as_text());
                (entry.name.as_str().to_owned(), value.unwrap_or_default().to_owned())
            })
            .collect()
    }

    #[test]
    fn another_program_reads_what_is_written() {
        let appointment = appointment();
        let file = write(&appointment, PAGE, false);
        let read = read(&file);
        let value = |name: &str| {
            let found = read.iter().find(|(found, _)| found == name);
            found.unwrap_or_else(|| panic!("no {name}: {read:?}")).1.as_str()
        };
        assert_eq!(value("SUMMARY"), appointment.title);
        assert_eq!(value("LOCATION"), "Salle 12\nBâtiment C – https://visio.example/jury?id=1;a,b");
        assert_eq!(value("UID"), "00000000-0000-0000-0000-000000000007@acquis");
        assert_eq!(value("ORGANIZER"), "mailto:chef@ecole.fr");
        for line in [
            "METHOD:PUBLISH",
            "SEQUENCE:3",
            "DTSTART:20270615T063000Z",
            "DTEND:20270615T100000Z",
            "DTSTAMP:20270501T080000Z",
            "STATUS:CONFIRMED",
        ] {
            assert!(file.lines().any(|found| found == line), "{line}\n{file}");
        }
    }

    #[test]
    fn a_line_has_75_octets_at_most_and_ends_as_the_format_says() {
        let file = write(&appointment(), PAGE, false);
        assert!(file.ends_with("END:VCALENDAR\r\n"));
        assert_eq!(file.matches('\n').count(), file.matches("\r\n").count());
        assert!(file.split("\r\n").all(|line| line.len() <= 75), "{file}");
    }

    #[test]
    fn what_is_cancelled_says_so() {
        let file = write(&Appointment { sequence: 4, ..appointment() }, PAGE, true);
        for line in ["METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:4"] {
            assert!(file.lines().any(|found| found == line), "{line}\n{file}");
        }
    }
}
