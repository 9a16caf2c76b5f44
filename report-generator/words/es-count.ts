import { formatsOf } from '../format.ts';
import type { ObjectKind } from './words.ts';

const numbers = 'ninguno uno dos tres cuatro cinco seis siete ocho nueve diez once doce'.split(' ');

interface Noun {
  readonly one: string;
  readonly many: string;
  readonly feminine?: boolean;
}

const nouns: Readonly<Record<ObjectKind, Noun>> = {
  host: { one: 'equipo', many: 'equipos' },
  package_manager: { one: 'gestor de paquetes', many: 'gestores de paquetes' },
  backup_job: { one: 'trabajo de copia', many: 'trabajos de copia' },
  antivirus: { one: 'antivirus', many: 'antivirus' },
  disk: { one: 'disco', many: 'discos' },
  scanner: { one: 'escáner de vulnerabilidades', many: 'escáneres de vulnerabilidades' },
  volume: { one: 'volumen', many: 'volúmenes' },
  certificate: { one: 'certificado', many: 'certificados' },
  licence: { one: 'licencia', many: 'licencias', feminine: true },
  device: { one: 'dispositivo', many: 'dispositivos' },
  file_system: { one: 'sistema de archivos', many: 'sistemas de archivos' },
  service: { one: 'servicio', many: 'servicios' },
  task: { one: 'tarea', many: 'tareas', feminine: true },
  incident: { one: 'incidencia', many: 'incidencias', feminine: true },
  backup_run: { one: 'ejecución de copia', many: 'ejecuciones de copia', feminine: true },
  requirement: { one: 'requisito', many: 'requisitos' },
};

/** Hasta doce, en letra; en masculino y sin nombre detrás. */
export function spellEs(count: number): string {
  return numbers[count] ?? formatsOf('es').number(count);
}

export function nounEs(count: number, kind: ObjectKind): string {
  return count === 1 ? nouns[kind].one : nouns[kind].many;
}

/** «nueve equipos», «una incidencia» */
export function countEs(count: number, kind: ObjectKind): string {
  const { one, many, feminine = false } = nouns[kind];
  if (count === 0) return `${feminine ? 'ninguna' : 'ningún'} ${one}`;
  if (count === 1) return `${feminine ? 'una' : 'un'} ${one}`;
  return `${spellEs(count)} ${many}`;
}

/** Junto al título de una tarjeta, que ya dice de qué son los trabajos. */
export function shortNounEs(count: number, kind: ObjectKind): string {
  return nounEs(count, kind).replace(/ de (?:copia|vulnerabilidades)$/, '');
}

/** «y», o «e» ante el sonido i. */
export function listEs(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  if (items.length < 2) return last;
  return `${items.slice(0, -1).join(', ')} ${/^h?i(?!e)/i.test(last) ? 'e' : 'y'} ${last}`;
}
