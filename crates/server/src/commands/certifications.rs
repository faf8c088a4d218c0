//! `acquis certifications`

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use domain::{
    ambient::Ambient,
    certification::{BlockValidity, Certification, CompetencyKind, VersionStatus},
    warnings::warnings,
};

#[derive(Subcommand)]
pub enum Command {
    /// Les certifications livrées avec le programme.
    List,
    /// Une certification livrée avec le programme, entière.
    Show {
        /// Par exemple RNCP38822.
        code: String,
        /// Tout, en JSON.
        #[arg(long)]
        json: bool,
    },
    /// Vérifie un fichier : chaque faute avec sa ligne et sa raison, puis les avertissements.
    Check {
        /// Fichier TOML d’une version de certification.
        file: PathBuf,
    },
}

pub fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::List => list(),
        Command::Show { code, json } => show(&code, json)?,
        Command::Check { file } => return check(&file),
    }
    Ok(ExitCode::SUCCESS)
}

fn list() {
    for file in catalog::builtin() {
        let certification = &file.certification;
        println!(
            "{:<10} {:<11} {:<9} {:>2} blocs {:>3} compétences  {}",
            certification.code,
            certification.version,
            status(certification.status),
            certification.blocks.len(),
            certification.competencies.len(),
            certification.title,
        );
    }
}

fn status(status: VersionStatus) -> &'static str {
    match status {
        VersionStatus::Draft => "brouillon",
        VersionStatus::Published => "publiée",
        VersionStatus::Retired => "retirée",
    }
}

fn show(code: &str, json: bool) -> Result<()> {
    let Some(file) = catalog::find(code) else {
        let known: Vec<&str> =
            catalog::builtin().iter().map(|file| file.certification.code.as_str()).collect();
        bail!("aucune certification « {code} ». Celles du programme : {}.", known.join(", "));
    };
    if json {
        println!("{}", serde_json::to_string_pretty(&file.certification)?);
    } else {
        print(&file.certification);
    }
    Ok(())
}

fn print(certification: &Certification) {
    println!("{} {}", certification.code, certification.title);
    println!("Version {}, {}", certification.version, status(certification.status));
    let validity = match certification.validation.block_validity {
        BlockValidity::Unlimited => "sans limite".to_owned(),
        BlockValidity::Years { years } => format!("{years} ans"),
        BlockValidity::Unknown => "non précisée".to_owned(),
    };
    println!("Validité d’un bloc : {validity}");
    for block in &certification.blocks {
        println!("\n{} {}", block.code, block.title);
        for key in block.assessed() {
            if let Some(competency) = certification.competency(key) {
                println!("  {key}  {}", competency.text);
            }
        }
    }
    let outside: Vec<_> = certification
        .competencies
        .iter()
        .filter(|competency| !certification.is_in_a_block(&competency.key))
        .collect();
    if !outside.is_empty() {
        println!("\nDans aucun bloc");
        for competency in outside {
            let kind = match competency.kind {
                CompetencyKind::Specific => "",
                CompetencyKind::Transversal => " (transversale)",
                CompetencyKind::Attitude => " (attitude)",
            };
            println!("  {}{kind}  {}", competency.key, competency.text);
        }
    }
    if !certification.requirements.is_empty() {
        println!("\nPrérequis à la validation");
        for requirement in &certification.requirements {
            println!("  {}", requirement.label);
        }
    }
    print_warnings(certification);
}

/// Prints what a manager should know of the version.
fn print_warnings(certification: &Certification) {
    let found = warnings(certification, Ambient::system().today());
    if !found.is_empty() {
        println!("\nAvertissements");
        for warning in found {
            println!("  {} : {}", warning.subject, warning.text);
        }
    }
}

fn check(file: &PathBuf) -> Result<ExitCode> {
    let shown = file.display().to_string();
    let text = fs::read_to_string(file)
        .with_context(|| format!("le fichier {shown} ne peut pas être lu"))?;
    match catalog::parse(&shown, &text) {
        Ok(certification) => {
            println!(
                "{shown} : {} est correcte ({} blocs, {} compétences).",
                certification.code,
                certification.blocks.len(),
                certification.competencies.len()
            );
            print_warnings(&certification);
            Ok(ExitCode::SUCCESS)
        }
        Err(faults) => {
            for fault in &faults {
                eprintln!("{fault}");
            }
            Ok(ExitCode::FAILURE)
        }
    }
}
