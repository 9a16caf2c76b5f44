import { formatsOf } from '../format.ts';
import { capital } from './capital.ts';
import { countEs, nounEs, shortNounEs, spellEs } from './es-count.ts';
import { incidentsEs } from './es-incidents.ts';
import { governanceEs } from './es-governance.ts';
import { indicatorsEs } from './es-indicators.ts';
import { risksEs } from './es-risks.ts';
import { narrativeEs } from './es-narrative.ts';
import { servicesEs } from './es-services.ts';
import type { AnnexLetter, Words } from './words.ts';
import { protectionAnnexEs } from './es-protection-annex.ts';
import { diskFindingsEs, protectionEs } from './es-protection.ts';

const format = formatsOf('es');
const { number } = format;

/** The annexes where there is little room. */
const annexShortEs: Readonly<Record<AnnexLetter, string>> = {
  A: 'Actualizaciones',
  B: 'Copias',
  C: 'Discos',
  D: 'Antivirus',
  E: 'Acuerdos',
  F: 'Incidencias',
  G: 'Cambios',
  H: 'Controles',
  I: 'Equipos',
  J: 'Excepciones',
  K: 'Método',
  L: 'Tendencias',
};

export const es: Words = {
  language: 'es',
  format,
  title: (month, zone) => `Informe de mantenimiento, ${format.monthYear(month)} · ${zone}`,
  subject: (customer, month) => `Cómo se mantuvo el parque de ${customer} en ${format.monthYear(month)}`,
  running: (month) => `Informe de mantenimiento, ${format.monthYear(month)}`,
  preparedBy: (provider) => `Preparado por ${provider}`,
  page: (page, of) => `Página ${page} de ${of}`,
  footer: (instant, reporting) =>
    `Datos hasta el ${instant}${reporting === undefined ? '' : ` · al cierre ${reporting.hosts === 1 ? 'informaba' : 'informaban'} ${number(reporting.hosts)} de ${number(reporting.of)} ${nounEs(reporting.of, 'host')}`}`,
  verdict: {
    met: 'Cumplido',
    risk: 'En riesgo',
    missed: 'Incumplido',
    running: 'En curso',
    unknown: 'Sin certeza',
    none: 'Sin datos',
    plain: 'Sin objetivo',
  },
  indicators: indicatorsEs,
  services: servicesEs,
  count: countEs,
  tile: {
    noData: 'Sin datos',
    none: 'Ninguna',
    target: (target, better) => `Objetivo ${better === 'low' ? 'máximo ' : ''}${target}`,
    noTarget: 'Sin objetivo',
    atEnd: (compliant, expected, kind) =>
      `${number(compliant)} de ${number(expected)} ${shortNounEs(expected, kind)} al cierre`,
    ofAll: (part, all, kind) => `${number(part)} de ${number(all)} ${shortNounEs(all, kind)}`,
    meanOf: (incidents) =>
      `media de ${number(incidents)} ${nounEs(incidents, 'incident')} ${incidents === 1 ? 'resuelta' : 'resueltas'}`,
    known: (objects) => `${objects} conocido`,
    watched: (time) => `${time} del mes observado`,
    knownAndWatched: (objects, time) => `${objects} conocido, ${time} observado`,
    points: (change) => `${change} puntos`,
    change: {
      better: (amount, before) => `${amount}, mejor que ${format.monthShort(before)}`,
      worse: (amount, before) => `${amount}, peor que ${format.monthShort(before)}`,
      same: (_amount, before) => `igual que ${format.monthShort(before)}`,
      other: (amount, before) => `${amount} frente a ${format.monthShort(before)}`,
    },
    noEarlier: 'sin valor anterior',
    notBefore: (before) => `sin valor en ${format.monthShort(before)}`,
  },
  reason: {
    no_evaluations: 'No se evaluó ninguna regla',
    no_series: 'No se registró nada',
    no_acknowledgements: 'No consta respuesta',
    nothing_expected: 'No se espera de ningún equipo',
    nothing_happened: 'Ninguna incidencia resuelta',
  },
  score: {
    heading: (indicators) =>
      indicators === 1 ? 'Un indicador' : `${capital(spellEs(indicators))} indicadores`,
    rows: {
      met: (count) => `${number(count)} ${count === 1 ? 'cumplido' : 'cumplidos'}`,
      risk: (count) => `${number(count)} ${count === 1 ? 'cumplido' : 'cumplidos'}, en riesgo`,
      missed: (count) => `${number(count)} ${count === 1 ? 'incumplido' : 'incumplidos'}`,
      running: (count) => `${number(count)} en curso`,
      unknown: (count) => `${number(count)} sin certeza`,
      none: (count) => `${number(count)} sin datos`,
      plain: (count) => `${number(count)} sin objetivo`,
    },
  },
  sections: {
    serviceQuality: 'Calidad del servicio',
    governance: 'Gobierno',
    summary: 'Resumen',
    updates: 'Actualizaciones',
    protection: 'Protección',
    operation: 'Operación',
    figures: 'Cómo se obtiene cada cifra',
    gaps: 'Dónde faltan datos',
    evaluations: 'Cómo se evaluaron las reglas',
    repeat: 'Cómo repetir este informe',
    continued: (section) => `${section}, continuación`,
  },
  annexList: 'Anexos para auditoría',
  annexOnPage: (letter, page) => `${letter} ${annexShortEs[letter]}, ${page}`,
  onPage: (page) => `página ${page}`,
  annex: (letter) => `Anexo ${letter}`,
  annexes: {
    A: 'Actualizaciones por equipo',
    B: 'Copias de seguridad y pruebas de restauración',
    C: 'Discos y volúmenes',
    D: 'Protección de equipos',
    E: 'Libro de los acuerdos de servicio',
    F: 'Registro de incidencias',
    G: 'Registro de cambios',
    H: 'Matriz de controles',
    I: 'Equipos al cierre del mes, primero los peores',
    J: 'Excepciones y riesgos aceptados',
    K: 'Método y calidad de los datos',
    L: 'Trece meses',
  },
  captions: {
    sparklines: 'Líneas: últimos 13 meses; discontinua: objetivo; rayado: sin medición.',
    trends:
      'Cada gráfico tiene su propia escala. Discontinua: objetivo; rayado: sin medición o sin observación.',
    noHosts: 'Al cierre del mes no se conocía ningún equipo, por lo que no se lista ninguno.',
  },
  hostTable: {
    others: 'Otros controles',
    host: 'Equipo',
    role: 'Función',
    noRole: '–',
    key: { met: 'en orden', missed: 'fuera de orden', unknown: 'no se sabe' },
    notExpected: 'no previsto',
  },
  method: {
    lede: 'Cada cifra procede de consultas guardadas, evaluadas al final del mes. Lo previsto que no se conocía cuenta como fuera de orden. Un objetivo se da por cumplido cuando se alcanza aun contando en contra todo lo desconocido y se conocía al menos el 80\u00a0%.',
    heads: {
      indicator: 'Indicador',
      counts: 'Qué se cuenta',
      value: 'Valor',
      target: 'Objetivo',
      verdict: 'Veredicto',
      known: 'Conocido',
      watched: 'Observado',
      queries: 'Consultas',
    },
    evaluationHeads: {
      group: 'Grupo de reglas',
      interval: 'Intervalo',
      evaluations: 'Evaluaciones',
      watched: 'Observado',
    },
    evaluations: (evaluations, expected) => `${number(evaluations)} de ${number(expected)}`,
    facts: {
      period: 'Periodo',
      zone: 'Zona horaria',
      evaluated: 'Evaluado en',
      prometheus: 'Prometheus',
      policy: 'Política',
      snapshot: 'Instantánea',
    },
    period: (from, to) => `${from} a ${to}`,
    repeat: 'La misma instantánea produce siempre el mismo fichero, byte a byte.',
    noGaps: 'Se conocía todo lo previsto y se observó el mes entero.',
  },
  gap: {
    no_evaluations: 'Sin datos: en el mes no se evaluó ninguna regla.',
    no_series: 'Sin datos: las reglas se evaluaron y no registraron nada de ello.',
    no_acknowledgements:
      'Sin datos: hubo incidencias y no consta que nadie las atendiera, lo que no demuestra que nadie lo hiciera.',
    objects: (known) => `Se conocía el ${known} de lo previsto; el resto cuenta como fuera de orden.`,
    time: (watched) => `Se observó el ${watched} del mes; el resto no forma parte del valor.`,
    enough: 'Se conocía menos del 80\u00a0%, por lo que no puede darse por cumplido.',
  },
  alt: {
    sparkline: (label, first, last, gaps) =>
      `${label}, últimos 13 meses: de ${first} a ${last}${gaps === 0 ? '' : `, ${gaps === 1 ? 'un mes' : `${spellEs(gaps)} meses`} sin datos`}.`,
    noSparkline: (label) => `${label}: sin datos en los últimos 13 meses.`,
    trend: (label, points, target) => {
      const values = points.map(
        ({ month, value }) => `${format.monthYear(month)}, ${value ?? 'sin medición'}`,
      );
      return `${label}${target === undefined ? '' : `, objetivo ${target}`}. ${capital(values.join('; '))}.`;
    },
    coverage: (known) => `${known} conocido`,
    score: (rows) => `${capital(rows.join(', '))}.`,
  },
  narrative: narrativeEs,
  risks: risksEs,
  protection: protectionEs,
  diskFindings: diskFindingsEs,
  incidents: incidentsEs,
  protectionAnnex: protectionAnnexEs,
  governance: governanceEs,
};
