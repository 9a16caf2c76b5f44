import type { Language } from '../format.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import type { Words } from './words.ts';

const languages: Readonly<Record<Language, Words>> = { en, es };

export function wordsOf(language: Language): Words {
  return languages[language];
}
