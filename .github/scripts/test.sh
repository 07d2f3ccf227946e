#!/bin/sh
# Lint and types are checked beside the unit tests, which leave parts of the processors idle. Their output comes last.
set -u
cd "$(dirname "$0")/../.."

checks=$(mktemp)
trap 'rm -f "$checks"' EXIT
{ npm run --silent lint && npm run --silent types; } >"$checks" 2>&1 &
checking=$!

code=0
npm run --silent vitest -- --exclude '**/*.itg.test.ts' "$@" || code=$?
wait "$checking" || code=$?
cat "$checks"
exit "$code"
