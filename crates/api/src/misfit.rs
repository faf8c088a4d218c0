//! A value of a body that is not of the shape asked for, said as a fault of its field.

use domain::fault::Fault;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};
use serde_json::{Map, Value};

pub type Misfit = serde_path_to_error::Error<serde_json::Error>;

/// Between a path and what is wrong there, where [`part`] hands both on as one text.
const SEPARATOR: char = '\u{1f}';

/// Reads a part whose fields lie among those of the whole: `flatten` alone forgets which of them
/// does not fit.
pub fn part<'de, D: Deserializer<'de>, T: DeserializeOwned>(whole: D) -> Result<T, D::Error> {
    let fields = Map::deserialize(whole)?;
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|misfit: Misfit| {
        D::Error::custom(format!("{}{SEPARATOR}{}", misfit.path(), misfit.inner()))
    })
}

pub fn fault(misfit: &Misfit) -> Fault {
    let (path, text) = (misfit.path().to_string(), misfit.inner().to_string());
    let (path, text) = text.split_once(SEPARATOR).unwrap_or((&path, &text));
    let path = if path == "." { "" } else { path };
    let quoted = text.strip_prefix("missing field `").and_then(|rest| rest.split_once('`'));
    if let Some((name, _)) = quoted {
        let field = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        return Fault::new(field, "required", "Ce champ est obligatoire.");
    }
    let expected = text.rsplit_once("expected ").map_or("", |(_, expected)| expected);
    if ["u8", "u16", "u32", "u64", "usize"].iter().any(|kind| expected.starts_with(kind)) {
        let detail = "Indiquez un nombre entier, sans virgule ni signe moins, d’une grandeur \
                      vraisemblable.";
        return Fault::new(path, "bad_number", detail);
    }
    let detail = "Cette valeur n’a pas la forme attendue, ou n’est pas de celles qui sont prévues.";
    Fault::new(path, "bad_json", detail)
}
