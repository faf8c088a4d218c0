//! The certifications shipped with the product.

use std::sync::LazyLock;

use domain::certification::Certification;

use crate::file::parse;

/// A certification whose file is part of the binary.
#[derive(Debug)]
pub struct Builtin {
    pub file: &'static str,
    pub text: &'static str,
    pub certification: Certification,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../certifications/", $name)))),*]
    };
}

static BUILTIN: LazyLock<Vec<Builtin>> = LazyLock::new(|| {
    files!["RNCP42008.toml", "RNCP38822.toml", "RNCP21947.toml", "RNCP37579.toml", "SYSNUM.toml",]
        .into_iter()
        .map(|(file, text)| Builtin {
            file,
            text,
            certification: parse(file, text).unwrap_or_else(|faults| {
                let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
                panic!("a shipped certification is refused:\n{}", faults.join("\n"))
            }),
        })
        .collect()
});

/// The shipped certifications, newest registration first, then those without a date.
pub fn builtin() -> &'static [Builtin] {
    &BUILTIN
}

/// The shipped certification of this code.
pub fn find(code: &str) -> Option<&'static Builtin> {
    builtin().iter().find(|builtin| builtin.certification.code == code)
}
