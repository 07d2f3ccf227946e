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
  .groups td.num { display: inline; } .groups td.num:nth-child(3)::after { content: " images"; } .groups td.num:nth-child(4)::before { content: " \\B7  "; }
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

/** The style of tables, of what filters them, of narrow screens and of paper. */
export const tableStyle = `${table}${controls}${media}`;
