//! SIRET numbers: which establishment of which company.

/// La Poste has more establishments than Luhn's key can number under one SIREN (INSEE, « Système
/// national d'identification des entreprises et des établissements »).
const LA_POSTE: &str = "356000000";

/// Whether 14 digits are a SIRET: Luhn's key is right, or, for La Poste, the digits add up to a
/// multiple of five.
pub fn is_siret(number: &str) -> bool {
    if number.len() != 14 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let digits = || number.bytes().rev().map(|byte| u32::from(byte - b'0'));
    let luhn: u32 = digits()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    let poste = number.starts_with(LA_POSTE) && digits().sum::<u32>().is_multiple_of(5);
    (luhn > 0 && luhn.is_multiple_of(10)) || poste
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_siret_has_fourteen_digits_and_a_key() {
        for (number, expected) in [
            ("73282932000074", true),
            ("73282932000075", false),
            ("73282392000074", false),
            ("7328293200007", false),
            ("732829320000741", false),
            ("7328293200007A", false),
            ("732 829 320 00074", false),
            ("00000000000000", false),
            ("", false),
            // La Poste: its head office has a right key, its other establishments need none.
            ("35600000000048", true),
            ("35600000049837", true),
            ("35600000049838", false),
        ] {
            assert_eq!(is_siret(number), expected, "{number:?}");
        }
    }
}
