# The Temporal CLI, which holds the server: PATH, cache, download, or built with Go. Sourced after common.sh.

temporal_release=1.5.1
# What the release's go.mod asks for.
temporal_go_version_min=1.25.0
# The sources of all dependencies and the build cache, for the time of the build.
temporal_build_kib=5000000
# The whole download; whether it begins at all is decided much sooner.
temporal_download_timeout=600

temporal_works() { "$1" --version >/dev/null 2>&1; }

find_temporal() {
  local candidate
  candidate=$(command -v temporal 2>/dev/null || true)
  for candidate in "$candidate" "$cache_folder/bin/temporal"; do
    if [ -n "$candidate" ] && [ -x "$candidate" ] && temporal_works "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

ensure_temporal() {
  local path
  if ! path=$(find_temporal); then
    with_lock "$cache_folder/temporal.lock" install_temporal
    path=$(find_temporal) || exit 1
  fi
  done_line "$("$path" --version) at $path"
}

# Another setup may have finished while this one waited for the lock.
install_temporal() {
  find_temporal >/dev/null && return
  download_temporal && return
  build_temporal && return
  fail "The Temporal server could not be installed." "Do one of these, then run this again:" \
    "- put the Temporal CLI on the PATH (https://docs.temporal.io/cli)" \
    "- connect this machine to the internet, so that it can be downloaded" \
    "- install Go $temporal_go_version_min or newer, so that it can be built"
}

# Moves the program into place in one step: nobody ever sees half of it.
keep_temporal() {
  mkdir -p "$cache_folder/bin"
  local next=$cache_folder/bin/.temporal.$$
  cp "$1" "$next" && chmod 755 "$next" && temporal_works "$next" && mv -f "$next" "$cache_folder/bin/temporal" ||
    { rm -f "$next"; return 1; }
}

download_temporal() {
  work_line "looking for the Temporal server to download"
  local folder result=0
  folder=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-download.XXXXXX")
  timeout "$temporal_download_timeout" node "$project_root/scripts/lib/download-temporal.mjs" "$folder" >/dev/null 2>&1 ||
    result=1
  [ "$result" = 0 ] && keep_temporal "$(find "$folder" -type f -perm -u+x | head -n 1)" || result=1
  rm -rf "$folder"
  [ "$result" = 0 ] || work_line "no download possible from here"
  return "$result"
}

go_is_new_enough() {
  has go || return 1
  local version
  version=$(go env GOVERSION 2>/dev/null) || return 1
  version_at_least "$temporal_go_version_min" "${version#go}"
}

build_temporal() {
  if ! go_is_new_enough; then
    work_line "no Go $temporal_go_version_min or newer to build it with"
    return 1
  fi
  local temporary_root=${TMPDIR:-/tmp}
  if [ "$(df --output=avail -k "$temporary_root" | tail -n 1)" -lt "$temporal_build_kib" ]; then
    work_line "building the Temporal server needs 5 GB in $temporary_root for a while; set TMPDIR to a larger disk"
    return 1
  fi
  work_line "building the Temporal server with Go, about 3 minutes"
  # A subshell, so that its trap removes the 3 GB of sources even when the build is interrupted.
  (
    build_folder=$(mktemp -d "$temporary_root/holdfast-go.XXXXXX")
    trap 'chmod -R u+w "$build_folder"; rm -rf "$build_folder"' EXIT
    trap 'exit 130' INT TERM
    cd "$build_folder"
    export GOPATH=$build_folder/path GOMODCACHE=$build_folder/modules GOCACHE=$build_folder/cache
    export GOBIN=$build_folder/bin CGO_ENABLED=0
    go install -ldflags "-s -w -X github.com/temporalio/cli/temporalcli.Version=$temporal_release" \
      "github.com/temporalio/cli/cmd/temporal@v$temporal_release" >"$build_folder/log" 2>&1 ||
      { tail -n 20 "$build_folder/log" >&2; exit 1; }
    keep_temporal "$build_folder/bin/temporal"
  )
}
