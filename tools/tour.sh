#!/bin/sh
# A tour of umk with Debian's static busybox: shows commands and what they print. Usage: tour.sh UMK [OPTION...]
umk=$1
[ -x "$umk" ] || { echo "tour: no $umk" >&2; exit 1; }
shift
busybox=$(command -v busybox) || { echo "tour: busybox is not installed" >&2; exit 1; }
failed=0

show() { # show SHELL-COMMAND: under umk, with the host's output beside it when they differ
	printf '\n$ umk busybox sh -c '\''%s'\''\n' "$1"
	guest=$(timeout 60 "$umk" $options "$busybox" sh -c "$1" 2>&1 </dev/null; echo "exit: $?")
	host=$("$busybox" sh -c "$1" 2>&1 </dev/null; echo "exit: $?")
	printf '%s\n' "$guest" | sed '$ { /^exit: 0$/d }'
	if [ "$guest" != "$host" ] && [ -z "$2" ]; then
		printf '(the host prints:)\n%s\n' "$host"
		failed=1
	fi
}
options=$*

show 'uname -sr; echo "pid $$, parent $PPID"' differs
show 'echo hello from $(basename /usr/share/guest) | tr a-z A-Z'
show 'for i in 1 2 3; do echo line $i; done | sort -r | head -n 2'
show 'ls -l / | wc -l'
show '(sleep 0.2; echo from the background) & wait; echo $?'
show 'trap "echo got TERM" TERM; kill -TERM $$; echo after'
show 'cat <<end
a here-document with $((6 * 7))
end'
show 'i=0; while [ $i -lt 20 ]; do busybox true; i=$((i + 1)); done; echo $i processes'
show 'echo one two three | md5sum; head -c 100000 /dev/zero | gzip -c | gunzip -c | wc -c'
show 'exit 7'
printf '\n$ umk --strace busybox echo hello   (the last lines)\n'
timeout 20 "$umk" $options --strace "$busybox" echo hello 2>&1 </dev/null | tail -n 5
printf '\n'
if [ $failed = 0 ]; then
	echo "tour: umk printed what the host prints"
else
	echo "tour: some output differs from the host's"
fi
exit $failed
