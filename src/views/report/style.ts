const colours = `
:root { color-scheme: light dark;
  --page: #fbfbfa; --card: #ffffff; --line: #e3e3df; --text: #1d1f21; --soft: #5d6368;
  --red: #b42318; --amber: #8a5a00; --green: #17693f; --blue: #1f5fa8; --tint: #f3f3f0; --focus: #1f5fa8; }
@media (prefers-color-scheme: dark) { :root {
  --page: #15171a; --card: #1c1f23; --line: #31353b; --text: #e6e7e8; --soft: #a0a6ad;
  --red: #ff9a8f; --amber: #e8b75c; --green: #74cf9d; --blue: #86b8f2; --tint: #23272c; --focus: #86b8f2; } }
`;

const base = `
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1280px; margin: 0 auto; padding: 40px 24px 80px; }
h1 { font-size: 30px; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; margin: 4px 0 8px; }
h2 { font-size: 18px; font-weight: 650; margin: 0 0 12px; }
h3 { font-size: 15px; font-weight: 600; margin: 20px 0 8px; }
section { margin-top: 44px; }
p { margin: 0 0 8px; }
code, pre { font: 0.92em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; unicode-bidi: isolate; }
code { overflow-wrap: anywhere; }
.digest { white-space: nowrap; }
pre { background: var(--tint); border-radius: 6px; padding: 10px 12px; margin: 0; overflow-x: auto; }
small { color: var(--soft); font-size: 13px; }
.kind { color: var(--soft); }
.lead { font-size: 17px; max-width: 80ch; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 12px; top: 12px; background: var(--card); padding: 6px 12px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
[hidden] { display: none !important; }
`;

const parts = `
.tiles { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin: 28px 0 0; padding: 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.tile .label { margin: 0; font-size: 15px; font-weight: 500; }
.tile b { font-size: 26px; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile .size { color: var(--soft); margin-left: 6px; }
.tile p { color: var(--soft); font-size: 13px; line-height: 1.4; margin: 4px 0 0; }
.tile.delete b, .tile.failed b { color: var(--red); } .tile.mirror b, .tile.retag b { color: var(--green); }
.tile.untag b, .tile.hold b { color: var(--amber); }
.plain { margin: 0; padding-left: 20px; }
.risks { list-style: none; margin: 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.risks li { display: flex; gap: 14px; padding: 12px 16px; border-top: 1px solid var(--line); }
.risks li:first-child { border-top: 0; }
.risks li > :last-child { min-width: 0; flex: 1; }
.risks p:last-child { margin-bottom: 0; }
.tag { flex: 0 0 64px; font-size: 13px; font-weight: 600; line-height: 1.75; color: var(--soft); }
.danger .tag { color: var(--red); } .care .tag { color: var(--amber); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 20px; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
.graph { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 8px; margin-bottom: 12px; }
svg { display: block; margin: 0 auto; }
svg text { text-anchor: middle; font-size: 13px; fill: var(--text); } svg .word { fill: var(--soft); font-size: 12px; }
svg circle { fill: var(--card); stroke: var(--soft); stroke-width: 2; }
svg .kept circle { fill: var(--soft); } svg .new circle { stroke: var(--green); } svg .removed circle { stroke: var(--red); }
svg .removed text { text-decoration: line-through; } svg .removed .word { text-decoration: none; fill: var(--red); } svg .new .word { fill: var(--green); }
svg .mark { stroke: var(--text); stroke-width: 2; fill: none; }
svg .edge { fill: none; stroke: var(--soft); stroke-width: 1.3; opacity: 0.75; } svg .risky { stroke: var(--amber); stroke-dasharray: 7 4; opacity: 1; } svg .lost { opacity: 0.35; }
svg .rest { fill: none; stroke: transparent; stroke-width: 12; }
.diff ins, .diff del { text-decoration: none; } .diff ins { color: var(--green); } .diff del { color: var(--red); }
.contents ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 24px 0 0; padding: 0; }
.contents a { color: var(--blue); }
.treemaps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 16px; align-items: end; margin-bottom: 16px; }
.treemap { margin: 0; } .treemap figcaption { font-weight: 600; margin-bottom: 6px; } .treemap > svg { width: 100%; height: auto; }
.treemap rect { fill: var(--tint); stroke: var(--soft); } .treemap text, .treemap .removed text { text-anchor: start; text-decoration: none; }
.treemap .new rect { stroke: var(--green); stroke-width: 2; } .treemap .removed rect { stroke: var(--red); stroke-width: 2; stroke-dasharray: 5 3; }
.soft { color: var(--soft); font-size: 13px; margin-top: 8px; }
.version { white-space: nowrap; }
.fate.removed { color: var(--red); } .fate.new { color: var(--green); }
`;

const table = `
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 10px; border-spacing: 0; border-collapse: separate; }
th, td { text-align: left; vertical-align: top; padding: 9px 14px; border-top: 1px solid var(--line); }
thead th { border-top: 0; font-size: 13px; font-weight: 600; color: var(--soft); white-space: nowrap; }
tr { break-inside: avoid; }
.num { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td small { display: block; }
.act { white-space: nowrap; font-weight: 600; }
tr.delete .act { color: var(--red); } tr.mirror .act, tr.retag .act { color: var(--green); } tr.untag .act, tr.hold .act { color: var(--amber); } tr.keep .act { color: var(--soft); }
#changes-table td:nth-child(2) { width: 44%; } #changes-table.wide td:nth-child(2) { width: 34%; }
#changes-table td:nth-child(3), .wide td:nth-child(4) { min-width: 150px; }
th button { all: unset; cursor: pointer; } th button:hover { color: var(--text); }
th button:focus-visible { outline: 2px solid var(--focus); outline-offset: 3px; }
th[aria-sort=ascending] button::after { content: " \\2191"; } th[aria-sort=descending] button::after { content: " \\2193"; }
`;

const controls = `
#controls { display: flex; flex-wrap: wrap; gap: 10px 14px; align-items: center; position: sticky; top: 0; background: var(--page); padding: 10px 0; z-index: 1; }
#controls label { position: absolute; left: -999px; }
#q { flex: 1 1 260px; min-width: 0; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; }
#actions { display: flex; flex-wrap: wrap; gap: 6px; }
#controls button, #pager button { font: inherit; color: var(--soft); background: none; border: 1px solid var(--line); border-radius: 999px; padding: 5px 14px; cursor: pointer; }
#controls button[aria-pressed=true] { color: var(--text); background: var(--card); border-color: var(--soft); font-weight: 600; }
#controls button:hover, #pager button:hover:enabled { border-color: var(--soft); color: var(--text); }
#count { flex-basis: 100%; margin: 0; color: var(--soft); font-size: 13px; }
#pager { display: flex; gap: 14px; align-items: center; justify-content: center; margin-top: 16px; color: var(--soft); }
#pager button:disabled { opacity: 0.45; cursor: default; }
.none td { color: var(--soft); text-align: center; padding: 32px; }
`;

const media = `
@media screen and (max-width: 760px) {
  main { padding: 24px 16px 48px; } h1 { font-size: 24px; } section { margin-top: 32px; }
  .tiles { grid-template-columns: 1fr 1fr; } #controls { position: static; }
  .risks li { flex-direction: column; gap: 0; } .tag { flex: none; }
  :is(#changes-table, .operators, .groups, .updates), :is(#changes-table, .operators, .groups, .updates) :is(tbody, tr, td) { display: block; width: auto; }
  :is(#changes-table, .operators, .groups, .updates) thead { display: none; }
  :is(#changes-table, .operators, .groups, .updates) tr { border-top: 1px solid var(--line); padding: 10px 14px; } :is(#changes-table, .operators, .groups, .updates) tr:first-child { border-top: 0; }
  :is(#changes-table, .operators, .groups, .updates) td { border: 0; padding: 2px 0; width: auto !important; min-width: 0 !important; text-align: left; }
  .operators td:nth-child(2)::before { content: "channel "; } .operators td:nth-child(3)::before { content: "head "; }
  .updates td:nth-child(3)::before { content: "can be updated to "; } .updates td:nth-child(4)::before { content: "with known risks to "; }
  .groups td.num { display: inline !important; } .groups td.num:nth-child(3)::after { content: " images"; } .groups td.num:nth-child(4)::before { content: " \\B7  "; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; } th, td { padding: 8px 10px; } thead th { white-space: normal; } .treemap text { font-size: 18px; } .treemap .word { font-size: 16px; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; --tint: #f6f6f6; --line: #ccc; --text: #000; --soft: #444; --red: #8a1c12; --amber: #6b4600; --green: #11502f; }
  body { font-size: 12px; } small, .soft, .tag, thead th { font-size: 11px; } section { margin-top: 20px; } th, td { padding: 3px 8px; } .lead { font-size: 14px; } h1 { font-size: 20px; }
  main { max-width: none; padding: 0; } #controls, #pager, .skip, .contents { display: none !important; }
  .treemaps { grid-template-columns: 1fr 1fr; } .treemap text { font-size: 18px; } .treemap .word { font-size: 16px; } .graph { overflow: visible; } thead { display: table-header-group; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;

/** The style of a report: calm, light or dark as the reader's system says, printable. */
export const reportStyle = `${colours}${base}${parts}${table}${controls}${media}`;
