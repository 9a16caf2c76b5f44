import { formatsOf } from '../format.ts';
import { capital } from './capital.ts';
import { countEs, listEs, nounEs, spellEs } from './es-count.ts';
import type { DiskWords, ProtectionWords } from './protection-words.ts';

const format = formatsOf('es');
const { number } = format;
const longestHeadline = 60;

const short = {
  reporting: 'informes',
  updates: 'actualizaciones',
  backups: 'copias',
  antivirus: 'antivirus',
  disks: 'discos',
};

const none = (count: number): string => (count === 0 ? 'ninguno' : spellEs(count));

/** «un equipo» sin nombre detrás es «uno»; de una vulnerabilidad, «una». */
const oneShe = (count: number): string =>
  count === 1 ? 'una' : spellEs(count).replace('ninguno', 'ninguna');

function named(names: readonly string[], more: number): string {
  if (more === 0) return listEs(names);
  return `${names.join(', ')} y ${spellEs(more)} más`;
}

function vulnerabilities(count: number): string {
  if (count === 0) return 'ninguna vulnerabilidad crítica';
  return `${oneShe(count)} ${count === 1 ? 'vulnerabilidad crítica' : 'vulnerabilidades críticas'}`;
}

const opened = (count: number): string => (count === 1 ? 'abierta' : 'abiertas');

export const protectionEs: ProtectionWords = {
  headline: {
    nothing: (month) => `En ${format.month(month)} no se midió la protección`,
    all: (targets) =>
      targets === 1
        ? 'Se cumplió el único objetivo de protección'
        : `Cumplidos los ${spellEs(targets)} objetivos de protección`,
    some: ({ met, of, missed, unknown }) => {
      const reached =
        met === 0
          ? `Ninguno de ${spellEs(of)} objetivos cumplido`
          : `${met === 1 ? 'Cumplido' : 'Cumplidos'} ${spellEs(met)} de ${spellEs(of)} objetivos`;
      const rest = [
        ...(missed.length === 0
          ? []
          : [`${missed.length === 1 ? 'falla' : 'fallan'} ${listEs(missed.map((id) => short[id]))}`]),
        ...(unknown === 0 ? [] : [`${spellEs(unknown)} sin certeza`]),
      ].join('; ');
      const whole = `${reached}; ${rest}`;
      return whole.length <= longestHeadline
        ? whole
        : reached.replace('objetivos', 'objetivos de protección');
    },
  },
  lede: {
    updates: ({ hosts, inOrder, overdue, unknown }) => {
      if (inOrder === hosts)
        return `Al cierre del mes ${hosts === 1 ? 'el único equipo tenía' : `los ${number(hosts)} equipos tenían`} las actualizaciones de seguridad dentro de plazo.`;
      const rest = [
        ...(overdue === 0 ? [] : [`${spellEs(overdue)} fuera de plazo`]),
        ...(unknown === 0 ? [] : [`${spellEs(unknown)} sin certeza`]),
      ];
      return `De ${number(hosts)} ${nounEs(hosts, 'host')}, ${number(inOrder)} ${inOrder === 1 ? 'tenía' : 'tenían'} al cierre del mes las actualizaciones de seguridad dentro de plazo; ${listEs(rest)}.`;
    },
    updatesUnknown: 'Al cierre del mes no se midieron las actualizaciones.',
    restores: (verified, jobs) =>
      `${capital(none(verified))} de ${spellEs(jobs)} ${nounEs(jobs, 'backup_job')} ${verified === 1 || verified === 0 ? 'tiene' : 'tienen'} una restauración verificada dentro de plazo.`,
    noBackups: 'No se conoce ningún trabajo de copia.',
    vulnerabilities: (open, before, month) => {
      if (before !== null && before !== open)
        return `Las vulnerabilidades críticas abiertas ${open < before ? 'bajaron' : 'subieron'} de ${number(before)} en ${format.month(month)} a ${number(open)}.`;
      const same = before === null ? '' : `, como en ${format.month(month)}`;
      return open === 0
        ? `No se conoce ninguna vulnerabilidad crítica abierta${same}.`
        : `Se conocen ${vulnerabilities(open)} ${opened(open)}${same}.`.replace(
            'Se conocen una ',
            'Se conoce una ',
          );
    },
    vulnerabilitiesUnknown: 'No se midieron las vulnerabilidades.',
  },
  estate: {
    heading: 'Cinco preguntas a todo el parque',
    heads: {
      question: 'Equipos al cierre',
      atEnd: 'En orden',
      value: 'Mes',
      change: 'Cambio',
      target: 'Objetivo',
      verdict: 'Veredicto',
    },
    key: { ok: 'en orden', ok2: 'en parte', bad: 'problema', unknown: 'no se sabe' },
    questions: {
      reporting: '¿Informan todos los equipos?',
      updates: '¿Se actualizan a tiempo?',
      backups: '¿Copias recientes y probadas?',
      antivirus: '¿Antivirus activo y al día?',
      disks: '¿Están sanos los discos?',
    },
    rest: ({ partly, problem, unknown }, id) =>
      [
        ...(problem === 0 ? [] : [`${number(problem)} con problema`]),
        ...(partly === 0 ? [] : [`${number(partly)} en parte`]),
        ...(unknown === 0
          ? []
          : [`${number(unknown)} ${id === 'reporting' ? 'sin informar' : 'sin certeza'}`]),
      ].join(', '),
    of: (part, whole) => `${number(part)} de ${number(whole)}`,
    noHosts: 'Al cierre del mes no se conocía ningún equipo: ninguna pregunta tiene respuesta.',
  },
  updates: {
    trend: 'Actualizaciones de seguridad en plazo',
    overdue: (hosts) =>
      hosts === 0 ? 'Equipos fuera de plazo' : `${capital(countEs(hosts, 'host'))} fuera de plazo, por días`,
    none: 'Al cierre del mes se conocían todos los equipos y ninguno tenía actualizaciones de seguridad fuera de plazo.',
    noneKnown: (unknown) =>
      `Ningún equipo conocido está fuera de plazo; de ${countEs(unknown, 'host')} no se sabe.`,
    unknown: (hosts) =>
      `De ${countEs(hosts, 'host')} no se sabe; también ${hosts === 1 ? 'puede' : 'pueden'} estar fuera de plazo.`,
    notMeasured: 'Al cierre del mes nada se sabía de las actualizaciones.',
    bucket: { days3: 'hasta 3 días', days7: '4–7 días', days30: '8–30 días', more: 'más de 30 días' },
    action: (names, more, restart, who) =>
      `Instalar lo atrasado en ${named(names, more)}${restart === 0 ? '' : `; ${spellEs(restart)} ${restart === 1 ? 'espera' : 'esperan'} además un reinicio`}. **${who}.**`,
  },
  backups: {
    heading: 'Copias y pruebas de restauración',
    none: 'No se conoce ningún trabajo de copia, así que nada puede decirse de las copias. Conecte una herramienta de copia al exportador.',
    trend: 'Copias realizadas con éxito',
    ages: (jobs) =>
      `Antigüedad de la última restauración verificada, ${number(jobs)} ${jobs === 1 ? 'trabajo' : 'trabajos'}`,
    axis: 'días; relleno: crítico, anillo: otro',
    limit: (days) => `límite ${number(days)} días`,
    never: 'sin verificar',
    runs: ({ succeeded, due, share, missed, unknown }) => {
      const rest = [
        ...(missed === 0
          ? []
          : [`${oneShe(missed)} no ${missed === 1 ? 'dejó' : 'dejaron'} un punto de restauración completo`]),
        ...(unknown === 0 ? [] : [`${oneShe(unknown)} no ${unknown === 1 ? 'pudo' : 'pudieron'} verse`]),
      ];
      return `${number(succeeded)} de ${number(due)} copias previstas se hicieron con éxito (${share})${rest.length === 0 ? '' : `; ${listEs(rest)}`}.`;
    },
    runsUnknown: 'No se midió cuántas copias se hicieron con éxito.',
    proofs: ({ verified, jobs, late, never, failed, unknown }) => {
      const rest = [
        ...(late === 0 ? [] : [`${spellEs(late)} ya fuera de plazo`]),
        ...(never === 0 ? [] : [`${spellEs(never)} sin restaurar nunca`]),
        ...(failed === 0 ? [] : [`${spellEs(failed)} con la última prueba fallida`]),
        ...(unknown === 0 ? [] : [`${spellEs(unknown)} sin certeza`]),
      ];
      const verb = verified === 1 || verified === 0 ? 'tiene' : 'tienen';
      return `${capital(none(verified))} de ${spellEs(jobs)} ${jobs === 1 ? 'trabajo' : 'trabajos'} ${verb} una restauración verificada dentro de plazo${rest.length === 0 ? '' : `; ${listEs(rest)}`}.`;
    },
    oldest: (name, critical, age, until) =>
      `La más antigua${critical ? ' de un trabajo crítico' : ''} es la de ${name}: ${age}${until === undefined ? ', fuera de plazo' : `, válida hasta el ${until}`}.`,
    action: (names, more, who, by) =>
      `Restaurar ${named(names, more)} y comparar. **${who}${by === undefined ? '' : `, hasta el ${by}`}.**`,
    unknownAges: (jobs) =>
      `De ${countEs(jobs, 'backup_job')} no se sabe y no ${jobs === 1 ? 'tiene' : 'tienen'} punto.`,
  },
  vulnerabilities: {
    heading: 'Vulnerabilidades críticas',
    notMeasured: 'Sin medición este mes',
    notMeasuredHelp:
      'No se recibió ningún resultado de un escáner: nada se sabe de las vulnerabilidades. Conecte trivy, grype o debsecan al exportador.',
    unknown: 'Ningún escáner pudo decir nada del cierre del mes. Los recuentos anteriores no se arrastran.',
    open: ({ open, before, month, opened: appeared, closed }) => {
      const compared =
        before === null
          ? ''
          : before === open
            ? `, como en ${format.month(month)}`
            : `, ${oneShe(Math.abs(open - before))} ${open < before ? 'menos' : 'más'} que en ${format.month(month)}`;
      const moved =
        appeared === null || closed === null
          ? ''
          : `; ${oneShe(appeared)} ${appeared === 1 ? 'nueva' : 'nuevas'}, ${oneShe(closed)} ${closed === 1 ? 'cerrada' : 'cerradas'}`;
      return open === 0
        ? `No se conoce ninguna vulnerabilidad crítica abierta${compared}${moved}.`
        : `Se conocen ${vulnerabilities(open)} ${opened(open)}${compared}${moved}.`.replace(
            'Se conocen una ',
            'Se conoce una ',
          );
    },
    exploited: (count) =>
      count === 0
        ? 'De ninguna se sabe que se explote.'
        : `De ${oneShe(count)} se sabe que se ${count === 1 ? 'explota' : 'explotan'}.`,
    reach: (told, hosts) =>
      told === hosts
        ? 'Se escanearon todos los equipos.'
        : `Los escáneres informaron de ${number(told)} de ${number(hosts)} equipos: puede haber más.`,
    chart: 'Equipos, según la más antigua',
    inside: 'dentro de plazo',
    past: {
      days3: 'hasta 3 días más',
      days7: '4–7 días más',
      days30: '8–30 días más',
      more: 'más de 30 días más',
    },
  },
  disks: {
    heading: 'Discos que requieren atención',
    none: 'Se conocían todos los discos y volúmenes y estaban sanos.',
    noneKnown: 'Ningún disco ni volumen que pudo consultarse requiere atención.',
    notMeasured: 'Al cierre del mes nada se sabía de los discos.',
    heads: { host: 'Equipo', finding: 'Hallazgo' },
    unknown: (disks) =>
      `${capital(countEs(disks, 'disk'))} no ${disks === 1 ? 'pudo' : 'pudieron'} consultarse.`,
    more: (rows) => `${number(rows)} más en el anexo C.`,
  },
};

export const diskFindingsEs: DiskWords = {
  failing: 'anuncia su fallo',
  gone: 'estaba y ya no está',
  selfTestFailed: 'autodiagnóstico fallido',
  selfTestLate: 'sin autodiagnóstico reciente',
  grown: (sectors) => `${number(sectors)} ${sectors === 1 ? 'error' : 'errores'} más este mes`,
  isNew: 'nuevo este mes',
  retired: 'retirado este mes',
  degraded: (missing, members) =>
    missing === null || missing === 0 || members === null
      ? 'no está sano'
      : `${number(missing)} de ${number(members)} miembros ausentes o en reconstrucción`,
};
