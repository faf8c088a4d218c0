export const fr = {
  deposit: {
  },

  records: {
    title: 'Blocs validés',
    titleOf: (name: string) => `Blocs validés de ${name}`,
    obtained: (day: string) => `Certification obtenue le ${day}.`,
    obtainedHelp: 'Elle reste acquise, même quand la validité d’un de ses blocs prend fin.',
    allMet: 'Tous les blocs sont en vigueur et tous les prérequis sont remplis. L’obtention est enregistrée dans l’heure.',
    nothing: 'Cette certification est un brouillon : aucun jury ne peut encore en valider les blocs.',
    held: (held: number, all: number) => `${held} bloc${held > 1 ? 's' : ''} en vigueur sur ${all}`,
    partial: 'Validation partielle : les blocs acquis le restent dans la limite de leur validité.',
    missing: 'Ce qui manque pour la certification',
    neverValidated: (code: string, title: string) => `Bloc ${code}, ${title} : à valider devant un jury`,
    expiredBlock: (code: string, title: string, day: string) => `Bloc ${code}, ${title} : expiré depuis le ${day}, à valider de nouveau`,
    requirement: (label: string) => `Prérequis : ${label}`,
    transversal: (text: string) => `Compétence transversale : ${text}`,
    notIssuable: {
      after_last_issue: (day: string) => `La certification ne peut plus être délivrée depuis le ${day}.`,
      started_after_registration: (day: string) =>
        `L’enregistrement de la certification a pris fin le ${day}, avant le début du parcours : elle ne peut pas être délivrée.`,
    },
    blocks: 'Blocs de la certification',
    states: {
      in_force: 'En vigueur',
      expires_soon: 'Expire bientôt',
      expired: 'Expiré',
      not_yet: 'À venir',
      none: 'Pas encore validé',
    },
    validatedOn: (day: string) => `Validé le ${day}`,
    until: (day: string) => `valable jusqu’au ${day} inclus`,
    ended: (day: string) => `valable jusqu’au ${day}`,
    unlimited: 'sans limite de durée',
    unknown: 'durée de validité non précisée par la fiche',
    soon: (day: string) =>
      `Ce bloc expire le ${day}. Tous les blocs doivent être en vigueur le même jour : renseignez-vous sur le prochain jury.`,
    earlier: 'Validé lors d’un parcours précédent.',
    elsewhere: 'Validé hors de cet établissement ou repris d’une archive.',
    attestation: 'Attestation (PDF)',
    attestationOf: (code: string) => `Attestation du bloc ${code} (PDF)`,
    certificate: 'Parchemin (PDF)',
    noCertificate:
      'Le parchemin ne peut pas être établi : il doit citer la date de la décision d’enregistrement, que cette version de la certification ne donne pas.',
    paperHelp: 'L’école signe ces documents ; un cadre est laissé libre pour la signature.',
    letterhead: 'En-tête et signature des documents',
    juries: 'Jurys',
    noJury: 'Aucun jury n’a encore rendu de décision sur ce parcours.',
    juryOn: (title: string, day: string) => `${title}, ${day}`,
    verdicts: { validated: 'Validé', partial: 'Validé en partie', refused: 'Refusé', postponed: 'Reporté' },
    missingCompetencies: 'Ce qui manque :',
    motive: 'Motif :',
    waived: (label: string, by: string) => `Dispense accordée par ${by} : ${label}.`,
    obtainedThen: 'Certification obtenue à cette session.',
    letter: 'Lettre de résultats (PDF)',
    letterOf: (title: string) => `Lettre de résultats, ${title} (PDF)`,
    head: {
      title: 'En-tête et signature des documents',
      intro:
        'Ce que l’établissement imprime sur les attestations, les lettres de résultats et les parchemins. Ce qui reste vide laisse une place à remplir à la main.',
      legal_name: 'Raison sociale',
      legalNameHelp: (name: string) => `Sans elle, les documents portent « ${name} ».`,
      trade_name: 'Nom d’usage',
      address: 'Adresse postale',
      addressHelp: 'Une ligne par ligne d’adresse.',
      place: 'Fait à (ville)',
      signatory: 'Nom de la personne qui signe',
      signatory_quality: 'Sa qualité',
      qualityHelp: 'Par exemple : Directrice des études.',
      appeals: 'Voies et délais de recours',
      appealsHelp: 'Ce texte figure sur les lettres de résultats.',
      save: 'Enregistrer',
      saved: 'Les documents téléchargés à partir de maintenant portent cet en-tête.',
    },
  },

  archive: {
  },

  badges: {
  },
};
