//! The `acquis` binary.

mod commands;
mod demo;
mod folder;
mod options;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Portfolios de compétences pour les certifications professionnelles françaises.
#[derive(Parser)]
#[command(name = "acquis", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Ouvre un établissement pour de vrai, sur un dossier vide ou déjà rempli.
    Serve(commands::serve::Arguments),
    /// Remplit une fois un dossier de démonstration et l’ouvre.
    Demo(commands::demo::Arguments),
    /// Met la base de données au schéma de cette version, sans ouvrir le serveur.
    Migrate(options::Storage),
    /// Liste, montre et vérifie des certifications, sans serveur.
    #[command(subcommand)]
    Certifications(commands::certifications::Command),
    /// Vérifie ou reprend l’archive d’un portfolio.
    #[command(subcommand)]
    Archive(commands::archive::Command),
    /// Écrit la description OpenAPI 3.1 de l’interface.
    Openapi,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("ACQUIS_LOG")
                .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn")),
        )
        .with_writer(std::io::stderr)
        .init();
    match run(cli.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("acquis : {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(arguments) => block_on(commands::serve::run(arguments)),
        Command::Demo(arguments) => block_on(commands::demo::run(arguments)),
        Command::Migrate(storage) => block_on(commands::migrate::run(storage)),
        Command::Certifications(command) => commands::certifications::run(command),
        Command::Archive(commands::archive::Command::Verify { file }) => {
            commands::archive::verify(&file)
        }
        Command::Archive(commands::archive::Command::Import(arguments)) => {
            block_on(commands::archive::import(arguments))
        }
        Command::Openapi => {
            println!("{}", api::openapi().to_pretty_json()?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)?;
    Ok(ExitCode::SUCCESS)
}
