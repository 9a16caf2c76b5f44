import { table } from '../pdf/table.ts';
import type { Annex } from './annex.ts';
import { annexRows, countText, hostCell, judgedCell } from './annex-cells.ts';

/** Annex D: every antivirus product. */
export const antivirusAnnex: Annex = {
  letter: 'D',
  lede: ({ protectionAnnex }) => protectionAnnex.antivirus.lede,
  isPresent: ({ snapshot }) => (snapshot.facts.antivirus?.products.length ?? 0) > 0,
  draw: (drawing, y, newPage) => {
    const { words } = drawing;
    const { antivirus: say, missing, none } = words.protectionAnnex;
    const { heads } = say;
    table(drawing.sheet, {
      columns: [
        { key: 'host', head: heads.host, style: 'cellStrong', max: 150, min: 80, wrap: true },
        { key: 'product', head: heads.product, grow: 1, min: 60 },
        { key: 'version', head: heads.version, max: 80, min: 40, wrap: true },
        { key: 'definitions', head: heads.definitions, max: 80, min: 40, wrap: true },
        { key: 'running', head: heads.running },
        { key: 'age', head: heads.age },
        { key: 'limit', head: heads.limit, align: 'right' },
      ],
      rows: (drawing.snapshot.facts.antivirus?.products ?? []).map((product) => ({
        host: hostCell(drawing, product.instance, product.gap),
        product: product.product === '' ? missing : product.product,
        version: product.version === '' ? none : product.version,
        definitions: product.definitions === '' ? none : product.definitions,
        running: judgedCell(
          drawing,
          product.running,
          product.running === 'missed' ? say.stopped : say.running,
        ),
        age: judgedCell(drawing, product.current, countText(drawing, product.age, words.format.duration)),
        limit: countText(drawing, product.limit, words.format.duration),
      })),
      y,
      newPage,
      ...annexRows,
    });
  },
};
