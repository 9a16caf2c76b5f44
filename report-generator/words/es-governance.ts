import { formatsOf } from '../format.ts';
import { capital } from './capital.ts';
import { countEs, listEs, spellEs } from './es-count.ts';
import { governanceAnnexEs } from './es-governance-annex.ts';
import type { GovernanceWords } from './governance-words.ts';

const format = formatsOf('es');
const { number } = format;

/** Con número en letra; «una» ante nombres femeninos. */
function spell(count: number, feminine: boolean): string {
  if (count === 1) return feminine ? 'una' : 'uno';
  return spellEs(count);
}

function ofEs(part: number, all: number, feminine: boolean): string {
  const the = feminine ? 'las' : 'los';
  if (part === all)
    return all === 1 ? (feminine ? 'La única' : 'El único') : `${feminine ? 'Las' : 'Los'} ${spellEs(all)}`;
  if (all > 12) return `${number(part)} de ${the} ${number(all)}`;
  if (part === 0) return `${feminine ? 'Ninguna' : 'Ninguno'} de ${the} ${spellEs(all)}`;
  return `${capital(spell(part, feminine))} de ${the} ${spellEs(all)}`;
}

const s = (count: number): string => (count === 1 ? '' : 's');

export const governanceEs: GovernanceWords = {
  finding: {
    plan: (good, all, isOver) =>
      isOver
        ? `${ofEs(good, all, false)} objetivo${s(all)} a 90 días, alcanzado${s(good === 0 ? 1 : good)}`
        : `${ofEs(good, all, false)} objetivo${s(all)} a 90 días, al día`,
    tasks: (onTime, planned) =>
      `${ofEs(onTime, planned, true)} tarea${s(planned)} prevista${s(planned)}, a tiempo`,
    readiness: (met, inScope) =>
      `${number(met)} de ${number(inScope)} requisitos con cumplimiento demostrado`,
    changes: (changes) =>
      changes === 1 ? 'Un cambio registrado' : `${capital(spellEs(changes))} cambios registrados`,
    nothing: 'No había nada previsto ni se vio ningún cambio',
    unknown: 'No se sabe qué se hizo',
  },
  lede: {
    readiness: ({ met, in_scope }, share, before, monthBefore) => {
      const change =
        before === null
          ? ''
          : met === before
            ? `, los mismos que en ${format.month(monthBefore)}`
            : `, ${spell(Math.abs(met - before), false)} ${met > before ? 'más' : 'menos'} que en ${format.month(monthBefore)}`;
      return `${number(met)} de ${number(in_scope)} requisitos en alcance tienen su cumplimiento demostrado (${share})${change}.`;
    },
    notAssessed: 'Al cierre del mes no pudo evaluarse la preparación normativa.',
    tasks: ({ on_time, planned, late, missed, unconfirmed, running }) => {
      if (planned === 0)
        return running === 0 ? 'No vencía ninguna tarea.' : 'No venció el plazo de ninguna tarea.';
      const rest = [
        [late, 'tarde'],
        [missed, 'sin hacer'],
        [unconfirmed, 'sin confirmación'],
      ] as const;
      const others = rest.flatMap(([count, word]) => (count === 0 ? [] : [`${spell(count, true)} ${word}`]));
      return `${number(on_time)} de ${number(planned)} tarea${s(planned)} prevista${s(planned)} ${on_time === 1 ? 'se confirmó' : 'se confirmaron'} a tiempo${others.length === 0 ? '' : `; ${listEs(others)}`}.`;
    },
    noTasks: 'La política no prevé tareas de personas.',
    plan: (behind) =>
      behind.length === 0
        ? 'Nada va con retraso respecto al plan.'
        : `Con retraso respecto al plan: ${listEs(behind.slice(0, 3))}${behind.length > 3 ? ` y ${spell(behind.length - 3, false)} más` : ''}.`,
  },
  readiness: {
    title: 'Preparación normativa',
    heads: {
      framework: 'Marco',
      strip: 'Requisitos en alcance',
      met: 'Cumple',
      partly: 'En parte',
      notMet: 'No cumple',
      notAssessed: 'No evaluado',
      share: 'Preparación',
      change: 'Cambio',
    },
    all: 'Todos',
    note: (scopes) =>
      `Entra en alcance aquello de lo que el mantenimiento tiene evidencia: ${listEs(scopes)}. Lo cumplido en parte y lo no evaluado cuentan como no cumplidos. Es evidencia para una auditoría, no su resultado.`,
    scope: (inScope, total, framework) => `${number(inScope)} de ${number(total)} partes de ${framework}`,
    names: { iso27001: 'ISO 27001', nis2: 'NIS2', cyber_essentials: 'Cyber Essentials' },
  },
  plan: {
    title: 'Plan de 90 días',
    heads: {
      indicator: 'Indicador',
      baseline: 'Base',
      day30: 'Día 30',
      day60: 'Día 60',
      day90: 'Día 90',
      from: 'base',
      to: 'día 90',
      now: 'Ahora',
      status: 'Estado',
    },
    aside: (baseline, lastDay) =>
      `${baseline === undefined ? '' : `base ${baseline}; `}el día 90 es el ${lastDay}`,
    days: (from, to) => `del ${from} al ${to}`,
    none: 'ninguna',
    status: {
      reached: 'Alcanzado',
      on_track: 'Al día',
      under_way: 'En marcha',
      behind: 'Retrasado',
      unknown: 'Sin certeza',
      none: 'Sin datos',
    },
    action: (name, value, target) => `Llevar ${name} de ${value} a ${target}.`,
  },
  calendar: {
    title: 'Calendario de mantenimiento',
    weekdays: ['L', 'M', 'X', 'J', 'V', 'S', 'D'],
    onTime: 'A tiempo',
    key: {
      on_time: 'hecha a tiempo',
      late: 'hecha tarde',
      missed: 'no hecha',
      unconfirmed: 'sin confirmar',
      running: 'aún en plazo',
    },
    total: (onTime, planned) => `${number(onTime)} / ${number(planned)}`,
    none: 'La política no prevé tareas de personas, así que no hay calendario.',
    noneDue: 'Este mes no vencía ninguna tarea de personas.',
    alt: (rows) => `${rows.join('; ')}.`,
    action: (title, day, outcome) =>
      outcome === 'unconfirmed'
        ? `Averiguar si «${title}», del ${day}, se hizo, y confirmarlo.`
        : `Hacer «${title}», que tocaba el ${day}, y confirmarlo.`,
  },
  owned: (owner, day) => `**${owner === '' ? '' : `${owner}, `}${day}.**`,
  changes: {
    title: 'Cambios importantes',
    none: 'No se vio ningún cambio.',
    notKnown: 'No se conocen los cambios: no se registró nada.',
    more: (count) => `${number(count)} más en el anexo G.`,
    hosts: (count) => countEs(count, 'host'),
    say: {
      target_changed: ({ name, from, to }) => `Objetivo de «${name}»: de ${from} a ${to}`,
      limit_changed: ({ name, from, to }) => `Límite de «${name}»: de ${from} a ${to}`,
      host_removed: ({ hosts }) => `Ya no se observa: ${hosts}`,
      host_added: ({ hosts }) => `Alta: ${hosts}`,
      system_changed: ({ hosts, from, to }) => `${from} a ${to} en ${hosts}`,
      agent_changed: ({ hosts, from, to }) => `Exportador ${from} a ${to} en ${hosts}`,
      kernel_changed: ({ hosts, from, to }) => `Núcleo ${from} a ${to} en ${hosts}`,
      updates_installed: ({ hosts, runs, failed }) =>
        `Actualizaciones en ${hosts}, ${number(runs)} ${runs === 1 ? 'ejecución' : 'ejecuciones'}${failed === 0 ? '' : `, ${number(failed)} ${failed === 1 ? 'incompleta' : 'incompletas'}`}`,
    },
    heads: { day: 'Día', what: 'Qué cambió', where: 'Equipos' },
    lede: 'Lo que las series registradas muestran como cambiado, por día local: objetivos y límites de la política, equipos, sistemas operativos, núcleos, exportadores y ejecuciones de los gestores de paquetes. Quién pidió un cambio no está en las series.',
  },
  ahead: {
    title: (month) => `Previsto para ${format.month(month)}`,
    none: 'No hay nada previsto ni se sabe de nada que termine.',
    window: (name, from, to, more) =>
      `${name}, de ${from} a ${to}${more === 0 ? '' : `, y ${spell(more, true)} más`}`,
    task: (title, owner, more) => `${title} (${owner})${more === 0 ? '' : `, y ${spell(more, true)} más`}`,
    deadline: {
      certificate: (what) => `Caduca el certificado de ${what}`,
      restore_test: (what) => `Caduca la prueba de que ${what} se puede restaurar`,
      os_supported: (what) => `Termina el soporte de ${what}`,
      licence: (what) => `Caduca la licencia de ${what}`,
      warranty: (what) => `Termina la garantía de ${what}`,
    },
    exception: (name, covers) => `Termina una excepción: ${name}, ${covers}`,
    objects: (first, more) => (more === 0 ? first : `${first} y ${spell(more, false)} más`),
  },
  duties: {
    title: 'Quién hace qué',
    heads: { what: 'Trabajo', who: 'Quién', note: 'Reparto' },
    shared: 'Ambos',
  },
  ...governanceAnnexEs,
};
