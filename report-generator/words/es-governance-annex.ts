import { formatsOf } from '../format.ts';
import { requirementsEs } from './es-requirements.ts';
import type { GovernanceWords } from './governance-words.ts';

const { number } = formatsOf('es');
const s = (count: number): string => (count === 1 ? '' : 's');

export const governanceAnnexEs: Pick<GovernanceWords, 'matrix' | 'exceptions'> = {
  matrix: {
    lede: 'Qué pide cada requisito, con palabras nuestras, y qué muestra de él el mantenimiento en la última evaluación del mes. Cumple: todo lo esencial y lo que lo apoya está en orden. No evaluado: lo que se sabe no basta. La antigüedad es la de lo que lleva más tiempo abierto o se hizo hace más. Series registradas: customer:maintenance_requirement_verdict:last y customer:maintenance_evidence_ok:sum, por marco, requisito y evidencia.',
    heads: {
      id: 'N.º',
      about: 'Qué se pide',
      evidence: 'Evidencia: en orden de lo previsto',
      age: 'Antigüedad',
      result: 'Resultado',
    },
    result: {
      met: 'Cumple',
      partly: 'En parte',
      not_met: 'No cumple',
      not_assessed: 'No evaluado',
      not_applicable: 'No aplicable',
    },
    evidence: (name, ok, expected, known) =>
      ok === null || expected === null
        ? `${name}: ninguna`
        : `${name} ${number(ok)} de ${number(expected)}${known === null || known >= expected ? '' : ` (${number(expected - known)} sin saber)`}`,
    supporting: (text) => `de apoyo: ${text}`,
    about: (about) => requirementsEs[about] ?? about,
  },
  exceptions: {
    lede: 'Lo que está fuera de orden, se conoce y una persona acepta hasta un día. Sigue siendo exigible, no avisa a nadie y vuelve a contar por sí solo cuando termina. Cyber Essentials no admite ninguna.',
    none: 'En el mes no rigió ninguna excepción ni se aceptó ningún riesgo.',
    heads: {
      control: 'Control',
      covers: 'Qué abarca',
      reason: 'Motivo',
      owner: 'Aceptado por',
      from: 'Desde',
      expires: 'Hasta',
      state: 'Estado',
    },
    state: { live: 'rige', ended: 'terminó', ahead: 'empieza después' },
    everything: 'todo',
    covered: (count) => `${number(count)} objeto${s(count)} al cierre`,
  },
};
