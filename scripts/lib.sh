# SPDX-License-Identifier: GPL-3.0-or-later
# What scripts/run and scripts/test share: the packages, how they are installed, how the tree is
# built. Sourced by bash; the working directory is the top of the tree.

# The one list of what is needed, as Debian 12 and its relatives name it. The PostgreSQL server is
# asked for apart: any major will do.
PACKAGES_BUILD=(
  gcc libc6-dev meson ninja-build pkg-config gettext libxml2-utils
  libgtk-4-dev libadwaita-1-dev libgtksourceview-5-dev libpq-dev libssl-dev libjson-glib-dev libsecret-1-dev
  libpg-query-dev libgit2-dev libicu-dev libarchive-dev libglib2.0-dev-bin desktop-file-utils
)
PACKAGES_RUN=(adwaita-icon-theme fonts-cantarell fonts-dejavu-core librsvg2-common dbus)
# For a machine without a display: the window is opened all the same, and pictures of it are taken.
PACKAGES_HEADLESS=(
  xvfb xauth openbox xcompmgr xdotool imagemagick at-spi2-core dbus-daemon python3-gi python3-jeepney
)
PACKAGES_TEST=(
  "${PACKAGES_HEADLESS[@]}"
  appstream clang llvm libclang-rt-dev gnome-keyring libsecret-tools git openssl zstd lz4
)

ASSUME_YES=

say() { printf '\n== %s\n' "$*"; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

has_display() { [ -n "${WAYLAND_DISPLAY:-}" ] || [ -n "${DISPLAY:-}" ]; }

in_container() {
  [ -e /.dockerenv ] || [ -e /run/.containerenv ] || [ -n "${container:-}" ] \
    || { command -v systemd-detect-virt >/dev/null && systemd-detect-virt --container --quiet; } \
    || [ "$(stat -c %i / 2>/dev/null)" != 2 ]
}

has_package() { dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }
has_server() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

# May we install? Said already what. Nobody is asked where nobody can answer.
may_install() {
  [ -n "$ASSUME_YES" ] || [ -n "${CI:-}" ] && return 0
  [ "$(id -u)" = 0 ] && in_container && return 0
  if [ ! -t 0 ]; then
    [ "$(id -u)" = 0 ] && return 0
    die "packages are missing and nobody can be asked here; run it with --yes"
  fi
  local answer
  read -r -p "Install them now? [Y/n] " answer
  case $answer in '' | [yY]*) return 0 ;; *) return 1 ;; esac
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else
    command -v sudo >/dev/null || die "not root, and there is no sudo; as root run: $*"
    sudo "$@"
  fi
}

# Debian starts a server on port 5432 as soon as one is installed. Nobody asked for that: we need the
# programs only.
keep_server_quiet() {
  local conf=/etc/postgresql-common/createcluster.conf
  [ -e "$conf" ] && return 0
  as_root mkdir -p "${conf%/*}"
  echo 'create_main_cluster = false' | as_root tee "$conf" >/dev/null
  echo "($conf: no database cluster is made by installing PostgreSQL)"
}

# install_missing PACKAGE...: says what is missing, asks, installs
install_missing() {
  local package missing=()
  if ! command -v apt-get >/dev/null; then
    echo "No apt here: install by hand what README.md, \"Building by hand\", lists."
    return 0
  fi
  for package in "$@"; do
    has_package "$package" || missing+=("$package")
  done
  has_server || missing+=(postgresql)
  [ ${#missing[@]} -gt 0 ] || return 0

  say "These packages are missing and come from your distribution by apt:"
  printf '%s\n' "${missing[*]}" | fold -s -w 96
  may_install || die "nothing was installed"
  has_server || keep_server_quiet
  local log
  log=$(mktemp "${TMPDIR:-/tmp}/tidemark-apt.XXXXXX")
  echo "(installing; this takes a minute or two)"
  as_root apt-get update -qq || echo "apt-get update failed; trying with the lists that are there"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 "${missing[@]}" >"$log" 2>&1 \
    || { tail -n 30 "$log" >&2; die "apt could not install them; the whole log is $log"; }
  rm -f "$log"
}

# Each test is linked with all of the core: the linker that comes beside the usual one takes half the time.
if command -v ld.gold >/dev/null; then
  export CC_LD=${CC_LD:-gold}
fi

# configure FOLDER [MESON-OPTION...]: on first use, and again when the options differ
configure() {
  local folder=$1 verb=setup
  shift
  [ ! -e "$folder/build.ninja" ] || verb=configure
  meson "$verb" "$folder" -Dpch=true "$@" >"$folder.log" 2>&1 \
    || { cat "$folder.log" >&2; die "cannot configure $folder"; }
  rm -f "$folder.log"
}

# compile FOLDER [TARGET...]: everything, or what is named
compile() {
  local folder=$1
  shift
  ninja -C "$folder" -k 0 --quiet "$@" || die "cannot build $folder"
}
