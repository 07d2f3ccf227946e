// Writes the tables of inputs and outputs into .github/docs/inputs.md, from action.yml. With --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { argv, exit, stderr } from 'node:process';
import { parse } from 'yaml';

const root = new URL('../../', import.meta.url);
const page = new URL('.github/docs/inputs.md', root);

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ').trim();
const code = (text) => (text ? `\`${cell(text)}\`` : '');

function inputRow([name, { required, default: value, description }]) {
  return `| \`${name}\` | ${required ? 'required' : code(value)} | ${cell(description)} |`;
}

function outputRow([name, { description }]) {
  return `| \`${name}\` | ${cell(description)} |`;
}

function replaceBetween(text, name, table) {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`inputs.md has no markers for ${name}.`);
  return `${text.slice(0, from + begin.length)}\n${table.join('\n')}\n${text.slice(to)}`;
}

const action = parse(readFileSync(new URL('action.yml', root), 'utf8'));
const inputs = Object.entries(action.inputs).map(inputRow);
const outputs = Object.entries(action.outputs).map(outputRow);
const before = readFileSync(page, 'utf8');
const withInputs = replaceBetween(before, 'inputs', [
  '| Input | Default | Meaning |',
  '|:--|:--|:--|',
  ...inputs,
]);
const after = replaceBetween(withInputs, 'outputs', [
  '| Output | Meaning |',
  '|:--|:--|',
  ...outputs,
]);

if (after !== before && argv.includes('--check')) {
  stderr.write(
    'The tables in .github/docs/inputs.md differ from action.yml: node .github/scripts/docs-tables.mjs\n',
  );
  exit(1);
}
if (after !== before) writeFileSync(page, after);
