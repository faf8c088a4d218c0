//! What somebody reads who finds the archive years later.

use std::fmt::Write;

use domain::portfolio::Portfolio;

use super::words;
use crate::session::Session;

const VERIFY: &str = "\
    VÉRIFIER\n\
    Avec Acquis :           acquis archive verify FICHIER.zip\n\
    Sans Acquis (Linux) :   tail -n +2 manifest.txt | sed -E 's/  [0-9]+  /  /' | sha256sum -c\n\
    La somme de manifest.txt est dans le commentaire du fichier ZIP (zipinfo -z). Notez-la :\n\
    elle prouve que l’archive n’a pas changé, non de qui elle vient.\n";

pub fn portfolio(portfolio: &Portfolio) -> String {
    let Portfolio { enrolment, organisation, exported_at, left_out, dossiers, .. } = portfolio;
    let mut text = format!(
        "Portfolio de compétences de {name}\n\
         {code} {title}, {school}\n\
         Archive du {at}\n\
         \n\
         LIRE\n\
         Dépliez l’archive dans un dossier, puis ouvrez index.html : les pages se lisent dans tout\n\
         navigateur, sans connexion.\n\
         \n\
         CE QUE CONTIENT L’ARCHIVE\n\
         index.html et les autres pages   tout, à lire\n\
         fichiers/                        les fichiers des preuves\n\
         documents/                       les documents PDF : dossiers, résultats, attestations\n\
         badges/                          les badges signés (Open Badges 3.0), s’il y en a\n\
         dossiers/                        chaque dossier déposé, tel qu’il a été figé\n\
         portfolio.json                   tout, pour un programme (forme {format})\n\
         certification.toml               la certification, telle qu’elle a été publiée\n\
         manifest.txt                     la somme SHA-256 et la taille de chaque fichier\n\
         \n\
         VÉRIFIER\n\
         Avec Acquis :           acquis archive verify FICHIER.zip\n\
         Sans Acquis (Linux) :   tail -n +2 manifest.txt | sed -E 's/  [0-9]+  /  /' | sha256sum -c\n\
         La somme de manifest.txt est dans le commentaire du fichier ZIP (zipinfo -z). Notez-la :\n\
         elle prouve que l’archive n’a pas changé, non de qui elle vient.\n\
         \n\
         REPRENDRE\n\
         acquis archive import FICHIER.zip --organisation \"Nom de l’établissement\"\n",
        name = words::name(&enrolment.student),
        code = enrolment.certification.code,
        title = enrolment.certification.title,
        school = organisation.name,
        at = words::moment(*exported_at),
        format = portfolio.format,
    );
    if *left_out > 0 || dossiers.iter().any(|dossier| dossier.frozen.is_none()) {
        write!(
            text,
            "\nCE QUI MANQUE\n\
             Cette archive n’est pas celle de l’apprenant : {left_out} preuve(s) confidentielle(s), leurs\n\
             fichiers et les dossiers qui les contiennent n’y sont pas. Elle ne peut pas être reprise\n\
             dans une autre instance ; celle de l’apprenant le peut.\n"
        )
        .expect("a text takes all");
    }
    text
}

pub fn session(session: &Session) -> String {
    let Session { session: held, organisation, exported_at, candidates, minutes, .. } = session;
    let mut text = format!(
        "Dossiers du jury « {title} »\n\
         {code} {certification}, {organisation}\n\
         Archive du {at}\n\
         \n\
         LIRE\n\
         Dépliez l’archive dans un dossier, puis ouvrez index.html : les pages se lisent dans tout\n\
         navigateur, sans connexion.\n\
         \n\
         CE QUE CONTIENT L’ARCHIVE\n\
         index.html et candidat-*.html    {count} candidat(s), à lire dans l’ordre\n\
         fichiers/                        les fichiers des preuves\n\
         documents/                       les mêmes dossiers en PDF\n",
        title = held.title,
        code = held.certification.code,
        certification = held.certification.title,
        at = words::moment(*exported_at),
        count = candidates.len(),
    );
    if candidates.iter().filter_map(|one| one.dossier.as_ref()).any(|one| one.folder.is_some()) {
        text.push_str("dossiers/                        chaque dossier, tel qu’il a été figé\n");
    }
    if minutes.is_some() {
        text.push_str(
            "proces-verbal/                   le procès-verbal, tel qu’il a été scellé\n",
        );
    }
    text.push_str(
        "session.json                     ce qui est ici, pour un programme\n\
         manifest.txt                     la somme SHA-256 et la taille de chaque fichier\n\
         \n",
    );
    text.push_str(VERIFY);
    text.push_str(
        "\nCONFIDENTIEL\n\
         Ces dossiers ne sont confiés qu’à vous, pour cette session : supprimez l’archive ensuite.\n",
    );
    text
}
