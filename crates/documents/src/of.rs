//! From the values of the rules to those of the documents.
//!
//! Pure, like the documents: what is printed of something sealed depends on it, and on the school's
//! letterhead, alone.

mod dossier;
mod minutes;
mod papers;
mod words;

pub use dossier::dossier;
pub use minutes::minutes;
pub use papers::{Issue, attestation, certificate, result_letter};

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::{ambient::clock_in_france, capitalisation::Term, enrolment, letterhead::Letterhead};

use crate::{CertificationRef, Holder, School, Signatory, Validity};

fn certification(named: &enrolment::CertificationRef) -> CertificationRef {
    let enrolment::CertificationRef { id: _, code, version, title } = named.clone();
    CertificationRef { code, title, version }
}

/// The civil status is not kept: a school prints no birth that it did not check.
fn holder(given_name: &str, family_name: &str) -> Holder {
    Holder { name: format!("{given_name} {family_name}"), born_on: None, born_at: None }
}

/// The school under the name that it had when something was sealed.
fn named(school: &str) -> School {
    School { name: school.to_owned(), trade_name: None, address: Vec::new() }
}

fn school(organisation: &str, letterhead: &Letterhead) -> School {
    let name = non_empty(&letterhead.legal_name).unwrap_or_else(|| organisation.to_owned());
    School {
        trade_name: non_empty(&letterhead.trade_name).filter(|trade| *trade != name),
        address: lines(&letterhead.address),
        name,
    }
}

fn signatory(letterhead: &Letterhead) -> Option<Signatory> {
    let name = non_empty(&letterhead.signatory)?;
    Some(Signatory { name, quality: letterhead.signatory_quality.trim().to_owned() })
}

/// What clocks and calendars of the school show.
fn moment(at: DateTime<Utc>) -> NaiveDateTime {
    let (day, time) = clock_in_france(at);
    day.and_time(time)
}

fn validity(term: Term) -> Validity {
    match term {
        Term::Unlimited => Validity::Unlimited,
        Term::Until { last_day } => Validity::Until { last_day },
        Term::Unknown => Validity::Unstated,
    }
}

fn non_empty(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn lines(text: &str) -> Vec<String> {
    text.lines().filter_map(non_empty).collect()
}
