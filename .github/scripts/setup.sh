#!/bin/sh
# Makes a clone ready: the locked dependencies, and the Node 24 that is one of them. Silent when nothing is to be done.
#
# Versions of npm differ in whose install scripts they run. Here none is run but one, by its name: the runtime's.
set -eu
cd "$(dirname "$0")/../.."

installed=node_modules/.package-lock.json
runtime=node_modules/node/bin/node

if [ ! -f "$installed" ] || [ -n "$(find package-lock.json -newer "$installed")" ]; then
  echo 'Installing the dependencies.' >&2
  npm ci --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error >&2
fi

if [ ! -x "$runtime" ]; then
  echo 'Installing Node 24, the runtime of the project.' >&2
  (cd node_modules/node && npm_config_loglevel=error node installArchSpecificPackage.js >&2) || true
  [ ! -x "$runtime" ] || ln -sf ../node/bin/node node_modules/.bin/node
fi

# Where the package has no build for a platform, or cannot be had, a Node on PATH that is new enough will do.
if [ ! -x "$runtime" ] && ! node -e 'process.exit(Number.parseInt(process.versions.node, 10) >= 24 ? 0 : 1)'; then
  echo "Node 24 could not be installed, and $(command -v node) is $(node --version). Install Node 24 and try again." >&2
  exit 1
fi
