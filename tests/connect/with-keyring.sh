#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# with-keyring.sh STATE COMMAND [ARGUMENT...]: runs COMMAND with a session bus and a home of its own, and on it
#   unlocked  gnome-keyring, unlocked
#   locked    gnome-keyring, as it starts where nobody logged in: locked, and nobody can be asked
#   absent    nothing
# The state is in TIDE_TEST_KEYRING.
set -eu

state=$1
shift
for program in dbus-run-session dbus-send gnome-keyring-daemon; do
  command -v "$program" >/dev/null || { echo "1..0 # SKIP $program is not installed"; exit 0; }
done

home=$(mktemp -d /tmp/tide-keyring.XXXXXX)
trap 'rm -rf "$home"' EXIT
mkdir -m 700 "$home/data" "$home/run"
export HOME=$home XDG_DATA_HOME=$home/data XDG_CONFIG_HOME=$home/config XDG_CACHE_HOME=$home/cache
export XDG_RUNTIME_DIR=$home/run TIDE_TEST_KEYRING=$state
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS SSH_AUTH_SOCK GNOME_KEYRING_CONTROL

# A bus that starts nothing by itself
cat >"$home/bus.conf" <<'CONF'
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF

dbus-run-session --config-file="$home/bus.conf" -- bash -c '
  case $TIDE_TEST_KEYRING in
    unlocked) printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>"$HOME/keyring.log" ;;
    locked) gnome-keyring-daemon --start --components=secrets >/dev/null 2>"$HOME/keyring.log" ;;
  esac
  for _ in $(seq 100); do
    [ "$TIDE_TEST_KEYRING" = absent ] && break
    dbus-send --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
      string:org.freedesktop.secrets 2>/dev/null | grep -q true && break
    sleep 0.05
  done
  "$@"' -- "$@"
