import { spellEs } from './es-count.ts';
import type { ProtectionIndicatorId } from './protection-words.ts';
import type { IndicatorWords } from './words.ts';

export const protectionIndicatorsEs: Readonly<Record<ProtectionIndicatorId, IndicatorWords>> = {
  backup_runs: {
    label: 'Copias realizadas con éxito',
    head: 'Copias',
    name: 'copias realizadas con éxito',
    counts:
      'Ejecuciones que dejaron un punto de restauración completo, de las previstas según el intervalo que declara cada trabajo. Lo previsto en las seis últimas horas de un mes cuenta en el siguiente. Una ejecución de la que nada se vio cuenta como no hecha.',
    open: (count) =>
      count === 1
        ? 'una copia sin punto de restauración'
        : `${spellEs(count)} copias sin punto de restauración`,
  },
  vulnerabilities_critical_open: {
    label: 'Vulnerabilidades críticas abiertas',
    head: 'Críticas',
    name: 'vulnerabilidades críticas abiertas',
    counts:
      'Vulnerabilidades abiertas a fin de mes que son críticas o de gravedad desconocida, una vez por equipo y paquete. Los equipos de los que ningún escáner pudo decir nada no se cuentan, así que puede haber más.',
    open: () => '',
  },
};
