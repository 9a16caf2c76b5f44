import { spellEs } from './es-count.ts';
import type { IncidentIndicatorId } from './incident-words.ts';
import type { IndicatorWords } from './words.ts';

const noObject = (): string => '';
const late = (one: string, many: string) => (count: number) =>
  count === 1
    ? `una incidencia ${one} sin respuesta a tiempo conocida`
    : `${spellEs(count)} incidencias ${many} sin respuesta a tiempo conocida`;

export const incidentIndicatorsEs: Readonly<Record<IncidentIndicatorId, IndicatorWords>> = {
  incidents_opened: {
    label: 'Incidencias abiertas',
    head: 'Incidencias',
    name: 'incidencias abiertas',
    counts:
      'Alertas críticas y de aviso que empezaron en el mes y que ninguna otra explica; las separadas por menos de 15 minutos son una sola.',
    open: noObject,
  },
  time_to_resolve: {
    label: 'Tiempo medio de resolución',
    head: 'Resolución',
    name: 'tiempo medio de resolución',
    counts: 'Media desde el primer aviso hasta el final, de las incidencias que terminaron en el mes.',
    open: noObject,
  },
  time_to_resolve_urgent: {
    label: 'Resolución media, urgentes',
    head: 'Resolución, urgentes',
    name: 'tiempo medio de resolución de las urgentes',
    counts:
      'Media desde el primer aviso hasta el final, de las incidencias urgentes que terminaron en el mes.',
    open: noObject,
  },
  time_to_resolve_standard: {
    label: 'Resolución media, normales',
    head: 'Resolución, normales',
    name: 'tiempo medio de resolución de las normales',
    counts:
      'Media desde el primer aviso hasta el final, noches y fines de semana incluidos, de las incidencias normales que terminaron en el mes.',
    open: noObject,
  },
  time_to_respond_urgent: {
    label: 'Respuesta media, urgentes',
    head: 'Respuesta, urgentes',
    name: 'tiempo medio de respuesta a las urgentes',
    counts:
      'Media, en el reloj del contrato, desde una incidencia urgente hasta la primera persona que consta que la atendió. Conocido: parte de las que había que atender.',
    open: noObject,
    nothing: 'Ninguna requería respuesta',
  },
  time_to_respond_standard: {
    label: 'Respuesta media, normales',
    head: 'Respuesta, normales',
    name: 'tiempo medio de respuesta a las normales',
    counts:
      'Media, en el reloj del contrato, desde una incidencia normal hasta la primera persona que consta que la atendió. Conocido: parte de las que había que atender.',
    open: noObject,
    nothing: 'Ninguna requería respuesta',
  },
  response_urgent: {
    label: 'Urgentes atendidas a tiempo',
    head: 'Atendidas, urgentes',
    name: 'incidencias urgentes atendidas a tiempo',
    counts:
      'Incidencias urgentes que alguien atendió antes del plazo, o que terminaron antes, de las que se decidieron en el mes.',
    open: late('urgente', 'urgentes'),
    nothing: 'Ninguna requería respuesta',
  },
  response_standard: {
    label: 'Normales atendidas a tiempo',
    head: 'Atendidas, normales',
    name: 'incidencias normales atendidas a tiempo',
    counts:
      'Incidencias normales que alguien atendió antes del plazo, o que terminaron antes, de las que se decidieron en el mes.',
    open: late('normal', 'normales'),
    nothing: 'Ninguna requería respuesta',
  },
};
