#!/usr/bin/env bash
# Lets memory, threads and files fail at the calls of small encodes and decodes, once and from
# that call on, through the library and through the tool (tests/scarcity), and prints one JSON
# object of what came of it. By default every call of the library (5 minutes of one core) and
# 1000 of each kind of the tool's (a quarter of an hour), which makes 60,000 in a decode.
#
# usage: scripts/test_scarcity.sh [LIBRARY [TOOL]] > results/scarcity.json
#   LIBRARY, TOOL   trials of a kind, spread evenly; 0: every call. Progress is on standard error.
#   BUILD           the build folder (default build/dev)
set -euo pipefail
library=${1:-0} tool=${2:-1000}
build=${BUILD:-build/dev}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --build "$build" --target scarcity_library scarcity_tool >&2
code=0
for part in library tool; do
  "$build/tests/scarcity/scarcity_$part" --most "${!part}" --json "$work/$part.json" >&2 || code=1
done
python3 - "$work" "scripts/test_scarcity.sh $library $tool" <<'PYTHON'
import json, sys
work, command = sys.argv[1:]
parts = {name: json.load(open(f'{work}/{name}.json')) for name in ('library', 'tool')}
verdicts = ('trials', 'done', 'refused', 'broken', 'crashed', 'hung')
print('{')
print(f' "command": "{command}",')
for name, series in parts.items():
    total = {v: sum(s[v] for s in series) for v in verdicts}
    print(f' "{name}_total": {json.dumps(total)},')
    rows = ',\n'.join('  ' + json.dumps(s) for s in series)
    print(f' "{name}": [\n{rows}\n ]' + (',' if name == 'library' else ''))
print('}')
PYTHON
exit "$code"
