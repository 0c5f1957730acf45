# Node itself, the npm packages and the compiled program. Sourced after common.sh.

node_version_min=20.19.0

check_node() {
  local advice="Install Node $node_version_min or newer (https://nodejs.org), then run this again."
  has node || fail "Node is not installed." "$advice"
  local version
  version=$(node --version)
  version_at_least "$node_version_min" "${version#v}" || fail "Node $version is too old." "$advice"
  has npm || fail "npm is not installed." "It comes with Node; install it, then run this again."
  done_line "Node $version"
}

# The lockfile that was installed last is kept beside the packages, so that only its changes cost time.
packages_are_current() {
  cmp --silent "$project_root/package-lock.json" "$project_root/node_modules/.holdfast-installed-lock" && return
  # Somebody may have installed by hand.
  local marker=$project_root/node_modules/.package-lock.json
  [ -f "$marker" ] && ! [ "$project_root/package-lock.json" -nt "$marker" ]
}

ensure_packages() {
  if ! packages_are_current; then
    work_line "installing npm packages"
    (cd "$project_root" && NODE_ENV=development npm ci --no-audit --no-fund --loglevel=error) ||
      fail "npm ci failed." "Read its message above; the registry and proxy of your npm configuration are used."
    cp "$project_root/package-lock.json" "$project_root/node_modules/.holdfast-installed-lock"
  fi
  done_line "npm packages"
}

# True when no source is newer than the compiled program. Folders count too: a removed file changes its folder.
build_is_current() {
  local built=$project_root/dist/workflow-bundle.js sources=() name
  [ -f "$built" ] || return 1
  for name in core workflows activities workers client store bench scripts/build.mjs tsconfig.json \
    tsconfig.build.json package.json package-lock.json; do
    [ -e "$project_root/$name" ] && sources+=("$project_root/$name")
  done
  [ -z "$(find "${sources[@]}" -newer "$built" -print -quit)" ]
}

ensure_build() {
  if ! build_is_current; then
    work_line "building"
    (cd "$project_root" && npm run --silent build) || fail "The build failed." "Read its message above."
  fi
  done_line "build"
}
