import { formatsOf } from '../format.ts';
import { capital } from './capital.ts';
import { countEs, listEs, spellEs } from './es-count.ts';
import type { Miss, NarrativeWords, Score } from './words.ts';

const format = formatsOf('es');

function targets(count: number): string {
  return count === 1 ? 'un objetivo' : `${spellEs(count)} objetivos`;
}

function score({ met, measured, notMeasured }: Score): string {
  const noun = measured === 1 ? 'objetivo' : 'objetivos';
  // Sixty characters leave no room for the noun beside what is missing.
  const what = notMeasured === 0 ? ` ${noun}` : '';
  return `${met} de ${measured}${what} ${measured === 1 ? 'cumplido' : 'cumplidos'}${missing(notMeasured)}`;
}

function missing(notMeasured: number): string {
  return notMeasured === 0 ? '' : `, ${notMeasured} sin medir`;
}

function missText({ name, value, target }: Miss): string {
  return `${name} (${value}, objetivo ${target})`;
}

/** «En octubre se cumplieron seis de los ocho objetivos medidos» */
function targetsMet({ month, met: reached, measured }: Score): string {
  const lead = `**En ${format.month(month)}**`;
  if (measured === 1)
    return reached === 1
      ? `${lead} se cumplió el único objetivo medido`
      : `${lead} no consta que se cumpliera el único objetivo medido`;
  if (reached === 0)
    return `${lead} no consta que se cumpliera ninguno de los ${spellEs(measured)} objetivos medidos`;
  if (reached === measured) return `${lead} se cumplieron los ${spellEs(measured)} objetivos medidos`;
  return `${lead} se ${reached === 1 ? 'cumplió' : 'cumplieron'} ${spellEs(reached)} de los ${spellEs(measured)} objetivos medidos`;
}

export const narrativeEs: NarrativeWords = {
  headline: {
    nothing: ({ month }) => `En ${format.month(month)} no se midió nada`,
    noTarget: ({ month }) => `En ${format.month(month)} no se midió ningún objetivo`,
    all: ({ measured, notMeasured }) =>
      measured === 1
        ? `Cumplido el único objetivo medido${missing(notMeasured)}`
        : `Cumplidos los ${measured} objetivos medidos${missing(notMeasured)}`,
    none: ({ measured, unknown, notMeasured }) => {
      if (measured === 1)
        return `Un objetivo medido, ${unknown === 0 ? 'sin alcanzar' : 'sin certeza'}${missing(notMeasured)}`;
      return unknown === 0
        ? `Ninguno de ${spellEs(measured)} objetivos alcanzado${missing(notMeasured)}`
        : `Ningún cumplimiento probado en ${measured} objetivos${missing(notMeasured)}`;
    },
    first: (facts) => `Primer informe: ${score(facts)}`,
    alone: (facts) => `${capital(format.month(facts.month))}: ${score(facts)}`,
    better: (facts) => `Mejor que en ${format.month(facts.before)}: ${score(facts)}`,
    worse: (facts) => `Peor que en ${format.month(facts.before)}: ${score(facts)}`,
    same: (facts) => `Como en ${format.month(facts.before)}: ${score(facts)}`,
  },
  past: {
    nothing: ({ month }) =>
      `**En ${format.month(month)}** no se midió nada, por lo que este informe no puede decir cómo se mantuvo el parque. Los valores anteriores no se arrastran.`,
    noTarget: ({ month }) => `**En ${format.month(month)}** no se midió ningún objetivo.`,
    first: (facts) => `${targetsMet(facts)}; no hay un mes anterior con el que comparar.`,
    alone: (facts) =>
      `${targetsMet(facts)}; de ${format.month(facts.before)} se midió demasiado poco para comparar.`,
    compared: (facts, { targets: compared, met: now, metBefore }) => {
      const before = format.month(facts.before);
      if (compared !== facts.measured)
        return compared === 1
          ? `${targetsMet(facts)}. El único que también se midió en ${before} ${metBefore === 1 ? 'se cumplía entonces' : 'no se cumplía entonces'}.`
          : `${targetsMet(facts)}. De los ${spellEs(compared)} que también se midieron en ${before}, ahora se ${now === 1 ? 'cumplió' : 'cumplieron'} ${spellEs(now)} y entonces ${spellEs(metBefore)}.`;
      const change = now - metBefore;
      if (change === 0) return `${targetsMet(facts)}, los mismos que en ${before}.`;
      return `${targetsMet(facts)}, ${spellEs(Math.abs(change))} ${change > 0 ? 'más' : 'menos'} que en ${before}.`;
    },
    unjudged: ({ unknown, notMeasured }) =>
      [
        unknown === 0 ? [] : [`De ${targets(unknown)} se sabe demasiado poco para decidir.`],
        notMeasured === 0
          ? []
          : [
              notMeasured === 1
                ? 'Un objetivo quedó sin medir.'
                : `${capital(spellEs(notMeasured))} objetivos quedaron sin medir.`,
            ],
      ]
        .flat()
        .join(' '),
    improved: (name, change, value) => `La mayor mejora está en ${name}: ${change}, hasta ${value}.`,
    missed: (misses, more) =>
      more === 0
        ? `Por debajo del objetivo: ${listEs(misses.map(missText))}.`
        : `Por debajo del objetivo: ${misses.map(missText).join(', ')} y ${spellEs(more)} más.`,
    noneMissed: 'No se incumplió ningún objetivo.',
    incidents: (facts, opened, before, watched) => {
      const verb = opened === 1 ? 'se abrió' : 'se abrieron';
      if (!watched)
        return opened === 0
          ? 'No se vio ninguna incidencia, pero parte del mes quedó sin observar.'
          : `${capital(verb)} al menos ${countEs(opened, 'incident')}; parte del mes quedó sin observar.`;
      const what =
        opened === 0 ? 'No se abrió ninguna incidencia' : `${capital(verb)} ${countEs(opened, 'incident')}`;
      if (before === null) return `${what}.`;
      const month = format.month(facts.before);
      if (opened === before) return `${what}, igual que en ${month}.`;
      const difference = Math.abs(opened - before);
      return `${what}, ${difference === 1 ? 'una' : spellEs(difference)} ${opened < before ? 'menos' : 'más'} que en ${month}.`;
    },
    incidentsUnknown: 'No se midieron las incidencias.',
  },
  ahead: {
    lead: (month) => `**En ${format.month(month)}:**`,
    open: (items, more) =>
      more === 0
        ? `el mes empieza con ${listEs(items)}.`
        : `el mes empieza con ${items.join(', ')} y ${spellEs(more)} más en las tablas que siguen.`,
    nothingOpen: 'de lo que se conocía al cierre, nada estaba fuera de orden.',
    nothingOpenKnown: 'al cierre nada estaba fuera de orden y se conocía todo lo previsto.',
    endUnknown: 'no se sabe qué queda pendiente, porque al cierre del mes no se midió nada.',
    silent: (hosts) => `Al cierre, ${countEs(hosts, 'host')} no ${hosts === 1 ? 'informó' : 'informaron'}.`,
    partly: (hosts, names) =>
      `${capital(countEs(hosts, 'host'))} ${hosts === 1 ? 'informó' : 'informaron'}, pero no de todo (${listEs(names)}).`,
    unknown: (objects) =>
      objects === 1
        ? 'El estado de un objeto previsto no se conocía y cuenta como fuera de orden.'
        : `Los estados de ${spellEs(objects)} objetos previstos no se conocían y cuentan como fuera de orden.`,
  },
};
