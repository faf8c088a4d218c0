import type { Component } from 'svelte';
import Home from './pages/Home.svelte';
import SignIn from './pages/SignIn.svelte';
import { match, type Params } from './lib/router.svelte';

type PageComponent = Component<any>;
type Lazy = () => Promise<{ default: PageComponent }>;

interface Route {
  pattern: string;
  /** Pages that a person sees first are in the entry; the others come when they are opened. */
  page: PageComponent | Lazy;
  lazy: boolean;
  /** Open to somebody who has not signed in. */
  open?: boolean;
}

const now = (pattern: string, page: PageComponent, open = false): Route => ({ pattern, page, open, lazy: false });
const later = (pattern: string, page: Lazy, open = false): Route => ({ pattern, page, open, lazy: true });

const evidenceForm: Lazy = () => import('./pages/EvidenceForm.svelte');
const visitForm: Lazy = () => import('./pages/VisitForm.svelte');
const grid: Lazy = () => import('./pages/Grid.svelte');

const routes: Route[] = [
  now('/', Home),
  now('/connexion', SignIn, true),
  later('/installation', () => import('./pages/Setup.svelte'), true),
  later('/invitation', () => import('./pages/Enter.svelte'), true),
  later('/entrer', () => import('./pages/Enter.svelte'), true),
  later('/connexion/lien', () => import('./pages/AskLink.svelte'), true),
  later('/courriels', () => import('./pages/Mute.svelte'), true),
  later('/demonstration/courriels', () => import('./pages/DemoMails.svelte'), true),
  later('/verifier/:token', () => import('./pages/Verify.svelte'), true),
  later('/compte', () => import('./pages/Account.svelte')),

  now('/portfolio', Home),
  later('/a-traiter', () => import('./pages/Queue.svelte')),
  later('/a-traiter/:id', () => import('./pages/Review.svelte')),
  later('/parcours/:id/visites', () => import('./pages/Visits.svelte')),
  later('/parcours/:id/visites/nouvelle', visitForm),
  later('/visites/:visit', () => import('./pages/Visit.svelte')),
  later('/visites/:visit/modifier', visitForm),
  later('/apprentis', () => import('./pages/Students.svelte')),
  later('/jury', () => import('./pages/Jury.svelte')),

  later('/jurys/:session/candidats/:candidate', () => import('./pages/CandidateReading.svelte')),

  later('/parcours', () => import('./pages/Students.svelte')),
  later('/parcours/nouveau', () => import('./pages/NewEnrolment.svelte')),
  later('/parcours/:id', () => import('./pages/StudentPortfolio.svelte')),
  later('/parcours/:id/blocs/:code', () => import('./pages/Block.svelte')),
  later('/parcours/:id/blocs/:code/auto-evaluation', grid),
  later('/parcours/:id/blocs/:code/evaluation', grid),
  later('/parcours/:id/competences/:key', () => import('./pages/Competency.svelte')),
  later('/parcours/:id/evaluations/:assessment', () => import('./pages/SignedAssessment.svelte')),
  later('/parcours/:id/preuves', () => import('./pages/EvidenceList.svelte')),
  later('/parcours/:id/preuves/nouvelle', evidenceForm),
  later('/parcours/:id/carte', () => import('./pages/EvidenceMap.svelte')),
  later('/parcours/:id/acquis', () => import('./pages/Records.svelte')),
  later('/documents/en-tete', () => import('./pages/Letterhead.svelte')),
  later('/parcours/:id/depot', () => import('./pages/Deposit.svelte')),
  later('/dossiers/:dossier', () => import('./pages/Dossier.svelte')),
  later('/parcours/:id/tuteurs', () => import('./pages/Tutors.svelte')),
  later('/parcours/:id/modifier', () => import('./pages/EnrolmentTerms.svelte')),
  later('/preuves/:evidence', () => import('./pages/Evidence.svelte')),
  later('/preuves/:evidence/modifier', evidenceForm),
  later('/en-attente/:waiting', () => import('./pages/Waiting.svelte')),
  later('/en-attente/:waiting/modifier', evidenceForm),

  later('/promotions', () => import('./pages/Cohorts.svelte')),
  later('/promotions/nouvelle', () => import('./pages/NewCohort.svelte')),
  later('/promotions/:id', () => import('./pages/Cohort.svelte')),
  later('/promotions/:id/attention', () => import('./pages/CohortAttention.svelte')),
  later('/promotions/:id/couverture', () => import('./pages/CohortCoverage.svelte')),
  later('/promotions/:id/charge', () => import('./pages/CohortWorkload.svelte')),
  later('/promotions/:id/echeances', () => import('./pages/CohortDates.svelte')),
  later('/jurys', () => import('./pages/Juries.svelte')),
  later('/jurys/nouveau', () => import('./pages/NewJury.svelte')),
  later('/jurys/:session', () => import('./pages/JurySession.svelte')),
  later('/jurys/:session/convocation', () => import('./pages/Convocation.svelte')),
  later('/importer', () => import('./pages/Import.svelte')),
  later('/personnes', () => import('./pages/People.svelte')),
  later('/personnes/nouvelle', () => import('./pages/NewPerson.svelte')),
  later('/personnes/:person', () => import('./pages/EditPerson.svelte')),
  later('/certifications', () => import('./pages/Certifications.svelte')),
  later('/certifications/nouvelle', () => import('./pages/NewCertification.svelte')),
  later('/certifications/:code', () => import('./pages/Certification.svelte')),

  later('/certifications/:code/grilles', () => import('./pages/Grids.svelte')),
  later('/certifications/:code/grille-vierge', () => import('./pages/BlankGrid.svelte')),
  later('/grilles/:grid', () => import('./pages/SchoolGrid.svelte')),
  later('/grilles/:grid/apercu', () => import('./pages/GridPreview.svelte')),
  later('/parcours/:id/blocs/:code/grille-vierge', () => import('./pages/BlankGrid.svelte')),

  later('/jurys/:session/deliberation', () => import('./pages/Deliberation.svelte')),
  later('/jurys/:session/pv', () => import('./pages/Minutes.svelte')),
];

export interface Found {
  route: Route;
  params: Params;
}

/** The first route that fits: a fixed address stands before the one with a parameter. */
export function find(path: string): Found | undefined {
  for (const route of routes) {
    const params = match(route.pattern, path);
    if (params) return { route, params };
  }
  return undefined;
}

export async function pageOf(route: Route): Promise<PageComponent> {
  return route.lazy ? (await (route.page as Lazy)()).default : (route.page as PageComponent);
}
