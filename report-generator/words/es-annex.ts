import { countEs } from './es-count.ts';
import type { IndicatorId, IndicatorWords } from './words.ts';

/** Textos de los indicadores sin tarjeta en la página 1. */
export const annexEs = {
  patch_firmware: {
    label: 'Firmware a tiempo',
    head: 'Firmware',
    name: 'firmware a tiempo',
    counts:
      'Gestores de paquetes sin ninguna actualización de firmware que espere más del límite, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} con firmware atrasado`,
  },
  patch_slip: {
    label: 'Nada rezagado más de un mes',
    head: 'Rezagados',
    name: 'actualizaciones sin rezagar',
    counts:
      'Gestores de paquetes sin ninguna actualización, de la clase que sea, publicada hace más del límite y aún pendiente, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} con actualizaciones rezagadas`,
  },
  patch_metadata: {
    label: 'Listas de paquetes al día',
    head: 'Listas de paquetes',
    name: 'listas de paquetes al día',
    counts:
      'Gestores de paquetes con las listas completas y las más nuevas dentro del límite, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} con listas de paquetes antiguas`,
  },
  patch_automation: {
    label: 'Actualización automática',
    head: 'Actualización automática',
    name: 'actualización automática',
    counts: 'Gestores de paquetes que instalan sin que nadie lo pida, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} sin actualización automática`,
  },
  patch_deployment: {
    label: 'Instalaciones recientes',
    head: 'Instalaciones',
    name: 'instalaciones recientes de actualizaciones',
    counts:
      'Equipos en los que se instalaron actualizaciones con éxito dentro del límite, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} sin instalaciones recientes`,
  },
  vulnerability_critical: {
    label: 'Vulnerabilidades críticas cerradas',
    head: 'Vulnerabilidades críticas',
    name: 'vulnerabilidades críticas cerradas a tiempo',
    counts:
      'Escáneres sin ninguna vulnerabilidad crítica, explotada o de gravedad desconocida abierta más del límite, de todos los previstos. Lo que no tiene corrección solo se juzga si se explota.',
    open: (count, kind) => `${countEs(count, kind)} con vulnerabilidades críticas fuera del límite`,
  },
  vulnerability_high: {
    label: 'Vulnerabilidades altas cerradas',
    head: 'Vulnerabilidades altas',
    name: 'vulnerabilidades altas cerradas a tiempo',
    counts:
      'Escáneres sin ninguna vulnerabilidad alta con corrección abierta más del límite, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} con vulnerabilidades altas fuera del límite`,
  },
  vulnerability_scan: {
    label: 'Análisis de vulnerabilidades',
    head: 'Análisis',
    name: 'análisis recientes de vulnerabilidades',
    counts:
      'Escáneres cuyo último análisis y su base de datos están dentro del límite, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} sin análisis reciente`,
  },
  backup_check: {
    label: 'Copias comprobadas',
    head: 'Comprobación',
    name: 'copias comprobadas',
    counts:
      'Trabajos de copia cuya estructura se comprobó y estaba en orden dentro del límite, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} sin comprobación reciente`,
  },
  backup_check_data: {
    label: 'Datos de copias leídos',
    head: 'Datos de copias',
    name: 'copias leídas por completo',
    counts:
      'Trabajos de copia cuyos datos se leyeron y estaban en orden dentro del límite, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} sin lectura reciente de sus datos`,
  },
  restore_test: {
    label: 'Restauraciones probadas',
    head: 'Restauraciones',
    name: 'restauraciones probadas',
    counts:
      'Trabajos de copia restaurados de verdad y comparados dentro del límite, con la última prueba en orden, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} sin restauración probada`,
  },
  capacity: {
    label: 'Espacio para las próximas semanas',
    head: 'Capacidad',
    name: 'sistemas de archivos con espacio',
    counts:
      'Sistemas de archivos y volúmenes finos que no están llenos ni lo estarán dentro del límite si crecen como en la última semana, de todos los previstos.',
    open: (count, kind) => `${countEs(count, kind)} con poco espacio`,
  },
  certificate: {
    label: 'Certificados vigentes',
    head: 'Certificados',
    name: 'certificados vigentes',
    counts: 'Certificados que duran más que el límite, de todos los previstos.',
    open: (count, kind) =>
      `${countEs(count, kind)} ${count === 1 ? 'caducado o a punto de caducar' : 'caducados o a punto de caducar'}`,
  },
  licence: {
    label: 'Licencias vigentes',
    head: 'Licencias',
    name: 'licencias vigentes',
    counts: 'Licencias y suscripciones que duran más que el límite, de todas las declaradas.',
    open: (count, kind) =>
      `${countEs(count, kind)} ${count === 1 ? 'caducada o a punto de caducar' : 'caducadas o a punto de caducar'}`,
  },
  warranty: {
    label: 'Dispositivos en garantía',
    head: 'Garantía',
    name: 'dispositivos en garantía',
    counts:
      'Dispositivos cuya garantía o contrato de mantenimiento dura más que el límite, de todos los declarados.',
    open: (count, kind) => `${countEs(count, kind)} sin garantía o a punto de perderla`,
  },
  service_slo: {
    label: 'Servicios según lo prometido',
    head: 'Servicios',
    name: 'servicios según lo prometido',
    counts:
      'Servicios disponibles durante la parte prometida de los últimos 30 días, de todos los de la política.',
    open: (count, kind) => `${countEs(count, kind)} por debajo de lo prometido`,
  },
  services_in_sla: {
    label: 'Servicios dentro de su SLA',
    head: 'SLA',
    name: 'servicios dentro de su SLA',
    counts:
      'Servicios que estuvieron disponibles la parte prometida del mes fuera de las ventanas de mantenimiento, contando en contra los datos que faltan, sobre todos los prometidos.',
    open: (count, kind) => `${countEs(count, kind)} fuera del SLA`,
  },
  availability: {
    label: 'Disponibilidad de los servicios',
    head: 'Disponibilidad',
    name: 'disponibilidad de los servicios',
    counts:
      'Tiempo con servicio, sobre el tiempo conocido fuera de las ventanas de mantenimiento, de todos los servicios en conjunto.',
    open: (count, kind) => `${countEs(count, kind)} sin disponibilidad`,
  },
  service_speed: {
    label: 'Servicios tan rápidos como pactado',
    head: 'Velocidad',
    name: 'servicios tan rápidos como se pactó',
    counts:
      'Servicios cuyo percentil 95 del tiempo de respuesta, como media de los días, está dentro del límite de la política, sobre todos los que tienen velocidad prometida.',
    open: (count, kind) => `${countEs(count, kind)} más ${count === 1 ? 'lento' : 'lentos'} de lo pactado`,
  },
} as const satisfies Partial<Record<IndicatorId, IndicatorWords>>;
