// The first file of a bundle: it runs on every Node that there is, and loads the rest where Node is new enough.
//
// A bundle that an old Node cannot parse ends in a SyntaxError that names neither cause nor remedy. So the starter has
// the syntax of 2009 but for `import()`, is both a module and a script, and names nothing that old versions lack.

/** The oldest Node that the bundles run on; `engines` of package.json says the same. */
export const oldestNode = 24;

const load = "import('./main.js');";

/** Compiled code is kept by Node for the next start, which is a sixth of a run that has nothing to do. */
const loadCached = `import('node:module').then(function (found) {
    found.enableCompileCache();
    return ${load.slice(0, -1)};
  });`;

const doors = {
  action: {
    first: '',
    tell: "process.stdout.write('::error::' + text + ' Use a runner of version 2.328 or newer.\\n');",
    load,
  },
  commandLine: {
    first: '#!/usr/bin/env node\n',
    tell: "process.stderr.write(text + ' Install it, or put it first on PATH.\\n');",
    load: loadCached,
  },
};

/** Gives the text of the starter for a door, `action` or `commandLine`. */
export function starterFor(door) {
  const { first, tell, load: start } = doors[door];
  return `${first}var found = process.versions.node;
if (parseInt(found, 10) < ${oldestNode}) {
  var text = 'imageset-mirror needs Node ${oldestNode} or newer, this is ' + found + '.';
  ${tell}
  process.exitCode = 1;
} else {
  ${start}
}
`;
}
