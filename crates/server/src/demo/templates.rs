//! What an apprentice in computing writes of the work: templates that a place fills in.
//!
//! `{app}`, `{users}`, `{service}`, `{data}` and `{firm}` are words of the place, with `{du app}`
//! for « de » and `{aux users}` for « à » before them; `{n}`, `{d}` and `{p}` are small, middling and
//! percentage numbers.

use domain::evidence::EvidenceKind;

use super::{files::Picture, themes::Theme};

/// Where the work was done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum At {
    Company,
    School,
}

pub struct Template {
    pub at: At,
    pub kind: EvidenceKind,
    pub title: &'static str,
    /// Context, what was done, result.
    pub text: [&'static str; 3],
    /// What it shows, with the reason that its author gives.
    pub shows: &'static [(Theme, &'static str)],
    pub picture: Picture,
    /// What stands above the picture.
    pub caption: &'static str,
}

use At::{Company, School};
use EvidenceKind::{Other, Project, Report};
use Theme::{
    Architecture, Change, Communication, Data, Database, Deployment, Development, Embedded,
    English, Green, Initiative, Legal, Maths, Needs, Network, Operations, Quality, Security,
    Steering, Strategy, Team, Testing, Watch,
};

/// In no order; a student uses each at most once.
pub const TEMPLATES: [Template; 45] = [
    Template {
        at: Company,
        kind: Project,
        title: "Refonte des écrans {du app}",
        text: [
            "Chez {firm}, {users} se servaient {du app} sur des postes partagés et se perdaient entre {n} écrans. {Service} m'a confié la refonte, après accord sur les maquettes.",
            "J'ai observé {n} personnes au travail, dessiné deux parcours, puis développé celui qui demandait le moins de clics. Les composants sont testés un par un et tout se fait aussi au clavier, avec un contraste vérifié.",
            "La saisie la plus courante est passée de {d} à {n} secondes. Les deux défauts signalés la première semaine venaient de libellés trop longs : je les ai corrigés et j'ai ajouté le cas aux tests.",
        ],
        shows: &[
            (
                Development,
                "J'ai développé les écrans composant par composant, avec une interface utilisable au clavier et relue par l'équipe.",
            ),
            (
                Needs,
                "Je suis parti de l'observation de {n} personnes au travail, et non d'une liste de souhaits, pour choisir le parcours.",
            ),
            (
                Testing,
                "Chaque composant a son test, et les deux défauts trouvés en service ont donné deux tests de plus.",
            ),
        ],
        picture: Picture::Screen,
        caption: "Écran de saisie",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Une API pour relier {app} à la comptabilité",
        text: [
            "Chaque fin de mois, {service} recopiait {data} à la main dans l'outil comptable, avec une journée de travail et des erreurs de recopie.",
            "J'ai décrit les échanges dans une spécification OpenAPI relue par la comptabilité, puis écrit le service : authentification, reprise après coupure, messages d'erreur lisibles. La documentation est produite à partir du code.",
            "L'échange tourne chaque nuit depuis {n} semaines sans reprise manuelle. La journée de recopie a disparu et les écarts sont signalés le matin même.",
        ],
        shows: &[
            (
                Development,
                "J'ai écrit le service de bout en bout : authentification, reprise après coupure et messages d'erreur que la comptabilité comprend.",
            ),
            (
                Architecture,
                "J'ai fixé d'abord le contrat entre les deux applications, pour qu'elles puissent évoluer sans se bloquer.",
            ),
            (
                Communication,
                "La documentation de l'API a été relue par des comptables, avec un exemple pour chaque échange.",
            ),
        ],
        picture: Picture::Diagram,
        caption: "Échanges avec la comptabilité",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Migration {du app} vers PostgreSQL",
        text: [
            "La base {du app} reposait sur un moteur dont l'éditeur arrête le support. {Firm} voulait garder {d} mois d'historique et ne pas arrêter le service plus d'une heure.",
            "J'ai relevé le schéma, corrigé les types douteux, écrit les scripts de reprise et répété la bascule trois fois sur une copie. Des contrôles comparent les totaux avant et après, table par table.",
            "La bascule a pris {d} minutes un dimanche matin. Les contrôles n'ont trouvé aucun écart ; les requêtes les plus longues sont {n} fois plus rapides grâce aux index revus.",
        ],
        shows: &[
            (
                Database,
                "J'ai repris le modèle de données et les index, puis prouvé la reprise par des totaux comparés table par table.",
            ),
            (
                Deployment,
                "La bascule a été répétée trois fois sur une copie, avec un retour en arrière prêt à chaque étape.",
            ),
            (
                Testing,
                "Les contrôles de reprise sont des tests rejouables : ils ont tourné à chaque répétition et le jour même.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Durée des requêtes, avant et après",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Accélération des requêtes {du app}",
        text: [
            "Le lundi matin, {users} attendaient jusqu'à {d} secondes l'ouverture {du app}. Le serveur était tenu pour trop petit et un achat était envisagé.",
            "J'ai mesuré avant de changer quoi que ce soit : journal des requêtes lentes, plans d'exécution, taux de lecture sur disque. Deux index manquants et une requête répétée par ligne expliquaient l'essentiel.",
            "L'attente est descendue sous deux secondes sans nouveau matériel. J'ai laissé {au service} un relevé hebdomadaire des requêtes les plus lentes.",
        ],
        shows: &[
            (
                Database,
                "J'ai lu les plans d'exécution et ajouté les deux index qui manquaient, mesures à l'appui avant et après.",
            ),
            (
                Operations,
                "Un relevé hebdomadaire suit désormais la charge de la base et prévient avant que l'attente ne se voie.",
            ),
            (
                Green,
                "Le même service est rendu sans serveur supplémentaire : j'ai chiffré l'achat et l'énergie évités.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Temps d'attente par écran",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Tableau de bord {du app} pour {service}",
        text: [
            "{Service} suivait {data} dans {n} tableurs qui ne donnaient pas les mêmes chiffres. La direction demandait une seule page, à jour chaque matin.",
            "J'ai fait définir chaque indicateur avec ses utilisateurs, rapproché les sources, écrit les traitements de nuit et construit une page avec trois graphiques et un tableau. Une ligne incomplète est montrée comme telle et non cachée.",
            "La page sert à la réunion du lundi. Un écart de {p} % entre deux sources, jusque-là inconnu, a été expliqué et corrigé.",
        ],
        shows: &[
            (
                Data,
                "J'ai rapproché les sources et construit les indicateurs : chacun a une définition écrite et une origine vérifiable.",
            ),
            (
                Needs,
                "Les indicateurs ont été définis avec celles et ceux qui s'en servent, un par un, avant tout développement.",
            ),
            (
                Communication,
                "La page se lit en une minute en réunion, et le tableau derrière chaque graphique est toujours accessible.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Indicateur du lundi",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Prévision hebdomadaire à partir {des data}",
        text: [
            "Pour préparer la semaine, {service} se fiait à l'habitude. {Firm} disposait de deux ans d'historique qui ne servaient qu'aux archives.",
            "J'ai nettoyé {data}, comparé une moyenne mobile, une régression et un modèle à arbres sur les mêmes semaines de test, et retenu le plus simple à performance égale. Les données personnelles sont retirées avant tout calcul.",
            "L'erreur moyenne est passée de {p} % à {n} %. {Service} garde la main : la prévision est affichée avec sa marge et peut être corrigée.",
        ],
        shows: &[
            (
                Data,
                "J'ai comparé trois modèles sur les mêmes semaines de test et retenu le plus simple à performance égale.",
            ),
            (
                Maths,
                "J'ai choisi la mesure d'erreur, justifié la validation par blocs de temps et donné une marge à chaque prévision.",
            ),
            (
                Legal,
                "Les données personnelles sont retirées avant le calcul et la personne garde la décision : je l'ai écrit dans la fiche du traitement.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Prévision et réalisé",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Chaîne d'intégration continue {du app}",
        text: [
            "Les livraisons {du app} se faisaient à la main le vendredi, avec une liste de {d} étapes que deux personnes seulement connaissaient.",
            "J'ai mis la construction, les tests, l'analyse statique et l'empaquetage dans une chaîne décrite avec le code. Une demande de fusion ne passe que si tout est vert ; le déploiement sur la recette est automatique.",
            "L'équipe livre maintenant {n} fois par semaine. La liste du vendredi a été remplacée par une page qui dit quoi faire quand la chaîne échoue.",
        ],
        shows: &[
            (
                Deployment,
                "J'ai automatisé la construction et la livraison sur la recette ; la même procédure sert à tous les environnements.",
            ),
            (
                Testing,
                "Aucune modification n'entre sans que les tests passent : la chaîne les joue à chaque demande de fusion.",
            ),
            (
                Quality,
                "L'analyse statique et la couverture sont des seuils écrits, discutés en équipe et visibles de tous.",
            ),
        ],
        picture: Picture::Diagram,
        caption: "De la fusion à la recette",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Passage {du app} en conteneurs",
        text: [
            "Installer {app} sur un poste neuf prenait une journée et les écarts entre la recette et la production causaient des pannes difficiles à reproduire.",
            "J'ai séparé la configuration du code, écrit les images, fixé les versions et décrit l'ensemble dans un fichier versionné. Les images tournent sans droits d'administration et sont reconstruites chaque semaine.",
            "Un poste neuf est prêt en {d} minutes. Depuis {n} livraisons, aucune panne n'est venue d'un écart entre environnements.",
        ],
        shows: &[
            (
                Deployment,
                "Les mêmes images vont de la recette à la production, avec une configuration séparée du code.",
            ),
            (
                Operations,
                "Les limites de mémoire et les redémarrages sont réglés service par service, et surveillés.",
            ),
            (
                Architecture,
                "J'ai séparé l'application en services aux responsabilités nettes avant de les empaqueter.",
            ),
        ],
        picture: Picture::Diagram,
        caption: "Services et réseaux",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Supervision {du app} : alertes et astreinte",
        text: [
            "Les pannes {du app} étaient signalées par {users}, souvent une heure après. L'astreinte recevait {d} messages par nuit, presque tous sans suite.",
            "J'ai choisi avec l'équipe quatre mesures qui parlent de l'usage, réglé les seuils sur un mois d'historique et écrit une fiche de conduite par alerte. Les messages sans action ont été supprimés.",
            "L'astreinte reçoit {n} messages par semaine et chacun appelle un geste. La dernière panne a été vue en deux minutes, avant le premier appel.",
        ],
        shows: &[
            (
                Operations,
                "J'ai réglé les mesures, les seuils et les alertes, puis vérifié sur un mois que chacune appelait un geste.",
            ),
            (
                Team,
                "Les fiches de conduite ont été écrites à plusieurs, pour que l'astreinte ne repose plus sur une seule personne.",
            ),
            (
                Network,
                "La supervision couvre aussi les liens : latence et pertes sont mesurées entre chaque site.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Messages d'alerte par nuit",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Plan de tests {du app}",
        text: [
            "Avant une version majeure {du app}, les tests tenaient dans un tableur et dépendaient de la mémoire de deux collègues.",
            "J'ai tiré les cas de test du cahier des charges, ajouté les défauts des douze derniers mois, classé le tout par risque et automatisé les {d} cas les plus joués. Les autres ont un pas à pas que {service} peut suivre.",
            "La campagne tient en une demi-journée au lieu de quatre. Elle a trouvé {n} défauts, dont un bloquant, avant la mise en service.",
        ],
        shows: &[
            (
                Testing,
                "J'ai tiré les cas du cahier des charges et des défauts passés, puis automatisé ceux qui se jouent le plus.",
            ),
            (
                Quality,
                "Chaque exigence a au moins un cas de test, et le rapport dit lesquelles n'ont pas été vérifiées.",
            ),
            (
                Needs,
                "La relecture des exigences avec {service} a levé trois ambiguïtés avant même le premier test.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Défauts par gravité",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Découpage en zones du réseau {de firm}",
        text: [
            "Tous les équipements {de firm} étaient sur un même réseau : une imprimante infectée aurait pu atteindre le serveur {du app}.",
            "J'ai relevé les flux pendant deux semaines, proposé {n} zones avec leur plan d'adressage, écrit les règles et monté une maquette. La bascule s'est faite zone par zone, le soir, avec une fiche de retour en arrière.",
            "Les flux inutiles sont coupés et ceux qui restent sont documentés. Une seule application a dû être corrigée le lendemain.",
        ],
        shows: &[
            (
                Network,
                "J'ai relevé les flux, dressé le plan d'adressage et configuré les équipements zone par zone.",
            ),
            (
                Security,
                "Chaque flux autorisé a une raison écrite ; tout le reste est refusé et journalisé.",
            ),
            (
                Steering,
                "J'ai planifié les bascules avec les services, en dehors de leurs heures, et tenu le calendrier annoncé.",
            ),
        ],
        picture: Picture::Diagram,
        caption: "Zones et flux autorisés",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Liaison chiffrée entre deux sites {de firm}",
        text: [
            "Le second site {de firm} utilisait {app} à travers un accès à distance lent, coupé plusieurs fois par jour.",
            "J'ai comparé trois solutions, retenu un tunnel IPsec avec secours par la 4G, mesuré le débit et la latence, puis réglé la qualité de service pour que la voix passe avant les sauvegardes.",
            "La liaison tient depuis {n} mois. {Users} du second site travaillent comme au siège et la bascule de secours a été essayée deux fois.",
        ],
        shows: &[
            (
                Network,
                "J'ai dimensionné la liaison, mesuré débit et latence, et réglé les priorités entre la voix et les sauvegardes.",
            ),
            (
                Security,
                "J'ai choisi les algorithmes selon les recommandations de l'ANSSI et prévu le renouvellement des clés.",
            ),
            (
                Architecture,
                "J'ai comparé trois architectures selon leur coût, leur débit et ce qui se passe quand un lien tombe.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Débit et latence",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Audit de sécurité {du app}",
        text: [
            "Un client demandait chez {firm} des garanties sur {app} avant de renouveler son contrat. Aucun contrôle n'avait été fait depuis deux ans.",
            "J'ai convenu du périmètre par écrit, suivi la liste de l'OWASP, vérifié les droits compte par compte et rejoué les défauts dans un environnement séparé. Chaque constat a une preuve, une gravité et une correction proposée.",
            "Sur {d} constats, {n} étaient graves et ont été corrigés dans le mois. Le rapport a été présenté au client, qui a renouvelé.",
        ],
        shows: &[
            (
                Security,
                "J'ai suivi une méthode connue, rejoué chaque défaut dans un environnement séparé et proposé une correction pour chacun.",
            ),
            (
                Legal,
                "Le périmètre et l'autorisation ont été fixés par écrit avant le premier essai, comme le veut la loi.",
            ),
            (
                Communication,
                "Le rapport a deux lectures : une page pour la direction, le détail pour les développeurs.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Constats par gravité",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Ateliers sur l'hameçonnage pour {users}",
        text: [
            "Après un faux message qui imitait la direction {de firm}, {users} demandaient comment reconnaître les pièges.",
            "J'ai préparé un atelier de 45 minutes avec de vrais messages rendus anonymes, animé {n} séances et monté une adresse où signaler un doute. L'exercice d'envoi a été annoncé, pour apprendre et non pour piéger.",
            "Le taux de clic est passé de {p} % à {n} % en deux mois. Surtout, {d} messages douteux ont été signalés.",
        ],
        shows: &[
            (
                Change,
                "J'ai conçu et animé les séances, puis suivi les signalements pour savoir ce qui avait changé dans les habitudes.",
            ),
            (
                Security,
                "Les exemples viennent d'attaques reçues ici, et chaque signalement est traité dans la journée.",
            ),
            (
                Communication,
                "J'ai parlé sans jargon, à partir de situations du métier, en laissant une fiche d'une page.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Clics et signalements par mois",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Plan de reprise {du app}",
        text: [
            "Personne chez {firm} ne savait dire en combien de temps {app} redémarrerait après la perte de la salle serveurs.",
            "J'ai fait fixer par {service} la perte de données et l'arrêt acceptables, écrit la procédure, automatisé la restauration et conduit {n} essais chronométrés, dont un sans la personne qui connaît le mieux l'installation.",
            "La reprise prend {d} minutes, sous la limite fixée. Le premier essai avait échoué : une sauvegarde était illisible depuis deux mois.",
        ],
        shows: &[
            (
                Security,
                "La continuité repose maintenant sur des essais chronométrés et non sur une promesse.",
            ),
            (
                Operations,
                "J'ai automatisé la restauration et ajouté une alerte sur les sauvegardes qui ne se relisent pas.",
            ),
            (
                Quality,
                "Le plan suit la structure de la norme ISO 22301 et indique qui le révise et quand.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Durée des essais de reprise",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Fiche de traitement et durées de conservation {du app}",
        text: [
            "{App} gardait les données personnelles sans limite de durée, et le registre {de firm} n'en disait rien.",
            "J'ai recensé les données avec {service}, rédigé la fiche du registre avec la déléguée à la protection des données, proposé des durées et programmé l'effacement, d'abord à blanc puis pour de vrai.",
            "{P} % des dossiers ont été effacés ou rendus anonymes. Une demande d'accès se traite maintenant en une heure.",
        ],
        shows: &[
            (
                Legal,
                "J'ai rédigé la fiche du registre et fait correspondre chaque durée de conservation à un texte ou à une décision.",
            ),
            (
                Needs,
                "Le recensement s'est fait avec les personnes du métier, écran par écran, pour ne garder que ce qui sert.",
            ),
            (
                Security,
                "L'effacement est programmé et journalisé, et les copies de sauvegarde suivent la même règle.",
            ),
        ],
        picture: Picture::Screen,
        caption: "Registre des traitements",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Étude de faisabilité : remplacer {app}",
        text: [
            "{App} avait quinze ans d'âge, et sa maintenance coûtait plus cher chaque année. La direction {de firm} voulait savoir s'il fallait refaire l'outil, en acheter un autre ou garder celui-ci.",
            "J'ai recueilli les besoins auprès de {n} services, estimé trois scénarios en charge et en coût sur cinq ans, et noté les risques de chacun, y compris celui de ne rien faire.",
            "Le scénario d'un remplacement par étapes a été retenu. Mon chiffrage a été repris dans la demande de budget.",
        ],
        shows: &[
            (
                Needs,
                "J'ai recueilli les besoins de {n} services et séparé ce qui est indispensable de ce qui est souhaité.",
            ),
            (
                Strategy,
                "Les trois scénarios sont chiffrés sur cinq ans, avec ce que l'entreprise y gagne et ce qu'elle y risque.",
            ),
            (
                Watch,
                "J'ai essayé deux produits du marché et lu les retours d'entreprises comparables avant de conclure.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Coût des scénarios sur cinq ans",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Cahier des charges {du app}",
        text: [
            "{Service} avait obtenu un budget pour {app}, mais la demande tenait en trois lignes.",
            "J'ai animé {n} ateliers avec {users}, écrit les récits d'usage et leurs critères d'acceptation, modélisé les processus en BPMN et fait valider l'ensemble par les services qui échangent des données.",
            "Le document a servi à consulter trois prestataires. Leurs questions ont porté sur deux points seulement, précisés depuis.",
        ],
        shows: &[
            (
                Needs,
                "Les ateliers ont produit des récits d'usage avec des critères que l'on peut vérifier.",
            ),
            (
                Steering,
                "J'ai tenu le calendrier des ateliers et des validations, et obtenu les arbitrages à temps.",
            ),
            (
                Architecture,
                "Les processus sont modélisés en BPMN, avec les données échangées à chaque étape.",
            ),
        ],
        picture: Picture::Diagram,
        caption: "Processus visé",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Conduite du lot « reprise des données » {du app}",
        text: [
            "Le projet {du app} avait deux mois de retard sur la reprise des données. L'équipe m'a confié ce lot, avec deux développeurs à mi-temps.",
            "J'ai découpé le lot en tâches de deux jours au plus, tenu un tableau partagé, animé un point court trois fois par semaine et montré chaque vendredi ce qui marchait. Les décisions qui m'échappaient montaient au comité le jour même.",
            "Le lot a été livré avec {n} jours de retard au lieu de deux mois, sans dépasser le budget. Le tableau sert maintenant aux autres lots.",
        ],
        shows: &[
            (
                Steering,
                "J'ai planifié le lot, suivi l'avancement chaque semaine et fait arbitrer à temps ce qui bloquait.",
            ),
            (
                Team,
                "J'ai réparti les tâches selon la charge de chacun et veillé à ce que personne ne reste bloqué seul.",
            ),
            (
                Quality,
                "Chaque livraison du vendredi avait ses critères d'acceptation, fixés avant de commencer.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Reste à faire, semaine par semaine",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Matrice des risques du projet {du app}",
        text: [
            "Le comité de projet {du app} découvrait les difficultés quand elles étaient là. Il m'a été demandé de tenir le suivi des risques.",
            "J'ai réuni {service} et l'équipe technique, noté {d} risques avec leur probabilité et leur effet, choisi pour chacun d'agir, de transférer ou d'accepter, et nommé une personne qui le suit.",
            "Deux risques se sont réalisés et la parade était prête. La matrice est revue chaque mois en dix minutes.",
        ],
        shows: &[
            (
                Steering,
                "Les risques ont une probabilité, un effet, une parade et une personne : ils sont revus chaque mois en comité.",
            ),
            (
                Strategy,
                "Chaque parade est comparée à ce que coûterait le risque, pour ne pas dépenser plus qu'il ne vaut.",
            ),
            (
                Communication,
                "La matrice tient sur une page et se comprend sans connaître la technique.",
            ),
        ],
        picture: Picture::Screen,
        caption: "Risques par gravité",
    },
    Template {
        at: Company,
        kind: Other,
        title: "Accueil d'un nouveau membre dans l'équipe {du app}",
        text: [
            "Une personne rejoignait l'équipe {du app} au printemps. Les arrivées précédentes s'étaient faites sans préparation.",
            "J'ai écrit le parcours des dix premiers jours, préparé une première tâche utile et courte, tenu un point quotidien et demandé à la personne de corriger le guide au fur et à mesure.",
            "La première modification a été livrée le troisième jour. Le guide, corrigé de {d} remarques, sert maintenant à toute l'équipe.",
        ],
        shows: &[
            (
                Team,
                "J'ai préparé l'intégration, réparti les premières tâches et tenu un point quotidien jusqu'à l'autonomie.",
            ),
            (
                Communication,
                "Le guide d'accueil a été corrigé par celle ou celui qui arrivait : c'est ainsi que l'on voit ce qui manque.",
            ),
            (
                Initiative,
                "J'ai proposé ce parcours parce que ma propre arrivée m'avait montré ce qui faisait perdre du temps.",
            ),
        ],
        picture: Picture::Screen,
        caption: "Parcours des dix premiers jours",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Plan de montée en compétences de l'équipe {du app}",
        text: [
            "L'équipe {du app} devait reprendre un langage que deux personnes sur {n} connaissaient. La responsable voulait un plan avant le recrutement.",
            "J'ai dressé avec chacun la carte des compétences, repéré les manques face aux besoins du projet, comparé formation, binômes et recrutement, et proposé un calendrier avec les ressources humaines.",
            "Trois binômes ont été formés et un recrutement évité. La carte est relue tous les six mois.",
        ],
        shows: &[
            (
                Team,
                "J'ai comparé les compétences de l'équipe aux besoins du projet et proposé formation, binômes ou recrutement.",
            ),
            (
                Initiative,
                "Je me suis inclus dans la carte des compétences et j'en ai tiré mon propre plan de progrès.",
            ),
            (
                Strategy,
                "Le plan compare le coût d'une formation, d'un binôme et d'un recrutement sur un an.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Compétences de l'équipe",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Formation {des users} à la nouvelle version {du app}",
        text: [
            "La nouvelle version {du app} changeait les habitudes de {d} personnes. La précédente avait été mal reçue, faute d'accompagnement.",
            "J'ai repéré les personnes qui comptent dans chaque équipe, écrit le plan de communication, formé {n} relais et animé des séances courtes sur des cas réels. Une permanence a répondu aux questions pendant deux semaines.",
            "Les appels à l'assistance sont revenus à leur niveau habituel en dix jours. {P} % des personnes disent gagner du temps.",
        ],
        shows: &[
            (
                Change,
                "J'ai repéré les relais, formé les équipes sur leurs cas réels et tenu une permanence après la mise en service.",
            ),
            (
                Communication,
                "Chaque annonce disait ce qui change, pour qui, à quelle date et vers qui se tourner.",
            ),
            (
                Deployment,
                "La version a été ouverte équipe par équipe, et l'assistance des premiers jours faisait partie du plan.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Appels à l'assistance par jour",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Guide d'utilisation {du app} en français et en anglais",
        text: [
            "{Firm} ouvrait {app} à un partenaire irlandais, mais la seule documentation était un courriel de 2019.",
            "J'ai écrit un guide par tâche, avec des captures et un glossaire, puis la version anglaise, relue par le partenaire en visioconférence. Les textes vivent avec le code et sont vérifiés à chaque livraison.",
            "Le partenaire a démarré seul en {n} jours. Le guide a reçu {d} visites le premier mois.",
        ],
        shows: &[
            (
                Communication,
                "Le guide part des tâches de la personne et non des menus, avec un glossaire et des captures à jour.",
            ),
            (
                English,
                "J'ai écrit la version anglaise et mené la relecture en visioconférence avec le partenaire.",
            ),
            (
                Change,
                "Le guide accompagne l'ouverture au partenaire, qui a démarré sans autre assistance.",
            ),
        ],
        picture: Picture::Screen,
        caption: "Sommaire du guide",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Mesure de l'empreinte {du app}",
        text: [
            "{Firm} s'était engagée à réduire l'empreinte de son informatique sans savoir ce que consommait {app}.",
            "J'ai mesuré le poids des pages, les appels au serveur et l'énergie sur un jeu de parcours fixe, appliqué le référentiel général d'écoconception de services numériques, puis allégé les images et les requêtes les plus coûteuses.",
            "Le poids moyen d'une page a baissé de {p} % et l'application est utilisable sur des téléphones de huit ans.",
        ],
        shows: &[
            (
                Green,
                "J'ai mesuré avant et après sur un parcours fixe, selon le référentiel d'écoconception, et publié la méthode.",
            ),
            (
                Development,
                "Les images et les requêtes ont été allégées sans perdre une fonction, mesures à l'appui.",
            ),
            (
                Strategy,
                "L'effort est relié à l'engagement de l'entreprise et chiffré : ce que chaque action coûte et évite.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Poids des pages, avant et après",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Veille technologique pour {app}",
        text: [
            "L'équipe {du app} choisissait ses outils au hasard des articles lus. Il m'a été demandé d'organiser une veille utile.",
            "J'ai choisi {d} sources, presque toutes en anglais, trié chaque semaine en une heure, rédigé une synthèse mensuelle en français et essayé {n} outils sur un vrai cas avant de les recommander.",
            "Deux outils ont été adoptés et un troisième écarté, raisons écrites. La synthèse est lue par {p} % de l'équipe.",
        ],
        shows: &[
            (
                Watch,
                "Les sources sont choisies, triées et datées ; chaque recommandation repose sur un essai et non sur un article.",
            ),
            (
                English,
                "Les sources sont en anglais : la synthèse en français en rend compte sans contresens, extraits à l'appui.",
            ),
            (
                Architecture,
                "Chaque outil est jugé sur sa place dans l'architecture existante et sur ce qu'il coûterait d'en sortir.",
            ),
        ],
        picture: Picture::Screen,
        caption: "Synthèse du mois",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Cartographie du système d'information {de firm}",
        text: [
            "Avant d'écrire son schéma directeur, {firm} voulait savoir quelles applications échangent quoi, et lesquelles font double emploi.",
            "J'ai interrogé {n} services, décrit {d} applications avec leurs flux et leurs responsables, modélisé les processus qui les traversent et repéré les ressaisies.",
            "Trois doublons ont été supprimés. La carte est une annexe du schéma directeur et a désormais un responsable.",
        ],
        shows: &[
            (
                Strategy,
                "La carte relie chaque application à un processus et à un objectif de l'entreprise, et nourrit le schéma directeur.",
            ),
            (
                Architecture,
                "J'ai modélisé les applications, leurs flux et leurs dépendances, du métier jusqu'à l'infrastructure.",
            ),
            (
                Needs,
                "Les entretiens ont fait apparaître des ressaisies que personne n'avait signalées.",
            ),
        ],
        picture: Picture::Diagram,
        caption: "Applications et flux",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Gestion des incidents et des demandes {au service}",
        text: [
            "Les demandes adressées à l'informatique {de firm} arrivaient par téléphone, par courriel et dans le couloir. Rien n'était mesuré.",
            "J'ai mis en place un point d'entrée unique, un catalogue de {d} demandes, des priorités et des délais selon les pratiques ITIL, puis formé {users}. Chaque incident répété donne lieu à une recherche de cause.",
            "{P} % des demandes sont traitées le jour même. Les incidents répétés ont été divisés par {n}.",
        ],
        shows: &[
            (
                Quality,
                "J'ai appliqué les pratiques ITIL utiles ici : priorités, délais mesurés, recherche de cause des incidents répétés.",
            ),
            (
                Operations,
                "Les incidents ont une priorité, un délai et une cause : l'exploitation se pilote avec ces trois mesures.",
            ),
            (
                Change,
                "Les équipes ont été formées au nouveau point d'entrée et l'ancien numéro a été fermé en douceur.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Demandes ouvertes et closes",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Budget et retour sur investissement {du app}",
        text: [
            "La direction financière {de firm} demandait ce que coûte vraiment {app}, au-delà des licences.",
            "J'ai réuni les coûts d'hébergement, de maintenance et de temps passé, estimé les gains avec {service}, et construit un modèle sur {n} ans avec trois hypothèses. Les chiffres incertains sont donnés en fourchette.",
            "Le projet est rentable au bout de {d} mois dans l'hypothèse prudente. Le modèle a été repris pour deux autres applications.",
        ],
        shows: &[
            (
                Strategy,
                "J'ai chiffré coûts et gains avec la direction financière, en fourchettes quand la donnée est incertaine.",
            ),
            (
                Steering,
                "Le budget du projet est suivi chaque mois, avec le réalisé et le reste à dépenser.",
            ),
            (Communication, "La synthèse d'une page a permis une décision en un seul comité."),
        ],
        picture: Picture::Bars,
        caption: "Coûts et gains cumulés",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Plan d'assurance qualité {du app}",
        text: [
            "Le client {de firm} exigeait un plan d'assurance qualité pour {app} avant la première livraison.",
            "J'ai décrit les rôles, les revues, les mesures et la gestion des écarts, à partir de ce que l'équipe faisait déjà et de la norme ISO 9001. Chaque règle a été essayée sur un mois avant d'être écrite.",
            "Le plan a été accepté avec {n} remarques. L'audit interne a relevé deux écarts, corrigés depuis.",
        ],
        shows: &[
            (
                Quality,
                "Le plan décrit des règles essayées pendant un mois : revues, mesures, gestion des écarts.",
            ),
            (Steering, "Les jalons du projet ont chacun leurs critères d'entrée et de sortie."),
            (
                Legal,
                "Les exigences du contrat sont reprises une par une, avec la preuve attendue pour chacune.",
            ),
        ],
        picture: Picture::Screen,
        caption: "Suivi des écarts",
    },
    Template {
        at: School,
        kind: Project,
        title: "Station météo connectée du campus",
        text: [
            "Le service technique du campus voulait suivre l'humidité de ses toitures sans tirer de câbles. Nous étions quatre, pendant un semestre.",
            "J'ai pris en charge le microcontrôleur : lecture des capteurs, mise en veille, envoi par LoRaWAN, puis le service qui reçoit et range les mesures. Le boîtier tient {n} mois sur une pile.",
            "{D} semaines de mesures sans interruption. Une fuite a été repérée avant les dégâts ; le code et le schéma sont publiés.",
        ],
        shows: &[
            (
                Embedded,
                "J'ai programmé le microcontrôleur : capteurs, mise en veille et reprise après une panne de courant.",
            ),
            (
                Network,
                "Le réseau LoRaWAN a été choisi et mesuré : portée, pertes et temps d'émission autorisé.",
            ),
            (
                Data,
                "Les mesures sont contrôlées à l'arrivée, rangées avec leur horodatage et restituées en courbes.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Humidité mesurée",
    },
    Template {
        at: School,
        kind: Project,
        title: "Filtre numérique pour un capteur de vibrations",
        text: [
            "Dans le bureau d'études, il fallait distinguer un défaut de roulement du bruit d'un moteur, sur une carte à 64 Kio de mémoire.",
            "J'ai modélisé le signal, comparé deux filtres sous Python, écrit celui qui convenait en virgule fixe, puis mesuré le temps de calcul sur la carte. Un banc a rejoué {d} enregistrements.",
            "Le défaut est reconnu dans {p} % des enregistrements de plus que par un simple seuil, en {n} millisecondes.",
        ],
        shows: &[
            (
                Embedded,
                "J'ai écrit le filtre en virgule fixe et tenu la contrainte de temps et de mémoire de la carte.",
            ),
            (
                Maths,
                "Le choix du filtre repose sur l'analyse spectrale du signal, pas à pas dans le rapport.",
            ),
            (
                Testing,
                "Un banc rejoue les mêmes enregistrements à chaque modification et compare les détections.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Signal brut et filtré",
    },
    Template {
        at: School,
        kind: Project,
        title: "Simulation de la file d'attente d'un service d'urgences",
        text: [
            "Un hôpital partenaire voulait savoir s'il valait mieux une personne de plus à l'accueil ou un box de plus. Nous avions des données anonymes sur six mois.",
            "J'ai posé le modèle à événements discrets, ajusté les lois d'arrivée, écrit le simulateur et vérifié qu'il retrouvait les attentes observées avant d'essayer les deux scénarios.",
            "L'accueil renforcé réduit l'attente moyenne de {p} %, le box de {n} % seulement. L'intervalle de confiance est donné avec chaque résultat.",
        ],
        shows: &[
            (
                Maths,
                "J'ai ajusté les lois d'arrivée et vérifié que le modèle retrouvait les attentes observées avant de conclure.",
            ),
            (
                Data,
                "Six mois de données anonymes ont été nettoyés, décrits et restitués en graphiques lisibles par l'hôpital.",
            ),
            (
                Development,
                "Le simulateur est découpé en modules testés ; une même graine redonne exactement le même résultat.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Attente simulée et observée",
    },
    Template {
        at: School,
        kind: Project,
        title: "Challenge de cybersécurité : défendre un réseau simulé",
        text: [
            "Après plusieurs semaines de préparation, notre équipe de {n} devait garder en service pendant deux jours un réseau attaqué par des anciens de l'école.",
            "J'ai tenu la détection : journaux rassemblés, règles de corrélation, fiche pour chaque alerte. J'ai proposé de couper un service plutôt que d'en perdre trois, et rédigé la recommandation finale.",
            "Nous avons fini deuxièmes sur {d}. Deux intrusions ont été vues en moins de dix minutes ; la troisième, manquée, est analysée dans le rapport.",
        ],
        shows: &[
            (
                Security,
                "J'ai détecté deux intrusions en direct, qualifié chaque alerte et proposé la parade avec ses conséquences.",
            ),
            (
                Network,
                "J'ai isolé un segment sans couper les autres services, à partir du plan d'adressage de l'équipe.",
            ),
            (
                Team,
                "Les rôles étaient écrits et tournaient toutes les trois heures, pour garder des yeux frais.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Alertes par heure",
    },
    Template {
        at: School,
        kind: Project,
        title: "Application mobile pour {app}",
        text: [
            "{Users} réclamaient {app} sur leur téléphone, y compris sans réseau. Nous étions cinq, avec une livraison toutes les deux semaines.",
            "J'ai proposé l'architecture avec un stockage local et une synchronisation différée, écrit le cœur partagé et relu le code des autres. Les conflits sont montrés à la personne au lieu d'être réglés en silence.",
            "{D} personnes s'en servent chaque semaine. Le mode sans réseau a été essayé dans le sous-sol de la bibliothèque.",
        ],
        shows: &[
            (
                Development,
                "J'ai développé le cœur partagé de l'application et relu chaque demande de fusion de l'équipe.",
            ),
            (
                Architecture,
                "L'architecture sépare l'écran, le stockage local et la synchronisation, ce qui a permis de travailler à cinq.",
            ),
            (
                Team,
                "Nous avons tourné sur les rôles à chaque livraison et tenu une rétrospective avec des décisions suivies.",
            ),
        ],
        picture: Picture::Screen,
        caption: "Écran d'accueil sur téléphone",
    },
    Template {
        at: School,
        kind: Project,
        title: "Concours d'innovation : le prêt d'objets entre voisins",
        text: [
            "Le concours demandait de passer d'une idée à un premier essai en dix semaines, avec 200 euros.",
            "J'ai interrogé {d} habitants d'un quartier, écarté notre première idée, monté un essai sans logiciel avec un tableur et un local, puis présenté les résultats en anglais devant le jury.",
            "{P} % des objets prêtés sont revenus à temps. Nous n'avons pas gagné, mais une régie de quartier a repris l'idée.",
        ],
        shows: &[
            (
                Initiative,
                "Nous avons renoncé à notre première idée après {d} entretiens : c'est ce que j'ai appris de plus utile.",
            ),
            (Strategy, "Le modèle économique repose sur un essai réel et sur des coûts constatés."),
            (English, "J'ai présenté le projet et répondu aux questions du jury en anglais."),
        ],
        picture: Picture::Bars,
        caption: "Prêts par semaine",
    },
    Template {
        at: School,
        kind: Other,
        title: "Bilan de mi-parcours et projet professionnel",
        text: [
            "À mi-parcours, chacun fait le point sur ce qu'il sait faire, preuves à l'appui, avant de choisir sa mission suivante.",
            "J'ai relu mes preuves, comparé mon avis à celui qui m'avait été donné, repéré {n} points à travailler et mené deux entretiens avec des professionnels du métier que je vise.",
            "J'ai demandé une mission d'architecture pour le semestre prochain et je suis un cours du soir sur la prise de parole.",
        ],
        shows: &[
            (
                Initiative,
                "J'ai comparé mon avis aux évaluations reçues et tiré de l'écart un plan daté.",
            ),
            (
                Communication,
                "J'ai présenté ce bilan à l'oral en dix minutes, puis tenu compte des retours sur ma façon de parler.",
            ),
            (
                Team,
                "J'ai reconnu ce que je dois aux autres dans chaque résultat et ce que je leur apporte.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Auto-évaluation, avant et après",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Revue de code et règles communes {du app}",
        text: [
            "Le code {du app} avait {n} styles différents et les défauts revenaient au même endroit.",
            "J'ai réuni l'équipe pour choisir peu de règles, mis la mise en forme et l'analyse dans l'éditeur, écrit une liste de relecture d'une page et repris le module le plus touché avec une collègue.",
            "Les défauts du module ont baissé de {p} % en trois mois, et une relecture prend {d} minutes.",
        ],
        shows: &[
            (
                Quality,
                "Les règles sont peu nombreuses, choisies ensemble et vérifiées par un outil, ce qui les fait respecter.",
            ),
            (
                Development,
                "J'ai repris le module le plus touché, en petites étapes couvertes par des tests.",
            ),
            (
                Team,
                "Les relectures se font par écrit, avec des questions plutôt que des ordres : le ton a changé.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Défauts par mois",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Collecte en continu {des data}",
        text: [
            "{Data} arrivaient une fois par jour dans un fichier ; {service} avait besoin de les voir dans la minute.",
            "J'ai mis en place un flux de messages, des consommateurs qui reprennent où ils en étaient, un contrôle de qualité à l'entrée et un stockage par mois. La charge a été essayée à dix fois le débit attendu.",
            "Le délai est de {d} secondes. {P} % des messages rejetés venaient d'un seul capteur, remplacé depuis.",
        ],
        shows: &[
            (
                Data,
                "Le flux collecte, contrôle et range les données en continu, avec un essai à dix fois la charge attendue.",
            ),
            (
                Architecture,
                "Producteurs et consommateurs sont séparés : l'un peut s'arrêter sans que l'autre perde un message.",
            ),
            (
                Database,
                "Le stockage est découpé par mois, avec les index que demandent les requêtes réelles.",
            ),
        ],
        picture: Picture::Diagram,
        caption: "Du capteur au tableau",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Détection d'accès anormaux {au app}",
        text: [
            "Un compte prêté avait servi depuis l'étranger sans que personne chez {firm} ne le voie.",
            "J'ai rassemblé les journaux, décrit les accès habituels, écrit {n} règles et une mesure d'écart, puis réglé les seuils avec {service} pour que les alertes restent utiles. Les comptes prêtés ont reçu un second facteur.",
            "En deux mois, {n} alertes dont une vraie, traitée en {d} minutes.",
        ],
        shows: &[
            (
                Security,
                "J'ai écrit les règles de détection, qualifié les alertes et suivi la vraie intrusion jusqu'à sa clôture.",
            ),
            (
                Data,
                "Les accès habituels sont décrits à partir de trois mois de journaux, sans garder plus que nécessaire.",
            ),
            (
                Operations,
                "Les journaux sont rassemblés, datés à la même horloge et conservés selon une règle écrite.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Accès par heure",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Habilitations {du app} revues avec {service}",
        text: [
            "Au fil des mutations, {p} % des comptes {du app} avaient des droits que plus personne n'expliquait.",
            "J'ai extrait les droits, fait confirmer chaque rôle par son responsable, réduit {d} profils à {n} et branché les départs sur l'annuaire {de firm}.",
            "Un compte se ferme maintenant le jour du départ. La revue est inscrite deux fois par an au calendrier {du service}.",
        ],
        shows: &[
            (
                Security,
                "Chacun n'a plus que les droits de son rôle, confirmés par écrit par la personne responsable.",
            ),
            (
                Legal,
                "La revue répond à l'obligation de limiter l'accès aux données personnelles, et elle est tracée.",
            ),
            (
                Operations,
                "Les comptes suivent l'annuaire : création, changement et départ se font sans geste manuel.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Comptes par profil",
    },
    Template {
        at: Company,
        kind: Report,
        title: "Comparaison de deux hébergements pour {app}",
        text: [
            "Le contrat d'hébergement {du app} arrivait à sa fin. Il fallait choisir entre une offre publique et les serveurs {de firm}.",
            "J'ai mesuré la charge réelle sur un mois, dimensionné les deux solutions, comparé coûts, reprise, lieu des données et énergie, et monté un essai sur chacune avec les mêmes scripts.",
            "L'offre retenue coûte {p} % de moins, avec des serveurs arrêtés la nuit. La réversibilité a été essayée avant de signer.",
        ],
        shows: &[
            (
                Strategy,
                "Les deux offres sont comparées sur les mêmes critères : coût, souveraineté, réversibilité, énergie.",
            ),
            (
                Operations,
                "Le dimensionnement part de la charge mesurée, et les ressources s'ajustent aux heures creuses.",
            ),
            (
                Green,
                "L'énergie fait partie des critères : les serveurs inutiles la nuit sont arrêtés.",
            ),
        ],
        picture: Picture::Bars,
        caption: "Coût mensuel par poste",
    },
    Template {
        at: Company,
        kind: Project,
        title: "Réseau sans fil du nouveau bâtiment {de firm}",
        text: [
            "{Firm} ouvrait un bâtiment où {users} devaient se servir {du app} en marchant.",
            "J'ai fait le relevé de couverture, placé {d} bornes, configuré l'authentification par certificat et séparé les visiteurs. Le suivi de l'installation avec l'électricien et l'opérateur m'est revenu.",
            "Aucune coupure entre les zones. Le procès-verbal de recette a été signé avec {n} réserves, levées en une semaine.",
        ],
        shows: &[
            (
                Network,
                "J'ai relevé la couverture, configuré les bornes et vérifié l'itinérance, mesures jointes.",
            ),
            (
                Steering,
                "J'ai coordonné l'électricien, l'opérateur et nos équipes jusqu'à la recette signée.",
            ),
            (
                Security,
                "L'accès se fait par certificat et le réseau des visiteurs ne voit pas celui de l'entreprise.",
            ),
        ],
        picture: Picture::Diagram,
        caption: "Bornes et zones",
    },
    Template {
        at: Company,
        kind: Other,
        title: "Réunions techniques en anglais avec l'équipe de Porto",
        text: [
            "Une équipe de Porto reprend une partie {du app}. Les échanges se font en anglais, deux fois par semaine.",
            "J'ai préparé les ordres du jour, présenté {n} fois l'avancement de notre lot, écrit les comptes rendus et expliqué les règles de gestion que le code ne dit pas.",
            "Les malentendus du début ont cédé la place à un glossaire commun de {d} termes. L'équipe de Porto livre maintenant seule.",
        ],
        shows: &[
            (
                English,
                "J'ai présenté l'avancement et conduit des discussions techniques en anglais, comptes rendus à l'appui.",
            ),
            (
                Communication,
                "Le glossaire et les comptes rendus ont réduit les malentendus entre deux équipes aux habitudes différentes.",
            ),
            (
                Team,
                "J'ai transmis ce que le code ne dit pas et veillé à ce que l'équipe de Porto décide aussi.",
            ),
        ],
        picture: Picture::Screen,
        caption: "Glossaire commun",
    },
    Template {
        at: School,
        kind: Project,
        title: "Ordonnanceur temps réel pour un bras robotisé",
        text: [
            "Le bras du laboratoire ratait des pièces quand la caméra et la commande se disputaient le processeur.",
            "J'ai mesuré les temps d'exécution au pire cas, choisi un ordonnancement à priorités fixes, prouvé qu'il tenait les échéances et ajouté un arrêt sûr en cas de dépassement.",
            "Plus aucune échéance manquée sur {d} heures d'essai. Le dossier de sûreté a été relu par l'enseignant d'automatique.",
        ],
        shows: &[
            (
                Embedded,
                "J'ai mesuré les pires temps d'exécution et prouvé que les échéances sont tenues sur la carte.",
            ),
            (
                Testing,
                "L'arrêt sûr a été essayé en provoquant chaque panne, et les essais sont rejouables.",
            ),
            (
                Architecture,
                "La commande, la vision et la sécurité sont trois tâches séparées aux priorités justifiées.",
            ),
        ],
        picture: Picture::Curve,
        caption: "Temps d'exécution",
    },
];
