//! Sentences that are not about one piece of work: reasons, remarks, occasions.

use super::themes::Theme;

/// Why a competency is shown, where the work itself gives no reason of its own.
pub fn reasons(theme: Theme) -> &'static [&'static str] {
    match theme {
        Theme::Architecture => &[
            "Les choix sont dessinés et comparés avant d'être faits, et le schéma joint dit pourquoi celui-ci a été retenu.",
            "J'ai décrit les composants, leurs échanges et ce qui se passe quand l'un d'eux s'arrête.",
        ],
        Theme::Change => &[
            "J'ai accompagné {users} avant, pendant et après la mise en service, avec un point à un mois.",
        ],
        Theme::Communication => &[
            "J'ai rédigé le compte rendu remis {au service} et présenté le résultat à l'oral en dix minutes.",
            "Le document joint a été relu par quelqu'un qui ne connaît pas l'informatique, puis réécrit.",
        ],
        Theme::Data => &[
            "Les données sont décrites, contrôlées et rapprochées avant d'être montrées.",
            "Le traitement est rejouable : mêmes données, même résultat, et les rejets sont comptés.",
        ],
        Theme::Database => {
            &["J'ai vérifié le modèle, les index et la charge avec les requêtes réelles {du app}."]
        }
        Theme::Deployment => &[
            "La livraison est décrite par un script versionné et peut être annulée en quelques minutes.",
            "Chaque mise à jour est suivie pendant une heure, avec un seuil qui déclenche le retour en arrière.",
        ],
        Theme::Development => &[
            "Le code a été écrit par petites étapes, relu et testé ; les demandes de fusion sont jointes.",
            "J'ai écrit la partie serveur et ses tests, de la base jusqu'à la réponse.",
        ],
        Theme::Embedded => &[
            "Les contraintes de la carte, mémoire et temps de réponse, ont guidé chaque choix et sont mesurées.",
            "Le montage et le programme ont été essayés sur le matériel réel, pannes comprises.",
        ],
        Theme::English => &[
            "La documentation utilisée et une partie des échanges étaient en anglais ; j'en ai fait la synthèse.",
        ],
        Theme::Green => &[
            "J'ai compté ce que la solution consomme et choisi la plus sobre à service égal.",
            "Le matériel existant a été gardé : la fiche jointe chiffre ce que cela évite.",
        ],
        Theme::Initiative => &[
            "J'ai proposé ce travail, demandé des retours et changé ma façon de faire en cours de route.",
        ],
        Theme::Legal => &[
            "J'ai cherché les textes qui s'appliquent et fait relire mes conclusions avant de décider.",
        ],
        Theme::Maths => &[
            "J'ai posé le modèle, énoncé ses hypothèses et mesuré l'écart entre le calcul et l'observation.",
            "Les résultats sont donnés avec leur incertitude, et le calcul est joint.",
        ],
        Theme::Needs => &[
            "J'ai reformulé la demande {du service} et l'ai fait valider avant de proposer une solution.",
            "Les besoins sont écrits, classés et chacun a un critère qui permet de dire s'il est satisfait.",
        ],
        Theme::Network => &[
            "Les mesures faites avant et après sur le réseau sont jointes, avec le plan d'adressage.",
            "J'ai configuré les équipements à partir d'une maquette, puis vérifié le service depuis un poste d'essai.",
            "J'ai cherché la cause du défaut couche par couche et documenté chaque essai.",
        ],
        Theme::Operations => &[
            "Le fonctionnement est surveillé et une fiche dit quoi faire pour chaque alerte.",
            "J'ai tenu la maintenance pendant la période : mises à jour, sauvegardes relues, incidents clos.",
        ],
        Theme::Quality => &[
            "Les critères de qualité ont été fixés avant de commencer et vérifiés à chaque étape.",
            "J'ai noté les écarts, leur cause et ce qui a été décidé pour chacun.",
        ],
        Theme::Security => &[
            "Les risques ont été énumérés avant de choisir, et chaque mesure répond à l'un d'eux.",
            "J'ai vérifié que la protection tient en essayant de la contourner, avec une autorisation écrite.",
        ],
        Theme::Steering => &[
            "J'ai suivi l'avancement chaque semaine et prévenu dès que le calendrier devenait douteux.",
            "Les tâches, les échéances et les risques étaient sur un tableau partagé que j'ai tenu à jour.",
            "J'ai mesuré l'écart entre le prévu et le réalisé, et ajusté le plan en conséquence.",
        ],
        Theme::Strategy => &[
            "J'ai comparé ce que la solution coûte et ce qu'elle rapporte, avec des hypothèses écrites.",
        ],
        Theme::Team => &[
            "J'ai réparti les tâches avec l'équipe et proposé de l'aide là où la charge était trop forte.",
            "Les points d'équipe étaient courts et chacun repartait en sachant quoi faire.",
            "J'ai demandé des retours sur ma façon de travailler et j'en ai donné, en commençant par ce qui marche.",
        ],
        Theme::Testing => {
            &["J'ai écrit les essais avant de corriger, et ils sont rejoués à chaque modification."]
        }
        Theme::Watch => {
            &["J'ai comparé les solutions récentes à partir de sources datées, avant de choisir."]
        }
    }
}

/// Said when an evidence is accepted.
pub const ACCEPTED: [&str; 14] = [
    "Travail sérieux, et la mesure avant et après emporte la conviction.",
    "Rien à redire sur le fond. Pour la soutenance, entraînez-vous à l'expliquer en deux minutes.",
    "Bonne preuve : on comprend ce qui était attendu, ce qui a été fait et ce que cela a changé.",
    "Toujours en service à ce jour, c'est le meilleur signe.",
    "J'ai vérifié les chiffres : ils sont exacts.",
    "Validé. Le schéma joint suffirait presque à lui seul.",
    "Belle autonomie sur ce sujet, y compris quand le premier essai a échoué.",
    "Le lien avec la compétence est clair. Gardez ce niveau de précision pour les suivantes.",
    "Accepté. Il manque encore une vue d'ensemble du projet, à mettre dans le dossier.",
    "J'apprécie que les limites soient dites aussi nettement que les résultats.",
    "D'accord avec cette analyse, nous en avons reparlé en réunion d'équipe.",
    "C'est bien votre travail, je l'ai suivi de près. Accepté sans réserve.",
    "Clair et honnête. La prochaine fois, joignez aussi le compte rendu de recette.",
    "Très bon travail de préparation, et cela s'est vu le jour venu.",
];

/// Said of a file that gathers the work of a block.
pub const FILE_ACCEPTED: [&str; 6] = [
    "Dossier complet et bien construit. Préparez la soutenance à partir de la première page.",
    "Conforme à ce que demande la modalité. Le bilan chiffré est le point fort.",
    "Bon dossier : chaque preuve est à sa place et les choix sont expliqués.",
    "Accepté. Pour l'oral, choisissez deux situations plutôt que de tout raconter.",
    "Lecture agréable, rien d'inutile. Prêt pour le jury.",
    "Les remarques de la relecture sont prises en compte, c'est bon pour moi.",
];

/// Said of dates and papers that were checked.
pub const PAPER_ACCEPTED: [&str; 4] = [
    "Dates vérifiées avec la convention.",
    "Document vérifié avec l'original.",
    "Conforme, merci.",
    "Bien reçu, le compte des semaines est à jour.",
];

/// Why an evidence is returned, and what its author adds to it then.
pub const RETURNED: [(&str, &str); 12] = [
    (
        "Le résultat est là, mais on ne voit pas votre part dans ce travail d'équipe. Dites en deux phrases ce que vous avez fait vous-même.",
        "Ma part : j'ai écrit les scripts et les contrôles, conduit les essais et tenu le compte rendu. Une collègue s'est occupée des écrans.",
    ),
    (
        "La justification reprend les mots du référentiel. Partez plutôt d'une situation précise : un problème, votre choix, ce qui s'est passé ensuite.",
        "Situation précise : le deuxième jour, une donnée mal formée a bloqué le traitement. J'ai choisi de l'écarter et de la signaler plutôt que de tout arrêter ; le lendemain, le service avait corrigé la source.",
    ),
    (
        "Il manque les chiffres avant et après : sans eux, impossible de dire si cela va mieux. Une petite table suffit.",
        "Mesures ajoutées : relevés faits sur cinq jours avant et cinq jours après, aux mêmes heures. La table est dans le document joint, avec les deux jours écartés et pourquoi.",
    ),
    (
        "Le document joint montre le nom d'un client. Masquez-le, puis renvoyez : le reste est bon.",
        "Le nom du client et deux adresses ont été masqués ; la nouvelle version du document est jointe.",
    ),
    (
        "Vous racontez bien ce qui a été fait, mais pas pourquoi. Quelles autres solutions aviez-vous, et qu'est-ce qui a fait pencher la balance ?",
        "Deux autres solutions étaient possibles : acheter un module, écarté pour son coût, ou corriger l'existant, écarté parce que le défaut serait revenu. Le critère décisif a été le temps de maintenance.",
    ),
    (
        "Les justifications se ressemblent trop : dites pour chaque compétence à quelle étape du travail elle se voit.",
        "Pour chaque compétence, l'étape du travail où elle se voit est maintenant citée dans le document joint.",
    ),
    (
        "Bon début. Ajoutez ce qui n'a pas marché : c'est souvent là que la compétence se voit le mieux.",
        "Ce qui n'a pas marché : le premier essai a échoué parce que je n'avais pas prévu les caractères accentués. J'ai ajouté ce cas aux essais avant de recommencer.",
    ),
    (
        "Le document est illisible sur un téléphone. Gardez l'essentiel sur la première page et légendez ce que l'on doit y voir.",
        "Le document joint a été repris : l'essentiel tient sur la première page et chaque figure a sa légende.",
    ),
    (
        "Le jury ne connaîtra pas nos sigles. Écrivez-les en toutes lettres une première fois et présentez le contexte en trois lignes.",
        "Les sigles sont maintenant développés et le contexte est présenté au début : qui sont les utilisateurs, combien ils sont et ce qu'ils font de l'outil.",
    ),
    (
        "On ne voit ni le temps que cela vous a pris, ni l'aide que vous avez eue. Une phrase pour chacun suffira.",
        "Le travail a pris onze jours, répartis sur la période. L'équipe est intervenue au cadrage et à la relecture ; le reste est de moi.",
    ),
    (
        "Je ne retrouve pas le livrable cité. Joignez-le, même incomplet, ou un lien vers le dépôt.",
        "Le livrable est maintenant joint, dans l'état où il a été remis.",
    ),
    (
        "Le ton est celui d'une notice. Parlez à la première personne : c'est votre travail que l'on évalue, pas le produit.",
        "Le texte a été repris à la première personne, et j'ai retiré la présentation commerciale du produit.",
    ),
];

/// On what occasion a grid is filled: halfway, then at the last visit.
pub const COMPANY_OCCASIONS: [[&str; 3]; 2] = [
    [
        "Fin de la période en entreprise",
        "Point d'étape dans l'entreprise",
        "Bilan du semestre en entreprise",
    ],
    ["Visite en entreprise, entretien à trois", "Entretien annuel", "Bilan de la mission"],
];
pub const SCHOOL_OCCASIONS: [[&str; 3]; 2] = [
    ["Soutenance de projet", "Bilan du semestre", "Relecture du portfolio en cours de tutorat"],
    [
        "Visite en entreprise, entretien à trois",
        "Soutenance de la mission",
        "Bilan de fin de période",
    ],
];
pub const SELF_OCCASIONS: [&str; 4] = [
    "Auto-évaluation avant l'entretien à trois",
    "Point sur moi-même après la mise en service",
    "Préparation de la soutenance",
    "Bilan personnel de fin de période",
];

pub const GOOD_GRID: [&str; 8] = [
    "L'autonomie est là et les preuves sont solides. La suite se joue sur la prise de recul.",
    "Progrès nets depuis la dernière fois, en particulier dans la façon de rendre compte.",
    "Le niveau attendu est atteint sur ce bloc, sans hésitation.",
    "L'équipe lui confie des sujets que nous gardions pour des personnes plus expérimentées.",
    "Les choix sont expliqués et assumés. Bon travail de fond.",
    "Solide. Il reste à montrer la même aisance devant un public qui ne connaît pas le sujet.",
    "Travail régulier et propre, qui tient dans la durée.",
    "Les compétences du bloc sont acquises, dans une situation réelle et sous contrainte de délai.",
];
pub const MIXED_GRID: [&str; 8] = [
    "Le technique est en place ; il manque encore une situation conduite de bout en bout.",
    "Bon potentiel, mais les preuves montrent surtout de l'exécution. À confier : un sujet à cadrer.",
    "Ensemble encourageant. Nous avons convenu de deux points à travailler avant la prochaine visite.",
    "Une partie des compétences n'a pas encore été exercée dans la mission actuelle.",
    "À revoir après le prochain projet, qui portera justement sur ces points.",
    "Les bases sont acquises. La difficulté est d'expliquer les choix à ceux qui les financent.",
    "Des résultats, mais encore beaucoup d'aide. L'autonomie viendra avec la mission de printemps.",
    "Nous ne voyons pas tout de la même façon : en parler lors du prochain entretien à trois.",
];
pub const SELF_GRID: [&str; 6] = [
    "Je me sens à l'aise sur la technique, moins sur la présentation à l'oral.",
    "J'ai progressé grâce au dernier projet ; il me manque une situation où je décide vraiment.",
    "J'hésite sur deux critères, j'aimerais en parler lors du prochain entretien.",
    "Je pense avoir atteint le niveau, les preuves récentes le montrent mieux que les premières.",
    "J'ai été plus sévère que la dernière fois, maintenant que je vois ce qui est attendu.",
    "Ces compétences sont celles que j'exerce chaque semaine.",
];
/// On one criterion that is not reached.
pub const BELOW: [&str; 8] = [
    "À confirmer sur un sujet conduit en autonomie.",
    "Vu une seule fois, avec de l'aide.",
    "Le raisonnement est juste, l'écrit reste à préciser.",
    "Pas encore exercé dans la mission.",
    "La méthode est connue mais pas encore suivie jusqu'au bout.",
    "Il manque la mesure du résultat.",
    "En progrès depuis le printemps.",
    "À reprendre avec un exemple plus complet.",
];

/// What the file of a block is about, by its main theme.
pub fn subject(theme: Theme) -> &'static str {
    match theme {
        Theme::Architecture => "architecture {du app}",
        Theme::Change => "accompagnement {des users}",
        Theme::Communication => "rendre compte du projet {de firm}",
        Theme::Data => "valoriser {data}",
        Theme::Database => "performances de la base {du app}",
        Theme::Deployment => "mise en production {du app}",
        Theme::Development => "conception et développement {du app}",
        Theme::Embedded => "système embarqué pour {firm}",
        Theme::English => "projet mené en anglais chez {firm}",
        Theme::Green => "sobriété {du app}",
        Theme::Initiative => "innover chez {firm}",
        Theme::Legal => "cadre juridique {du app}",
        Theme::Maths => "modèle et simulation {du app}",
        Theme::Needs => "besoins {du service} et faisabilité",
        Theme::Network => "réseau {de firm}",
        Theme::Operations => "exploitation {du app}",
        Theme::Quality => "démarche qualité {du app}",
        Theme::Security => "sécurité {du app}",
        Theme::Steering => "conduite du projet {du app}",
        Theme::Strategy => "stratégie numérique {de firm}",
        Theme::Team => "équipe du projet {du app}",
        Theme::Testing => "essais {du app}",
        Theme::Watch => "veille pour {app}",
    }
}

pub const PERIOD: [&str; 3] = [
    "Période chez {firm}, auprès {du service}. L'équipe compte {d} personnes et s'occupe {du app} et de ses échanges avec les autres outils.",
    "Mes missions : corriger et faire évoluer {app}, tenir le suivi des demandes {des users}, préparer les mises en service et participer aux points d'équipe. La fiche de mission et le relevé des semaines sont joints.",
    "Ce que j'en retiens : demander plus tôt, mesurer avant de changer, et écrire pour la personne qui reprendra le sujet.",
];
pub const STAY: [&str; 3] = [
    "Séjour à {ville}, dans une équipe de {n} personnes qui travaille sur les capteurs et les données de mobilité.",
    "J'ai repris un module existant, présenté l'avancement chaque semaine en anglais et écrit la documentation pour l'équipe suivante. L'attestation de présence est jointe.",
    "Les habitudes de travail étaient différentes : décisions écrites, réunions courtes, retours très directs. J'ai gardé les deux premières.",
];
pub const CERTIFICATE: &str = "Attestation de résultats d'un test en quatre parties : compréhension écrite et orale, expression écrite et orale. Le relevé détaillé est joint.";
pub const ADMISSION: &str = "Diplôme de niveau 6 obtenu avant l'entrée en formation, copie jointe. L'original a été présenté à la scolarité lors de l'inscription.";
pub const DOCUMENTS: &str = "Les documents que demande le référentiel sont réunis dans un seul fichier : convention, fiches de suivi signées, attestations de l'employeur. La liste est en première page.";
pub const DELIVERABLE: [&str; 3] = [
    "Ce document rassemble le travail conduit chez {firm} sur ce bloc, du besoin exprimé par {service} jusqu'au bilan.",
    "Il reprend, pièce par pièce, les preuves déposées au fil de l'année, avec leur contexte, les choix faits et les résultats mesurés.",
    "Une version provisoire a été relue par l'équipe pédagogique ; ses remarques sont prises en compte et la liste des changements est tenue à part.",
];
