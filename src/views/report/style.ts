import { tableStyle } from './style-table.ts';

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

/** The style of a report: calm, light or dark as the reader's system says, printable. */
export const reportStyle = `${colours}${base}${parts}${tableStyle}`;
