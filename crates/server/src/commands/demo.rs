//! `acquis demo`

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use clap::Args;
use domain::ambient::{Ambient, Clock, ManualClock, SystemClock};
use store::{Db, Durability, credential::Signing};

use super::serve::{self, serve};
use crate::{
    demo, folder,
    options::{Courier, Limits, Network, Storage},
};

/// The password of every person of the demonstration.
const PASSWORD: &str = "demonstration";
/// The same seed makes the same school.
const SEED: u64 = 42_008;

#[derive(Args)]
pub struct Arguments {
    /// Dossier de la démonstration ; par défaut dans le dossier temporaire du système.
    #[arg(long, env = "ACQUIS_DATA", value_name = "DOSSIER")]
    data: Option<PathBuf>,
    /// Efface la démonstration précédente et recommence.
    #[arg(long)]
    reset: bool,
    #[command(flatten)]
    network: Network,
    #[command(flatten)]
    limits: Limits,
}

pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { data, reset, network, limits } = arguments;
    let data = data.unwrap_or_else(|| std::env::temp_dir().join("acquis-demo"));
    folder::prepare(&data)?;
    if reset {
        erase(&data)?;
    }
    let storage = Storage { data, database_url: None };
    let people = match demo::load(&storage.data)? {
        Some(people) => people,
        None => fill(&storage, &network, limits).await?,
    };
    print(&people);
    let courier = Courier::default();
    let arguments = serve::Arguments { storage, network, limits, courier, secret: None };
    serve(arguments, Some(people)).await
}

/// Fills a folder beside and moves it in place, so that an interrupted start leaves nothing half
/// filled.
async fn fill(storage: &Storage, network: &Network, limits: Limits) -> Result<api::Demo> {
    let folder = &storage.data;
    if fs::read_dir(folder)?.next().is_some() {
        bail!(
            "le dossier {} n’est pas vide et n’est pas une démonstration. Choisissez-en un autre \
             avec --data.",
            folder.display()
        );
    }
    println!("Remplissage de la démonstration dans {}…", folder.display());
    let mut filling = folder.clone().into_os_string();
    filling.push(".filling");
    let filling = PathBuf::from(filling);
    if filling.exists() {
        fs::remove_dir_all(&filling).with_context(|| filling.display().to_string())?;
    }
    folder::prepare(&filling)?;
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let ambient = Arc::new(Ambient::seeded(clock.clone(), SEED));
    let today = ambient.today();
    let storage = Storage { data: filling.clone(), ..storage.clone() };
    let db = Db::open(&storage.options(limits, Durability::Off), ambient).await?;
    // Of its own: the generator of the demonstration is the same for everybody.
    let secret = folder::secret(&filling, &Ambient::system())?;
    let public_url = network.address();
    let signing = Signing::new(&secret, &public_url);
    let people = demo::fill(&db, &signing, &clock, today, PASSWORD).await?;
    let mails = filling.join(Courier::FOLDER);
    demo::mails::write(&db, &clock, today, &mails, &public_url).await?;
    db.close().await?;
    demo::save(&filling, &people)?;
    fs::remove_dir(folder).and_then(|()| fs::rename(&filling, folder))?;
    Ok(people)
}

/// Erases only what a demonstration has made.
fn erase(folder: &Path) -> Result<()> {
    if fs::read_dir(folder)?.next().is_none() {
        return Ok(());
    }
    if demo::load(folder)?.is_none() {
        bail!(
            "le dossier {} n’est pas une démonstration : --reset ne l’efface pas.",
            folder.display()
        );
    }
    drop(folder::lock(folder)?);
    fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
    folder::prepare(folder)
}

fn print(demo: &api::Demo) {
    println!("Comptes de la démonstration (mot de passe : {}) :", demo.password);
    for person in demo.people.iter().filter(|person| person.featured) {
        let name = format!("{} {}", person.given_name, person.family_name);
        println!("  {:<44} {name} : {}", person.email, person.note);
    }
    println!("La page de connexion propose chaque personne en un clic.");
}
