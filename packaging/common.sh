# Sourced by run, test and bench: set-up and builds, quiet when well.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs=$root/build/logs

say() { printf '%s\n' "$*" >&2; }

# More than one compiler per 1.5 GB of memory would only make the machine swap.
parallel_jobs() {
  local cores by_memory
  cores=$(nproc)
  by_memory=$(awk '/MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo)
  echo $((by_memory < 1 ? 1 : by_memory < cores ? by_memory : cores))
}

# quietly NAME COMMAND…: the output goes to build/logs/NAME.log, and its end is shown when the command fails.
quietly() {
  local name=$1
  shift
  mkdir -p "$logs"
  "$@" > "$logs/$name.log" 2>&1 && return
  grep -E -A 6 'error|FAILED|Error' "$logs/$name.log" | head -n 60 >&2 || true
  tail -n 15 "$logs/$name.log" >&2
  say "$name failed; all of it is in $logs/$name.log"
  return 1
}

# build PRESET DIRECTORY CMAKE-ARGUMENTS… -- TARGETS…
build() {
  local preset=$1 directory=$root/$2 arguments=()
  shift 2
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    arguments+=("$1")
    shift
  done
  [ $# -eq 0 ] || shift
  # A cache of another checkout (the folder was moved or copied) would build that one.
  if [ -e "$directory/CMakeCache.txt" ] && ! grep -qx "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$directory/CMakeCache.txt"; then
    rm -rf "$directory"
  fi
  (cd "$root" && quietly "configure-$preset" cmake --preset "$preset" "${arguments[@]}") &&
    quietly "build-$preset" cmake --build "$directory" -j "$(parallel_jobs)" ${1:+--target "$@"}
}
