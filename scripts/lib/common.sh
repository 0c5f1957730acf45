# Shared by the scripts: messages, locks and the folders they use. Sourced, not run.

project_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# One cache for all clones of a user, so that a fresh clone starts in seconds. HOLDFAST_CACHE overrides it.
cache_folder=${HOLDFAST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/holdfast}

done_line() { printf '✓ %s\n' "$*"; }
work_line() { printf '… %s\n' "$*"; }
fail() {
  printf '✗ %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Runs a function while nobody else runs one under the same lock file; the lock ends with this process.
with_lock() {
  local lock_file=$1
  shift
  mkdir -p "$(dirname "$lock_file")"
  if ! has flock; then
    "$@"
    return
  fi
  (
    if ! flock --nonblock 9; then
      work_line "waiting for another setup to finish"
      flock 9
    fi
    "$@"
  ) 9>"$lock_file"
}

# version_at_least 20.19 20.20.2 is true.
version_at_least() {
  [ "$(printf '%s\n%s\n' "$1" "$2" | sort --version-sort | head -n 1)" = "$1" ]
}
