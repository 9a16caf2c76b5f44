import { annexEs } from './es-annex.ts';
import { countEs } from './es-count.ts';
import { incidentIndicatorsEs } from './es-incident-indicators.ts';
import { protectionIndicatorsEs } from './es-protection-indicators.ts';
import type { IndicatorId, IndicatorWords } from './words.ts';

export const indicatorsEs: Readonly<Record<IndicatorId, IndicatorWords>> = {
  ...annexEs,
  ...incidentIndicatorsEs,
  ...protectionIndicatorsEs,
  host_reporting: {
    label: 'Equipos que informan',
    head: 'Informa',
    name: 'equipos que informan',
    counts: 'Equipos cuyo exportador pudo leer Prometheus, de todos los que debía leer en el último día.',
    open: (count) => `${countEs(count, 'host')} sin informar`,
  },
  patch_security: {
    label: 'Parches de seguridad a tiempo',
    head: 'Parches de seguridad',
    name: 'parches de seguridad a tiempo',
    counts:
      'Gestores de paquetes sin ningún parche de seguridad que espere más del límite, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} con parches de seguridad atrasados`,
  },
  patch_standard: {
    label: 'Otras actualizaciones a tiempo',
    head: 'Otros parches',
    name: 'otras actualizaciones a tiempo',
    counts:
      'Gestores de paquetes sin ninguna otra actualización que espere más del límite, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} con otras actualizaciones atrasadas`,
  },
  reboot: {
    label: 'Reiniciados tras actualizar',
    head: 'Reinicio',
    name: 'reinicios tras actualizar',
    counts:
      'Equipos que no necesitan reiniciarse, o que lo necesitan desde hace menos del límite, de todos los previstos.',
    open: (count) => `${countEs(count, 'host')} con un reinicio atrasado`,
  },
  os_supported: {
    label: 'Sistemas operativos con soporte',
    head: 'Soporte del sistema',
    name: 'sistemas operativos con soporte',
    counts:
      'Equipos cuyo sistema operativo aún recibe parches de seguridad de su fabricante, de todos los previstos.',
    open: (count) => `${countEs(count, 'host')} sin parches de seguridad del fabricante`,
  },
  backup: {
    label: 'Copias dentro de su límite',
    head: 'Copias',
    name: 'copias dentro de su límite',
    counts:
      'Trabajos de copia cuyo punto de restauración más reciente no supera el límite, de todos los previstos.',
    open: (count) => `${countEs(count, 'backup_job')} fuera de su límite`,
  },
  av_definitions: {
    label: 'Firmas de antivirus al día',
    head: 'Firmas de antivirus',
    name: 'firmas de antivirus al día',
    counts: 'Antivirus que trabajan con firmas más recientes que el límite, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} con firmas desactualizadas`,
  },
  av_protection: {
    label: 'Antivirus en marcha',
    head: 'Antivirus en marcha',
    name: 'antivirus en marcha',
    counts: 'Antivirus que responden, de todos los previstos.',
    open: (count, kind) =>
      kind === 'host'
        ? `${countEs(count, kind)} con el antivirus parado`
        : `${countEs(count, kind)} ${count === 1 ? 'parado' : 'parados'}`,
  },
  disk_health: {
    label: 'Discos sanos',
    head: 'Discos',
    name: 'discos sin fallos',
    counts: 'Discos presentes que no comunican ningún fallo propio, de todos los previstos.',
    open: (count) => `${countEs(count, 'disk')} con fallos o ${count === 1 ? 'ausente' : 'ausentes'}`,
  },
  disk_self_test: {
    label: 'Discos comprobados',
    head: 'Autopruebas de discos',
    name: 'discos con la autoprueba superada a tiempo',
    counts: 'Discos que superaron una autoprueba dentro del límite, de todos los previstos.',
    open: (count) => `${countEs(count, 'disk')} sin autoprueba superada a tiempo`,
  },
  volume_health: {
    label: 'Volúmenes íntegros',
    head: 'Volúmenes',
    name: 'volúmenes íntegros',
    counts:
      'Conjuntos RAID, grupos de almacenamiento y grupos de volúmenes con todos sus miembros y sin daños conocidos, de todos los previstos.',
    open: (count) => `${countEs(count, 'volume')} ${count === 1 ? 'degradado' : 'degradados'} o con fallo`,
  },
  tasks: {
    label: 'Tareas hechas a tiempo',
    head: 'Tareas',
    name: 'tareas hechas a tiempo',
    counts:
      'Tareas del calendario de mantenimiento que alguien confirmó como hechas dentro de su plazo y margen, de todas las planificadas.',
    open: (count) => `${countEs(count, 'task')} sin confirmar a tiempo`,
  },
  compliance_readiness: {
    label: 'Preparación normativa',
    head: 'Preparación',
    name: 'preparación normativa',
    counts:
      'Requisitos que la evidencia de mantenimiento muestra como cumplidos, de los que entran en alcance en los marcos del cliente. Los cumplidos en parte y los no evaluados cuentan como no cumplidos.',
    open: (count) => `${countEs(count, 'requirement')} sin cumplimiento demostrado`,
  },
  maintenance_on_time: {
    label: 'Mantenimiento a tiempo',
    head: 'A tiempo',
    name: 'mantenimiento a tiempo',
    counts:
      'Tareas planificadas que alguien confirmó como hechas antes de vencer, de todas las vencidas o hechas. Las tardías, las incumplidas y las no confirmadas cuentan en contra.',
    open: (count) => `${countEs(count, 'task')} sin hacer a tiempo`,
    nothing: 'No vencía ninguna tarea',
  },
};
