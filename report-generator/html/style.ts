import { colour } from '../tokens.ts';

/** One style sheet for screen and paper: dark on white, no file and no address needed. */
export const styleSheet = `
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; background: ${colour.paper}; color: ${colour.ink};
  font: 1rem/1.45 'Source Sans 3', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif; }
h1, h2, h3, h4 { line-height: 1.2; margin: 1.6em 0 .4em; }
h1, .title { font-family: 'Source Serif 4', Georgia, serif; }
h1 { font-size: 2rem; margin-top: .4em; }
h2 { font-size: 1.35rem; border-top: 1px solid ${colour.ink}; padding-top: .5em; }
h3 { font-size: 1.05rem; border-top: 1px solid ${colour.rule}; padding-top: .5em; }
h4 { font-size: 1rem; }
p { margin: .3em 0; max-width: 48rem; }
a { color: ${colour.accent}; }
nav ul { list-style: none; padding: 0; columns: 16rem; }
.kicker { color: ${colour.accent}; font-weight: 600; }
.note, figcaption, footer { color: ${colour.ink2}; font-size: .875rem; }
.figure { font-size: 1.6rem; font-weight: 600; }
.strong { font-weight: 600; }
.tiles { display: flex; flex-wrap: wrap; gap: 0 1.5rem; }
.tiles > :not(.tile) { flex: 1 0 100%; }
.tile { flex: 0 0 14rem; border-top: 1px solid ${colour.rule}; padding: .5rem 0; }
.tile span { display: block; }
.tile .mark { float: left; margin: .2em .35em 0 0; }
figure { margin: .5rem 0; }
figure svg { max-width: 100%; height: auto; }
svg { vertical-align: middle; overflow: visible; font-family: inherit; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .5rem; text-align: left; vertical-align: top; border-bottom: 1px solid ${colour.grid};
  overflow-wrap: break-word; }
.mark { margin-right: .3em; }
th[scope='row'] { min-width: 7rem; }
thead th { color: ${colour.ink2}; border-bottom: 1px solid ${colour.ink3}; vertical-align: bottom; }
.end { text-align: right; } .middle { text-align: center; }
td .note, th .note { display: block; font-weight: normal; }
ul { padding-left: 1.2rem; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { margin-top: 2rem; border-top: 1px solid ${colour.rule}; padding-top: .5rem; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } nav { display: none; }
  h2, h3, h4 { break-after: avoid; } tr, figure, .tile { break-inside: avoid; } }
`.trim();
