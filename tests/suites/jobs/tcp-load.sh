# TCP where it is hard: a bad network, 10,000 connections, a million of them in turn, a SYN flood.
# outside
. "$TOP/tests/suites/net/load.sh"
load_build || exit 1
load_lossy 100000000 120 || exit 1
load_many 10000 || exit 1
load_cycles 1000000 8192 || exit 1
load_flood 200000 8192
