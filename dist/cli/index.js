#!/usr/bin/env node
var found = process.versions.node;
if (parseInt(found, 10) < 24) {
  var text = 'imageset-mirror needs Node 24 or newer, this is ' + found + '.';
  process.stderr.write(text + ' Install it, or put it first on PATH.\n');
  process.exitCode = 1;
} else {
  import('node:module').then(function (found) {
    found.enableCompileCache();
    return import('./main.js');
  });
}
