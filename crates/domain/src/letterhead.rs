//! What a school prints on the papers that it issues.

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, Faults};

const LINE_MAX: usize = 200;
const APPEALS_MAX: usize = 4_000;

/// Everything may be blank: a paper then leaves room for it, to be written by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Letterhead {
    /// Legal name (*raison sociale*); the school's own name where blank.
    pub legal_name: String,
    /// Name that it is known by.
    pub trade_name: String,
    /// Postal address, one line each.
    pub address: String,
    /// Town in which papers are made out.
    pub place: String,
    /// Name of who signs.
    pub signatory: String,
    /// Why this person may sign: `Directrice des études`.
    pub signatory_quality: String,
    /// Ways and delays of appeal, as result letters tell them.
    pub appeals: String,
}

impl Letterhead {
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let Self { legal_name, trade_name, address, place, signatory, signatory_quality, appeals } =
            self;
        let mut faults = Faults::default();
        faults.at_most("legal_name", legal_name, LINE_MAX);
        faults.at_most("trade_name", trade_name, LINE_MAX);
        faults.at_most("address", address, LINE_MAX);
        faults.at_most("place", place, LINE_MAX);
        faults.at_most("signatory", signatory, LINE_MAX);
        faults.at_most("signatory_quality", signatory_quality, LINE_MAX);
        faults.at_most("appeals", appeals, APPEALS_MAX);
        faults.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::wrong;

    #[test]
    fn a_letterhead_may_be_blank_and_not_endless() {
        let long = "a".repeat(LINE_MAX + 1);
        for (letterhead, faults) in [
            (Letterhead::default(), &[][..]),
            (
                Letterhead { place: long.clone(), address: long.clone(), ..Letterhead::default() },
                &["address: too_long", "place: too_long"],
            ),
            (Letterhead { appeals: long, ..Letterhead::default() }, &[]),
        ] {
            assert_eq!(wrong(letterhead.check()), faults);
        }
    }
}
