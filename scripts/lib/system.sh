# Programs of the operating system. Sourced after common.sh.

# Each line: a program that must be there, and the Debian package that brings it.
required_programs='
ffmpeg ffmpeg
ffprobe ffmpeg
gst-launch-1.0 gstreamer1.0-tools
gst-inspect-1.0 gstreamer1.0-tools
flock util-linux
setsid util-linux
fallocate util-linux
'

# Each line: a GStreamer element that capture pipelines use, and the Debian package that brings it.
required_elements='
videotestsrc gstreamer1.0-plugins-base
v4l2src gstreamer1.0-plugins-good
mpegtsmux gstreamer1.0-plugins-bad
x264enc gstreamer1.0-plugins-ugly
avenc_aac gstreamer1.0-libav
alsasrc gstreamer1.0-alsa
'

# Prints the packages that are missing, one a line.
missing_packages() {
  local name package
  while read -r name package; do
    [ -z "$name" ] || has "$name" || printf '%s\n' "$package"
  done <<<"$required_programs"
  while read -r name package; do
    [ -z "$name" ] && continue
    has gst-inspect-1.0 && gst-inspect-1.0 --exists "$name" 2>/dev/null && continue
    printf '%s\n' "$package"
  done <<<"$required_elements"
}

ensure_system_programs() {
  local missing
  missing=$(missing_packages | sort --unique | tr '\n' ' ')
  [ -z "$missing" ] || install_packages $missing
  missing=$(missing_packages | sort --unique | tr '\n' ' ')
  [ -z "$missing" ] || fail "Still missing after the installation: $missing" "Install them by hand, then run this again."
  done_line "ffmpeg $(ffmpeg -version | awk 'NR == 1 { print $3 }')"
  done_line "GStreamer $(gst-launch-1.0 --version | awk 'NR == 1 { print $3 }')"
}

# Installs Debian packages as root, or says exactly how it is done and ends.
install_packages() {
  if ! has apt-get; then
    fail "Missing: $*" "Those are Debian's names; install the same programs with the package manager of this system."
  fi
  if [ "$(id -u)" != 0 ]; then
    fail "Missing: $*" "Run this, then start again:" \
      "sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
  fi
  work_line "installing $*"
  with_lock "$cache_folder/apt.lock" apt_install "$@"
}

# A policy of Debian for packages that bring a service: answer 101 keeps it from being started when it is installed. A
# policy that is there already is the administrator's and stays as it is.
service_policy=/usr/sbin/policy-rc.d

# Installs packages whose programs are wanted but not the services they would start, such as nginx.
install_packages_without_services() {
  local own_policy=no status=0
  if [ "$(id -u)" = 0 ] && [ -d /usr/sbin ] && [ ! -e "$service_policy" ]; then
    own_policy=yes
    printf '#!/bin/sh\nexit 101\n' >"$service_policy"
    chmod +x "$service_policy"
  fi
  (install_packages "$@") || status=$?
  [ "$own_policy" = no ] || rm -f "$service_policy"
  return "$status"
}

# Another program may hold apt's own locks for a while, so they are waited for.
apt_install() {
  local log
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  # A package list that could not be renewed is no reason to stop: the packages may be known already.
  apt-get -o DPkg::Lock::Timeout=300 update >"$log" 2>&1 </dev/null || true
  if ! apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" >>"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install: $*" "Its last lines are above."
  fi
  rm -f "$log"
}
