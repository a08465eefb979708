#!/bin/sh
# Installs what is missing on a Debian machine. Usage: setup.sh run|check|lint|bench|suites
# As root it calls apt-get; otherwise it prints the command and fails. Quick when nothing is missing.

build="gcc libc6-dev linux-libc-dev libseccomp-dev libunwind-dev pkg-config binutils"
run="$build busybox-static"
check="$run check bash-static mksh musl-tools gdb strace python3 golang-go procps socat util-linux iproute2"
case $1 in
run) want=$run ;;
check) want=$check ;;
lint) want="$build clang" ;;
bench) want="$run user-mode-linux python3 util-linux" ;;
suites) want="$run python3 libpython3.11-testsuite golang-1.19-go golang-1.19-src golang-go stress-ng tzdata gdb
	git sqlite3 rsync attr vim less man-db tmux lsof psmisc debootstrap perl nodejs xz-utils redis-server
	redis-tools nginx-light wrk iperf3 socat curl iproute2" ;;
*) echo "usage: setup.sh run|check|lint|bench|suites" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
	echo "umk: this is no Debian; what Debian calls these must be there: $want" >&2
	command -v gcc >/dev/null && command -v pkg-config >/dev/null && pkg-config --exists libseccomp libunwind
	exit
fi
have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $want 2>/dev/null | sed -n 's/ installed$//p')
missing=
for package in $want; do
	case "
$have
" in
	*"
$package
"*) ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
	echo "umk: packages are missing; install them with:" >&2
	echo "    sudo apt-get install -y --no-install-recommends$missing" >&2
	exit 1
fi
echo "umk: installing$missing"
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -q --no-install-recommends $missing </dev/null; }
install || { apt-get update -q </dev/null && install; }
