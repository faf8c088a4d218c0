//! Builds the web client with npm and Vite, and tells the crate where the result is.
//!
//! `ACQUIS_WEB_DIST` names a folder that was built before; then nothing is run.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, exit},
};

fn main() {
    println!("cargo:rerun-if-env-changed=ACQUIS_WEB_DIST");
    let built = match env::var_os("ACQUIS_WEB_DIST") {
        Some(folder) => PathBuf::from(folder),
        None => build(),
    };
    let index = built.join("index.html");
    println!("cargo:rerun-if-changed={}", index.display());
    if !index.is_file() {
        give_up(&format!("there is no {}: the web client was not built there", index.display()));
    }
    println!("cargo:rustc-env=ACQUIS_WEB_DIST_BUILT={}", built.display());
}

fn build() -> PathBuf {
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let web = crate_folder.join("../../web");
    for part in
        ["src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts"]
    {
        println!("cargo:rerun-if-changed={}", web.join(part).display());
    }
    let built = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join("web");
    if !is_installed(&web) {
        npm(&web, &["ci", "--no-audit", "--no-fund"]);
    }
    let out = built.to_string_lossy();
    npm(&web, &["run", "build", "--", "--outDir", &out, "--emptyOutDir"]);
    built
}

/// npm notes what it installed beside it; a newer lock file asks for another installation.
fn is_installed(web: &Path) -> bool {
    let time = |path: &str| web.join(path).metadata().and_then(|data| data.modified()).ok();
    match (time("node_modules/.package-lock.json"), time("package-lock.json")) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}

fn npm(web: &Path, arguments: &[&str]) {
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(name).args(arguments).current_dir(web).output();
    match output {
        Err(_) => give_up(
            "npm was not found. Install Node.js 20 or newer, or set ACQUIS_WEB_DIST to a folder \
             that holds the built web client",
        ),
        Ok(output) if !output.status.success() => {
            eprintln!("{}", String::from_utf8_lossy(&output.stdout));
            eprintln!("{}", String::from_utf8_lossy(&output.stderr));
            give_up(&format!("`npm {}` failed in {}", arguments.join(" "), web.display()));
        }
        Ok(_) => {}
    }
}

fn give_up(reason: &str) -> ! {
    eprintln!("The web client cannot be embedded: {reason}.");
    exit(1)
}
