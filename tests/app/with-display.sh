#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# with-display.sh COMMAND [ARGUMENT...]: runs COMMAND with a display and a session bus of its own, so that
# a window can be driven and read through the accessibility tree.
#   TIDE_TEST_WM=1     a window manager and a compositor too, for pictures that people look at
#   TIDE_TEST_SIZE     the screen, WIDTHxHEIGHT (default 1280x800)
#   TIDE_TEST_XVFB     more arguments for Xvfb
# The accessibility bus leaves its address on the root window: one display per session bus, never shared.
# Everything is a child of ours and ends with us.
set -eu

for program in Xvfb dbus-run-session; do
  command -v "$program" >/dev/null || { echo "1..0 # SKIP $program is not installed"; exit 77; }
done

dir=$(mktemp -d -t tide-display.XXXXXX)
chmod 755 "$dir" # a private PostgreSQL started by root runs as somebody else
children=()
stop() {
  for pid in "${children[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

mkfifo "$dir/display"
Xvfb -displayfd 9 -screen 0 "${TIDE_TEST_SIZE:-1280x800}x24" -nolisten tcp -noreset ${TIDE_TEST_XVFB:-} \
  9>"$dir/display" >"$dir/xvfb.log" 2>&1 &
children+=($!)
read -r -t 90 number <"$dir/display" || { cat "$dir/xvfb.log" >&2; exit 1; }

export DISPLAY=:$number GDK_BACKEND=x11 GSK_RENDERER=cairo GDK_DEBUG=gl-disable
export XDG_CURRENT_DESKTOP=GNOME ADW_DISABLE_PORTAL=1 NO_AT_BRIDGE=
export GSETTINGS_BACKEND=${GSETTINGS_BACKEND:-memory}
export XDG_RUNTIME_DIR=$dir/run XDG_CONFIG_HOME=${XDG_CONFIG_HOME:-$dir/config}
export XDG_DATA_HOME=${XDG_DATA_HOME:-$dir/share}
export XDG_STATE_HOME=${XDG_STATE_HOME:-$dir/state} XDG_CACHE_HOME=$dir/cache
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
mkdir -m 700 "$XDG_RUNTIME_DIR"
mkdir -p "$XDG_CONFIG_HOME/gtk-4.0"
[ -e "$XDG_CONFIG_HOME/gtk-4.0/settings.ini" ] || cat >"$XDG_CONFIG_HOME/gtk-4.0/settings.ini" <<INI
[Settings]
gtk-enable-animations=false
gtk-font-name=Cantarell 11
INI

if [ -n "${TIDE_TEST_WM:-}" ]; then
  openbox --sm-disable >/dev/null 2>&1 & children+=($!)
  xcompmgr >/dev/null 2>&1 & children+=($!)
  sleep 0.3
fi

# A keyring that is unlocked and empty; without one the bus would start a daemon that asks the person.
keyring() {
  if command -v gnome-keyring-daemon >/dev/null; then
    printf test | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
    while kill -0 $! 2>/dev/null && [ $SECONDS -lt 90 ]; do
      dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
        string:org.freedesktop.secrets 2>/dev/null | grep -q 'boolean true' && break
      sleep 0.02
    done
  fi
  rc=0
  "$@" || rc=$?
  kill $! 2>/dev/null || true
  exit $rc
}
export -f keyring

# What the bus and the services that it starts say is not the test's: its output goes around them.
rc=0
exec 3>&1 4>&2
dbus-run-session -- bash -c 'keyring "$@" >&3 2>&4 3>&- 4>&-' -- "$@" >/dev/null 2>&1 || rc=$?
exit $rc
