import { capital } from './capital.ts';
import { countEs, listEs } from './es-count.ts';
import type { RiskWords } from './risk-words.ts';

export const risksEs: RiskWords = {
  risks: 'Mayores riesgos',
  noRisks: 'De lo que se conoce, nada ha pasado de su límite ni está por pasarlo.',
  noRisksKnown: 'Todo se conoce, y nada ha pasado de su límite ni está por pasarlo.',
  nothingKnown:
    'Se desconocen: al final del mes no se pudo juzgar nada. Primero hay que recuperar la vigilancia.',
  decisions: 'Decisiones que les pedimos',
  noDecisions: 'Ninguna este mes.',
  expiring: (jobs, date) =>
    jobs === 1
      ? `La prueba de una restauración caduca el ${date}`
      : `Las pruebas de ${countEs(jobs, 'backup_job')} caducan desde el ${date}`,
  consequence: {
    watching: 'Lo que no se ve no se puede mantener en orden',
    updates: 'Quedan fallos conocidos por los que se puede atacar',
    backups: 'Lo que se pierda ahora quizá no se recupere',
    protection: 'Un ataque puede pasar inadvertido',
    storage: 'Una avería puede parar el sistema o perder datos',
    services: 'Los usuarios podrían no poder trabajar',
    agreements: 'Lo acordado podría no cumplirse',
  },
  expiringConsequence: 'Después nadie sabrá si se puede restaurar',
  places: (names, more) => (more === 0 ? listEs(names) : `${names.join(', ')} y ${more} más`),
  impact: { high: 'Impacto alto', medium: 'Impacto medio', low: 'Impacto bajo' },
  until: (who, date) => `${who} · hasta el ${date}`,
  answerBy: (who, date) => `${who} · respuesta hasta el ${date}`,
  comment: (signed) => `Comentario de ${capital(signed)}`,
};
