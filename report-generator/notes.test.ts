import { expect, test } from 'vitest';
import { parseNotes } from './notes.ts';

const whole = `<!-- Copy of
the template. -->
# Comment

The storage controller of the ERP failed;
the spare is on its way.

We thank the night shift.

Signed: Ada Gil, service manager

## Decisions

- Stop production cell 2 on Saturday
  Why: Five hosts are updated: all of them
  at once.
  Who: R. Pons, Acme
  Until: 2026-11-06
* Buy a second controller
  Who: A. Ferrer
  Until: 2026-11-10

## INC-3

Cause: A controller failed.
Correction: Replaced on 14 October,
with its battery.

## INC-12
Cause: Unknown.
`;

test('what people wrote is read as they meant it', () => {
  const read = {
    comment: {
      paragraphs: [
        'The storage controller of the ERP failed; the spare is on its way.',
        'We thank the night shift.',
      ],
      signed: 'Ada Gil, service manager',
    },
    decisions: [
      {
        what: 'Stop production cell 2 on Saturday',
        why: 'Five hosts are updated: all of them at once.',
        who: 'R. Pons, Acme',
        until: '2026-11-06',
      },
      { what: 'Buy a second controller', why: '', who: 'A. Ferrer', until: '2026-11-10' },
    ],
    incidents: [
      {
        number: 'INC-3',
        cause: 'A controller failed.',
        correction: 'Replaced on 14 October, with its battery.',
      },
      { number: 'INC-12', cause: 'Unknown.', correction: '' },
    ],
  };
  expect(parseNotes(whole)).toEqual(read);
  expect(parseNotes(whole.replaceAll('\n', '\r\n'))).toEqual(read);
  expect(parseNotes('\n <!-- nothing yet --> \n')).toEqual({ comment: null, decisions: [], incidents: [] });
});

const item = '## Decisions\n- Buy it\n  Who: Ada\n  Until: 2026-11-06\n';

test.each([
  ['Hello\n', 'line 1, "Hello": stands before the first heading. Write "# Comment" above it.'],
  ['# Coment\nx\n', 'line 1, "# Coment": there is no section "Coment". Did you mean Comment?'],
  ['# INC-0\nCause: x\n', 'there is no section "INC-0"'],
  ['# Comment\nx\n', 'line 2, "x": the comment is not signed. End it with "Signed: name, duty".'],
  ['# Comment\n', 'line 1, "# Comment": the comment is not signed.'],
  ['# Comment\nSigned: Ada\n', 'line 1, "# Comment": the comment has no text.'],
  ['## INC-1\nCause: a\n## INC-1\nCause: b\n', 'line 3, "## INC-1": INC-1 is there already.'],
  ['## INC-1\n', 'line 1, "## INC-1": nothing is said of INC-1.'],
  ['## INC-1\nReason: x\n', 'line 2, "Reason: x": expected a key and what it says. Keys: Cause, Correction.'],
  ['## INC-1\nCause: x\nCause: y\n', 'line 3, "Cause: y": Cause is said already.'],
  ['## INC-1\nCause:\n', 'line 2, "Cause:": expected a key and what it says.'],
  ['## Decisions\nBuy it\n', 'line 2, "Buy it": stands before the first decision.'],
  ['## Decisions\n', 'line 1, "## Decisions": has no decision.'],
  ['## Decisions\n- Buy it\n  Until: 2026-11-06\n', 'line 2, "- Buy it": nobody is asked.'],
  ['## Decisions\n- Buy it\n  Who: Ada\n', 'line 2, "- Buy it": says no day to answer by.'],
  [item.replace('11-06', '11-31'), 'says no day to answer by. Add a line "  Until: 2026-11-06".'],
  [
    item.replace('Who', 'Whom'),
    'line 3, "Whom: Ada": expected a key and what it says. Keys: Why, Who, Until.',
  ],
  [item + item.replace('## Decisions\n', '').repeat(3), 'line 11, "- Buy it": is one decision too many.'],
])('%j is refused with its line and what to write', (text, said) => {
  expect(() => parseNotes(text)).toThrow(said);
});

test('every mistake is named at once', () => {
  expect(() => parseNotes('# Comment\nx\n## Decisions\n')).toThrow(/line 2[^]*\nline 3/);
});
