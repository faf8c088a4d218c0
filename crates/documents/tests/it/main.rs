//! Documents, seen by a person and by independent checkers.

mod samples;

fn write(name: &str, pdf: &[u8]) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents");
    std::fs::create_dir_all(&folder).expect("folder");
    std::fs::write(folder.join(name), pdf).expect("file");
}

#[test]
fn look() {
    let t = std::time::Instant::now();
    let mut lap = { let mut last = t; move |n: &str| { let now = std::time::Instant::now(); println!("{n} {:?}", now - last); last = now; } };
    for _ in 0..2 {
    write("minutes.pdf", &samples::minutes().to_pdf().unwrap_or_else(|e| {println!("{e}"); vec![]})); lap("minutes");
    write("dossier.pdf", &samples::dossier().to_pdf().unwrap_or_else(|e| {println!("{e}"); vec![]}));lap("dossier");
    write("attestation.pdf", &samples::attestation().to_pdf().unwrap_or_else(|e| {println!("{e}"); vec![]}));lap("att");
    write("certificate.pdf", &samples::certificate().to_pdf().unwrap_or_else(|e| {println!("{e}"); vec![]}));lap("cert");
    write("letter.pdf", &samples::result_letter().to_pdf().unwrap_or_else(|e| {println!("{e}"); vec![]}));lap("letter");
    write("big.pdf", &samples::dossier_of(6, 200).to_pdf().unwrap_or_else(|e| {println!("{e}"); vec![]}));lap("big");
    }
}
