#!/bin/sh
# TCP under load, in small: tests/suites/jobs/tcp-load.sh is the long form.
GUEST="$UMK --stats"
. "$TOP/tests/suites/net/load.sh"
load_build && load_lossy 4000000 60 && load_many 1000 && load_cycles 10000 16384 || exit 1
# raw sockets and tun devices are root's
[ "$(id -u)" != 0 ] || load_flood 5000 16384
