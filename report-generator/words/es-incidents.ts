import { formatsOf } from '../format.ts';
import { capital } from './capital.ts';
import { alertsEs } from './es-alerts.ts';
import { countEs, listEs, spellEs } from './es-count.ts';
import type { IncidentWords } from './incident-words.ts';

const format = formatsOf('es');
const { number } = format;

export const incidentsEs: IncidentWords = {
  finding: (opened, breached, unknown) => {
    if (opened + breached + unknown === 0) return 'No se abrió ninguna incidencia';
    const late =
      breached > 0 ? `${feminine(breached)} con respuesta tardía` : 'sin respuestas tardías conocidas';
    if (unknown > 0 && breached === 0)
      return `${capital(countEs(opened, 'incident'))}; no consta toda respuesta`;
    return `${capital(countEs(opened, 'incident'))}, ${late}`;
  },
  categories: {
    heading: (compared) => (compared ? 'Por categoría, frente al mes anterior' : 'Por categoría'),
    names: {
      updates: 'Actualizaciones y reinicios',
      backups: 'Copias y restauraciones',
      disks: 'Discos y volúmenes',
      services: 'Servicios y red',
      protection: 'Protección de equipos',
      access: 'Accesos y cumplimiento',
    },
    works: (works, compared) => {
      const names = {
        corrective: ['correctiva', 'correctivas'],
        preventive: ['preventiva', 'preventivas'],
        adaptive: ['adaptativa', 'adaptativas'],
        perfective: ['perfectiva', 'perfectivas'],
      } as const;
      const named = (['corrective', 'preventive', 'adaptive', 'perfective'] as const).flatMap((work) =>
        works[work] === 0 ? [] : [`${number(works[work])} ${names[work][works[work] === 1 ? 0 : 1]}`],
      );
      const sentence = named.length === 0 ? '' : `Por tipo de trabajo: ${listEs(named)}.`;
      return [sentence, compared ? 'Anillo: mes anterior.' : ''].filter((text) => text !== '').join(' ');
    },
  },
  times: {
    heading: 'Tiempos de resolución y de respuesta',
    panels: {
      resolve: { urgent: 'Urgentes, hasta resolver', standard: 'Normales, hasta resolver' },
      respond: (known, of) =>
        `Urgentes, hasta responder${known < of ? ` (${number(known)} de ${number(of)})` : ''}`,
    },
    urgent: ({ mean, median, target, change, before }) => {
      const compared =
        change === undefined
          ? ''
          : change.to === 'same'
            ? `, como en ${format.month(before)}`
            : `, ${change.by} ${change.to === 'less' ? 'menos' : 'más'} que en ${format.month(before)}`;
      const middle = median === undefined ? '' : ` (mediana ${median})`;
      return `Las incidencias urgentes tardaron ${mean} de media en resolverse${middle}${compared}${target === undefined ? '' : `; objetivo ${target}`}.`;
    },
    none: 'No se resolvió ninguna incidencia urgente.',
    notMeasured: 'sin medición',
    target: (target) => `objetivo ${target}`,
  },
  response: {
    heading: 'Respuesta dentro del SLA',
    aside: (promises) =>
      promises
        .map(
          ({ slaClass, within, inHours }) =>
            `${slaClass === 'urgent' ? 'urgente' : 'normal'} ${within}${inHours ? ' laborables' : ''}`,
        )
        .join(', '),
    none: 'Ninguna incidencia requería respuesta.',
    waiting: (running) =>
      `${capital(countEs(running, 'incident'))} ${running === 1 ? 'espera' : 'esperan'} respuesta, dentro de plazo.`,
    all: 'Todas las incidencias se atendieron o terminaron dentro de plazo.',
    measured: ({ measured = '', breached, target }) =>
      `**El ${measured}** de las incidencias se atendió o terminó dentro de plazo${target === undefined ? '' : `; objetivo ${target}`}. ${capital(countEs(breached, 'incident'))} se ${breached === 1 ? 'atendió' : 'atendieron'} tarde.`,
    range: ({ worst, best, target, unknown, decided }) =>
      `**Entre el ${worst} y el ${best}** de las incidencias se atendió a tiempo${target === undefined ? '' : `; objetivo ${target}`}. ${capital(feminine(unknown))} de ${number(decided)} ${unknown === 1 ? 'no tiene acuse' : 'no tienen acuse'}: la cifra menor ${unknown === 1 ? 'la cuenta como incumplida' : 'las cuenta como incumplidas'}; la mayor, como ${unknown === 1 ? 'cumplida' : 'cumplidas'}.`,
    notGiven: ({ worst, best, unknown }) =>
      `Este informe no recibió ningún acuse, así que no se puede saber quién respondió: **entre el ${worst} y el ${best}** de las incidencias se atendió a tiempo. Se desconoce la respuesta de ${countEs(unknown, 'incident')}.`,
    heads: {
      class: 'Clase',
      strip: (target) =>
        `Parte de las incidencias${target === undefined ? '' : `; barra: objetivo ${target}`}`,
      answered: 'Atendida a tiempo',
      resolvedFirst: 'Resuelta a tiempo',
      unknown: 'Sin acuse',
      breached: 'Tarde',
      running: 'En curso',
      verdict: 'Veredicto',
    },
    classes: { urgent: 'Urgente', standard: 'Normal', all: 'Todas' },
  },
  register: {
    lede: 'Una incidencia es un episodio continuo de una alerta crítica o de aviso que ninguna otra explica; las pausas de hasta 15 minutos forman parte de ella. «Resuelta» significa terminada dentro de plazo sin acuse. Las causas y las correcciones las escribieron personas. Hora local.',
    counts: (opened, carried, open) =>
      `${capital(countEs(opened, 'incident'))} ${opened === 1 ? 'abierta' : 'abiertas'} en el mes, ${feminine(carried)} de antes y ${feminine(open)} sin cerrar al final.`,
    heads: {
      number: 'Número',
      opened: 'Apertura',
      lasted: 'Duración',
      class: 'Clase',
      what: 'Qué ocurrió',
      where: 'Dónde',
      cause: 'Causa y corrección',
      response: 'Respuesta',
    },
    open: 'abierta',
    between: (least, most) => `de ${least} a ${most}`,
    flaps: (times) => `volvió ${times === 1 ? 'una vez' : `${number(times)} veces`}`,
    noClass: '–',
    response: {
      met: 'A tiempo',
      resolved_first: 'Resuelta',
      breached: 'Tarde',
      running: 'En curso',
      unknown: 'Sin acuse',
    },
    alerts: alertsEs,
  },
  ledger: {
    heading: 'Respuestas',
    lede: 'Incidencias cuya respuesta se decidió en el mes o sigue en plazo al final. El reloj arranca con la alerta; «usado» va en el reloj de la clase. Quién respondió figura como lo escribió.',
    heads: {
      number: 'Número',
      class: 'Clase',
      opened: 'Apertura',
      deadline: 'Plazo',
      answered: 'Respuesta',
      by: 'Quién',
      used: 'Usado',
      verdict: 'Resultado',
    },
    noDeadline: 'ninguno',
  },
};

/** «una», «doce», «ninguna»: de incidencias. */
function feminine(count: number): string {
  if (count === 0) return 'ninguna';
  return count === 1 ? 'una' : spellEs(count);
}
