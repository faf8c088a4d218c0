// What an apprentice needs without network, read beforehand: nobody opens every page while there is one.
import * as api from '../api/endpoints';
import type { Me } from '../api/types';
import { readCourse } from './certification';
import { lastAnswer, rememberAnswer } from './device';
import { newestEvidence } from './evidence';

const mark = 'prepared';
// Milliseconds after which what was read is read again; each page also keeps what it shows.
const lasts = 6 * 3_600_000;

export async function prepare({ user, enrolments }: Me): Promise<void> {
  const last = await lastAnswer(mark);
  if (last && Date.now() - new Date(last.at).getTime() < lasts) return;
  await api.instance();
  for (const { id } of enrolments) {
    await readCourse(id);
    await api.progress(id);
    await api.evidenceOf(id);
    await api.evidencePage(id, newestEvidence);
    await api.assessments(id);
  }
  await rememberAnswer(user.id, mark, null);
}
