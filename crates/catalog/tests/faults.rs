//! A file that is not whole or contradicts itself is refused, with the line and the reason.

use catalog::Fault;

/// A small file without a fault.
const WHOLE: &str = r#"code = "ECOLE1"
version = "2026-01-01"
status = "published"
title = "Titre d’essai"
level = 6
required_level = "acquis"
remarks = ["Fichier d’essai."]

[source]
name = "Essai"

[dates]
published_on = 2026-01-01
registration_ends_on = 2028-12-31

[[certifier]]
name = "École"
siret = "13002979600237"

[[scale]]
key = "en_cours"
label = "En cours"

[[scale]]
key = "acquis"
label = "Acquis"

[[profile]]
key = "data"
label = "Données"

[validation]
block_validity_years = 5
partial = { min_blocks = 1, max_blocks = 1 }

[deposit]
blocking = ["no_evidence", "deliverable_missing"]

[[jury]]
name = "jury"
text = "Cinq personnes."
size = 5
min_external_percent = 60
min_certifier_representatives = 2

[[route]]
kind = "student"
open = true
jury = "jury"

[[route]]
kind = "apprenticeship"
open = false

[[route]]
kind = "continuing"
open = false

[[route]]
kind = "professionalisation"
open = false

[[route]]
kind = "individual"
open = false

[[route]]
kind = "experience"
open = false

[[requirement]]
key = "abroad"
label = "Étranger"
text = "Neuf semaines à l’étranger."
kind = "weeks"
of = "abroad"
minimum = { student = 9 }

[[competency]]
key = "C1"
text = "Concevoir."
criteria = ["Décrire", "Vérifier"]

[[competency]]
key = "C2"
text = "Développer."

[[competency]]
key = "T1"
kind = "transversal"
text = "Communiquer."

[[block]]
code = "B1"
title = "Bloc"
competencies = [
  "C1",
  { key = "C2", required_level = "en_cours", by_profile = { data = "acquis" } },
]
transversal = ["T1"]

[[block.modality]]
key = "M1"
label = "Dossier"
text = "Un dossier."
covers = ["C1"]
deliverables = ["Dossier"]
"#;

/// The faults of the whole file after one replacement.
fn faults_after(written: &str, instead: &str) -> (String, Vec<Fault>) {
    assert!(WHOLE.contains(written), "the whole file has no {written:?}");
    let text = WHOLE.replacen(written, instead, 1);
    let faults = catalog::parse("essai.toml", &text).err().unwrap_or_default();
    (text, faults)
}

/// What replaces what, the line on which the fault is expected, and its reason.
const CASES: &[(&str, &str, &str, &str)] = &[
    // Keys and types.
    (
        "title = \"Titre",
        "titel = \"Titre",
        "titel",
        "clé inconnue « titel » dans le fichier : vouliez-vous dire « title » ?",
    ),
    ("title = \"Titre d’essai\"\n", "", "code =", "il manque la clé « title » dans le fichier"),
    (
        "title = \"Bloc\"",
        "title = \" \"",
        "title = \" \"",
        "« title » est vide : écrivez le texte ou retirez la clé",
    ),
    ("title = \"Bloc\"", "title = 3", "title = 3", "« title » doit être un texte entre guillemets"),
    (
        "label = \"Dossier\"",
        "label = \"Dossier\"\nduree = 20",
        "duree",
        "clé inconnue « duree » dans [[block.modality]] : les clés possibles sont key, group, label, text, covers, deliverables, presentation_minutes, interview_minutes, min_professionals",
    ),
    (
        "level = 6",
        "level = 6\nlevel = 7",
        "level = 7",
        "cette clé est écrite deux fois : n’en gardez qu’une",
    ),
    (
        "level = 6",
        "level = \"6\"",
        "level = \"6\"",
        "« level » doit être un nombre entier de 3 à 8, sans guillemets",
    ),
    (
        "level = 6",
        "level = 9",
        "level = 9",
        "« level » doit être un nombre entier de 3 à 8, sans guillemets",
    ),
    (
        "remarks = [\"Fichier d’essai.\"]",
        "remarks = [\"\"]",
        "remarks",
        "« remarks » est vide : écrivez le texte ou retirez la clé",
    ),
    (
        "remarks = [\"Fichier d’essai.\"]",
        "remarks = \"Essai\"",
        "remarks",
        "« remarks » doit être une liste entre crochets",
    ),
    (
        "[source]\nname = \"Essai\"\n",
        "",
        "code =",
        "il manque [source] : dites d’où vient le texte officiel",
    ),
    (
        "status = \"published\"",
        "status = \"publie\"",
        "publie",
        "« status » ne peut pas valoir « publie » : écrivez « draft », « published » ou « retired »",
    ),
    (
        "siret = \"13002979600237\"",
        "siret = \"130 029 796 00237\"",
        "siret",
        "le SIRET compte 14 chiffres, sans espace : vérifiez ce numéro",
    ),
    ("[source]", "[[source]]", "[[source]]", "« source » doit être écrit [source], une seule fois"),
    (
        "[[requirement]]",
        "[requirement]",
        "[requirement]",
        "« requirement » doit être écrit [[requirement]], avec deux crochets",
    ),
    // Dates.
    (
        "published_on = 2026-01-01",
        "published_on = \"2026-01-01\"",
        "published_on",
        "« published_on » doit être une date sans guillemets, par exemple 2026-09-01",
    ),
    (
        "registration_ends_on = 2028-12-31",
        "registration_ends_on = 2025-12-31",
        "registration_ends_on",
        "« registration_ends_on » précède « published_on » : vérifiez ces dates",
    ),
    (
        "published_on = 2026-01-01",
        "published_on = 2026-01-01\nlast_issue_on = 2028-12-30",
        "last_issue_on",
        "« last_issue_on » précède « registration_ends_on » : vérifiez ces dates",
    ),
    (
        "published_on = 2026-01-01",
        "published_on = 2026-01-01\ndecided_on = 2029-01-01",
        "registration_ends_on",
        "« registration_ends_on » précède « decided_on » : vérifiez ces dates",
    ),
    // Scale and profiles.
    (
        "required_level = \"acquis\"",
        "required_level = \"aquis\"",
        "required_level",
        "« aquis » n’existe pas dans [[scale]] : vouliez-vous dire « acquis » ?",
    ),
    (
        "required_level = \"acquis\"\n",
        "",
        "code =",
        "il manque « required_level » : nommez le niveau de [[scale]] qui est exigé",
    ),
    (
        "[[scale]]\nkey = \"en_cours\"\nlabel = \"En cours\"\n\n",
        "",
        "[[scale]]",
        "une échelle a au moins deux niveaux : ajoutez un [[scale]]",
    ),
    (
        "key = \"acquis\"",
        "key = \"en_cours\"",
        "key = \"en_cours\"\nlabel = \"Acquis\"",
        "« en_cours » est déjà dans [[scale]] : donnez un autre nom ou n’en gardez qu’un",
    ),
    (
        "required_level = \"en_cours\",",
        "required_level = \"expert\",",
        "expert",
        "« expert » n’existe pas dans [[scale]] : ajoutez-y ce nom ou corrigez-le",
    ),
    (
        "{ data = \"acquis\" }",
        "{ dato = \"acquis\" }",
        "dato",
        "« dato » n’existe pas dans [[profile]] : vouliez-vous dire « data » ?",
    ),
    // Validation and blocks as a whole.
    (
        "max_blocks = 1",
        "max_blocks = 2",
        "max_blocks",
        "« max_blocks » dépasse le nombre de blocs (1)",
    ),
    (
        "min_blocks = 1",
        "min_blocks = 2",
        "min_blocks",
        "« max_blocks » est inférieur à « min_blocks »",
    ),
    (
        "block_validity_years = 5",
        "block_validity_years = 5\nblock_validity_unlimited = true",
        "block_validity_years",
        "« block_validity_years » contredit « block_validity_unlimited » : gardez l’un des deux",
    ),
    (
        "kind = \"transversal\"\n",
        "",
        "transversal = [\"T1\"]",
        "« T1 » n’est pas une compétence transversale : déplacez-la dans « competencies »",
    ),
    (
        "competencies = [\n  \"C1\",\n  { key = \"C2\", required_level = \"en_cours\", by_profile = { data = \"acquis\" } },\n]",
        "competencies = []",
        "[[block]]",
        "ce bloc n’a aucune compétence : listez leurs clés dans « competencies »",
    ),
    // Deposit.
    (
        "\"no_evidence\", ",
        "\"no_evidense\", ",
        "blocking",
        "« no_evidense » n’existe pas dans les manques que l’on sait voir : vouliez-vous dire « no_evidence » ?",
    ),
    (
        "\"no_evidence\", ",
        "\"deliverable_missing\", ",
        "blocking",
        "« deliverable_missing » est déjà dans « blocking » : donnez un autre nom ou n’en gardez qu’un",
    ),
    (
        "blocking = [\"no_evidence\", \"deliverable_missing\"]",
        "",
        "[deposit]",
        "il manque « blocking » : listez les manques qui empêchent le dépôt, ou []",
    ),
    // Juries and routes.
    (
        "size = 5",
        "size = 5\nquorum = 6",
        "quorum = 6",
        "« quorum » dépasse le nombre de membres (5) : vérifiez ces nombres",
    ),
    (
        "min_external_percent = 60",
        "min_external_percent = 160",
        "min_external_percent",
        "« min_external_percent » doit être un nombre entier de 1 à 100, sans guillemets",
    ),
    (
        "min_external_percent = 60",
        "min_external_percent = 80",
        "[[jury]]",
        "les membres extérieurs et les représentants du certificateur font au moins 6 personnes pour un jury de 5 : vérifiez « size » et les minimums",
    ),
    (
        "min_external_percent = 60",
        "professional_voting_chair = true\nmin_professionals = 3",
        "[[jury]]",
        "le président, les professionnels et les représentants du certificateur font au moins 6 personnes pour un jury de 5 : vérifiez « size » et les minimums",
    ),
    (
        "min_external_percent = 60",
        "min_employers = 3\nmin_employees = 3",
        "[[jury]]",
        "les employeurs et les salariés font au moins 6 personnes pour un jury de 5 : vérifiez « size » et les minimums",
    ),
    (
        "min_external_percent = 60",
        "min_professional_experts = 1",
        "[[jury]]",
        "« min_professional_experts » dépasse « min_experts » : vérifiez ces nombres",
    ),
    (
        "jury = \"jury\"",
        "jury = \"juri\"",
        "juri",
        "« juri » n’existe pas dans [[jury]] : vouliez-vous dire « jury » ?",
    ),
    ("jury = \"jury\"\n", "", "name = \"jury\"", "aucune voie d’accès ne nomme le jury « jury »"),
    (
        "open = true",
        "open = false",
        "jury = \"jury\"",
        "une voie fermée n’a pas de jury : ouvrez-la ou retirez « jury »",
    ),
    (
        "kind = \"experience\"\nopen = false",
        "kind = \"individual\"\nopen = false",
        "individual\"\nopen = false\n\n[[requirement]]",
        "cette voie d’accès est déjà dite plus haut : n’en gardez qu’une",
    ),
    (
        "[[route]]\nkind = \"experience\"\nopen = false\n",
        "",
        "kind = \"student\"",
        "il manque la voie d’accès « experience » : dites les six, ouvertes ou fermées",
    ),
    (
        "kind = \"individual\"\nopen = false",
        "kind = \"individual\"",
        "[[route]]\nkind = \"individual\"",
        "il manque la clé « open » dans [[route]]",
    ),
    // Requirements.
    (
        "minimum = { student = 9 }",
        "minimum = { etudiant = 9 }",
        "etudiant",
        "clé inconnue « etudiant » dans minimum : les clés possibles sont student, apprentice, trainee, employee, candidate",
    ),
    (
        "kind = \"weeks\"\nof = \"abroad\"\nminimum = { student = 9 }",
        "kind = \"language\"\nlanguage = \"anglais\"\nminimum = \"B2\"",
        "anglais",
        "une langue s’écrit par son code de deux lettres, par exemple « en »",
    ),
    (
        "of = \"abroad\"",
        "of = \"moon\"",
        "moon",
        "« of » ne peut pas valoir « moon » : écrivez « abroad », « professional » ou « company »",
    ),
    // Competencies, blocks and modalities.
    (
        "key = \"C2\"\ntext",
        "key = \"C1\"\ntext",
        "key = \"C1\"\ntext = \"Développer",
        "« C1 » est déjà dans [[competency]] : donnez un autre nom ou n’en gardez qu’un",
    ),
    (
        "[\"Décrire\", \"Vérifier\"]",
        "[\"Décrire\", \"Décrire\"]",
        "criteria",
        "ce critère est écrit deux fois : n’en gardez qu’un",
    ),
    (
        "  \"C1\",",
        "  \"C9\",",
        "  \"C9\"",
        "« C9 » n’existe pas dans [[competency]] : ajoutez-y ce nom ou corrigez-le",
    ),
    (
        "  \"C1\",",
        "  \"C1\", \"C1\",",
        "  \"C1\", \"C1\"",
        "« C1 » est déjà dans ce bloc : donnez un autre nom ou n’en gardez qu’un",
    ),
    (
        "text = \"Développer.\"",
        "text = \"Concevoir.\"",
        "{ key = \"C2\"",
        "« C2 » et « C1 » ont le même texte dans ce bloc : n’en gardez qu’une",
    ),
    (
        "transversal = [\"T1\"]",
        "transversal = [\"C1\"]",
        "transversal = ",
        "« C1 » n’est pas une compétence transversale : déplacez-la dans « competencies »",
    ),
    (
        "covers = [\"C1\"]",
        "covers = [\"C7\"]",
        "covers",
        "« C7 » n’existe pas dans ce bloc : ajoutez-y ce nom ou corrigez-le",
    ),
];

#[test]
fn the_whole_file_has_no_fault() {
    assert_eq!(catalog::parse("essai.toml", WHOLE).err(), None);
}

#[test]
fn each_fault_is_found_on_its_line() {
    for (written, instead, place, reason) in CASES {
        let (text, faults) = faults_after(written, instead);
        let place = text.find(place).expect("the place of the fault is in the file");
        let expected = Fault {
            file: "essai.toml".to_owned(),
            line: 1 + text[..place].matches('\n').count(),
            reason: (*reason).to_owned(),
        };
        assert!(
            faults.contains(&expected),
            "expected {expected}\nfound {:#?}",
            faults.iter().map(ToString::to_string).collect::<Vec<_>>()
        );
    }
}

#[test]
fn every_fault_is_reported_at_once_in_the_order_of_the_file() {
    let text = WHOLE
        .replace("level = 6", "level = 2")
        .replace("open = true", "open = \"oui\"")
        .replace("label = \"Dossier\"", "labell = \"Dossier\"");
    let faults = catalog::parse("essai.toml", &text).expect_err("the file has faults");
    let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "essai.toml:5: « level » doit être un nombre entier de 3 à 8, sans guillemets",
            "essai.toml:48: « open » doit être true ou false, sans guillemets",
            "essai.toml:102: il manque la clé « label » dans [[block.modality]]",
            "essai.toml:104: clé inconnue « labell » dans [[block.modality]] : vouliez-vous dire \
             « label » ?",
        ]
    );
}

#[test]
fn a_published_version_needs_a_block_and_a_draft_does_not() {
    let start = WHOLE.find("[[block]]").expect("the whole file has a block");
    let without = WHOLE[..start].replace("partial = { min_blocks = 1, max_blocks = 1 }\n", "");
    let faults = catalog::parse("essai.toml", &without).expect_err("no block");
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].line, 3);
    assert!(faults[0].reason.starts_with("une version publiée a au moins un bloc"));

    let draft = without.replace("\"published\"", "\"draft\"");
    assert_eq!(catalog::parse("essai.toml", &draft).err(), None);
}

#[test]
fn transversal_competencies_are_required_only_where_there_are_some() {
    let required = WHOLE.replace("[validation]", "[validation]\ntransversal_required = true");
    assert_eq!(catalog::parse("essai.toml", &required).err(), None);

    let without =
        required.replace("kind = \"transversal\"\n", "").replace("transversal = [\"T1\"]\n", "");
    let faults = catalog::parse("essai.toml", &without).expect_err("no transversal competency");
    assert_eq!(faults.len(), 1);
    assert_eq!(
        faults[0].line,
        1 + WHOLE[..WHOLE.find("[validation]").unwrap()].matches('\n').count()
    );
    assert!(faults[0].reason.contains("au moins une compétence transversale"));
}

#[test]
fn text_that_is_not_toml_is_reported_alone() {
    let faults = catalog::parse("essai.toml", "code = \"A\"\ntitle = \"B\nlevel = 1\n")
        .expect_err("an unclosed quote");
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].line, 2);
    assert!(faults[0].reason.starts_with("ce n’est pas du TOML valide"));
}

#[test]
fn what_is_not_written_has_its_usual_value() {
    let certification = catalog::parse(
        "essai.toml",
        r#"
code = "ECOLE2"
version = "1"
status = "published"
title = "Titre"

[source]
name = "Essai"

[[competency]]
key = "C1"
text = """
Écrire
"""

[[block]]
code = "B1"
title = "Bloc"
competencies = ["C1"]

[[block.modality]]
key = "M1"
label = "Projet"
text = "Un projet."
group = true
deliverables = ["Rapport commun", { label = "Bilan", individual = true }]
"#,
    )
    .expect("a short file is whole");
    let scale: Vec<&str> = certification.levels.iter().map(|level| level.key.as_str()).collect();
    assert_eq!(scale, ["non_acquis", "en_cours", "acquis", "maitrise"]);
    assert_eq!(certification.required_level, "acquis");
    assert_eq!(certification.assessors, domain::certification::AssessorRule::AnyTutor);
    assert_eq!(certification.deposit, domain::certification::DepositRule::default());
    assert_eq!(certification.competencies[0].text, "Écrire");
    let modality = &certification.blocks[0].modalities[0];
    assert_eq!(modality.covers, ["C1"]);
    let individual: Vec<bool> =
        modality.deliverables.iter().map(|deliverable| deliverable.individual).collect();
    assert_eq!(individual, [false, true]);
}

#[test]
fn the_example_of_the_documentation_is_whole() {
    let page = include_str!("../../../docs/certification-format.md");
    let example = page.split("```").nth(1).expect("the page has an example");
    let example = example.strip_prefix("toml\n").expect("the example is TOML");
    let routes: String =
        ["apprenticeship", "continuing", "professionalisation", "individual", "experience"]
            .map(|kind| format!("[[route]]\nkind = \"{kind}\"\nopen = false\n"))
            .concat();
    let whole = example.replace("# … puis les cinq autres voies, ouvertes ou fermées\n", &routes);
    assert_ne!(whole, example);
    assert_eq!(catalog::parse("exemple.toml", &whole).err(), None);
}
