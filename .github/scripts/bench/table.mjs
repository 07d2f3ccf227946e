// What was measured, as ratios: 1.0 is imageset-mirror, 2.0 takes twice as long. Seconds are a footnote of the machine.

const ours = 'imageset-mirror';

/** What the figures have to show. A ratio is a peer's time by ours, in the same round. */
const bars = [
  { step: 'cold', peer: 'regsync', atLeast: 1.3 },
  { step: 'cold', peer: 'oc-mirror', atLeast: 2 },
  { step: 'again', peer: 'regsync', atLeast: 1.5 },
  { step: 'again', peer: 'oc-mirror', atLeast: 20 },
  { step: 'cold with latency', peer: 'oc-mirror', atLeast: 4 },
  { step: 'apply', peer: 'raw loop', atLeast: 0.9 },
  { step: 'plan', what: 'seconds', atMost: 2 },
  { step: 'plan', what: 'writes', atMost: 0 },
  { step: 'again', what: 'writes', atMost: 0 },
  { step: 'catalog', what: 'seconds', atMost: 10 },
  { step: 'catalog', what: 'megabytes', atMost: 400 },
  { step: 'catalog again', what: 'seconds', atMost: 1 },
  { step: 'catalog again', what: 'megabytes', atMost: 400 },
  { step: 'cold', what: 'megabytes', atMost: 200 },
  { step: 'one large blob', what: 'megabytes', atMost: 200 },
];

function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle];
  return (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Joins the rounds of one tool at one step. */
function summarise(results, base) {
  const good = results.filter(({ problem }) => problem === undefined);
  const problem = results.find((one) => one.problem !== undefined)?.problem;
  const { tool } = results[0];
  if (good.length === 0) return { tool, problem };
  const of = (pick) => median(good.map(pick));
  const ratios = results.flatMap((one, round) => {
    const other = base[round];
    return one.problem || !other || other.problem ? [] : [one.seconds / other.seconds];
  });
  return {
    tool,
    problem,
    scaled: good[0].scaled,
    ratio: ratios.length > 0 ? median(ratios) : undefined,
    seconds: of(({ seconds }) => seconds),
    megabytes: Math.max(...good.map(({ megabytes }) => megabytes)),
    cpu: of(({ cpu }) => cpu),
    fromSource: of(({ asked }) => asked.source.requests),
    atTarget: of(({ asked }) => asked.target.requests),
    writes: of(({ asked }) => asked.target.writes),
  };
}

function rowsOf(results, step) {
  const here = results.filter((one) => one.step === step);
  const base = here.filter(({ tool }) => tool === ours);
  const tools = [...new Set(here.map(({ tool }) => tool))];
  return tools.map((tool) =>
    summarise(
      here.filter((one) => one.tool === tool),
      base,
    ),
  );
}

const cells = ['ratio', 'seconds', 'cpu s', 'peak MB', 'asks source', 'asks target', 'writes'];
const widths = [8, 9, 8, 9, 13, 13, 8];

function line(name, values) {
  return `  ${name.padEnd(18)}${values.map((text, index) => text.padStart(widths[index])).join('')}`;
}

function format(row) {
  if (row.seconds === undefined) return line(row.tool, ['failed']);
  const whole = (value) => (row.scaled ? '-' : `${Math.round(value)}`);
  return line(`${row.tool}${row.scaled ? ' *' : ''}`, [
    row.ratio === undefined ? '-' : row.ratio.toFixed(2),
    row.seconds.toFixed(2),
    row.scaled ? '-' : row.cpu.toFixed(2),
    whole(row.megabytes),
    ...[row.fromSource, row.atTarget, row.writes].map(whole),
  ]);
}

function judge(bar, rows) {
  const row = rows.find(({ tool }) => tool === (bar.peer ?? ours));
  if (bar.peer) {
    const said = `at least ${bar.atLeast} × ${bar.peer}`;
    if (row?.ratio === undefined) return { ...bar, said, verdict: 'not measured' };
    const is = row.ratio >= bar.atLeast;
    return { ...bar, said, verdict: `${is ? 'met' : 'NOT MET'} (${row.ratio.toFixed(2)})` };
  }
  const said = `at most ${bar.atMost} ${bar.what}`;
  const value = row?.[bar.what];
  if (value === undefined) return { ...bar, said, verdict: 'not measured' };
  const is = value <= bar.atMost;
  return { ...bar, said, verdict: `${is ? 'met' : 'NOT MET'} (${Number(value.toFixed(2))})` };
}

/** Gives the whole report, one table for each step that was measured. */
export function renderTable(results) {
  const steps = [...new Set(results.map(({ step }) => step))];
  const hidden = ['preparation', 'recording'];
  return steps
    .filter((step) => !hidden.includes(step))
    .flatMap((step) => {
      const rows = rowsOf(results, step);
      const verdicts = bars.filter((bar) => bar.step === step).map((bar) => judge(bar, rows));
      const problems = rows.filter(({ problem }) => problem !== undefined);
      return [
        '',
        line(step, cells).slice(2),
        ...rows.map(format),
        ...verdicts.map(({ said, verdict }) => `    ${said}: ${verdict}`),
        ...problems.map(({ tool, problem }) => `    ${tool}: ${problem}`),
      ];
    });
}
