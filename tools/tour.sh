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

# A server and a client over umk's own TCP, with the packets in a file.
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
echo "a page from busybox httpd" >"$scratch/page"
server="busybox httpd -p 8080 -h $scratch; busybox wget -qO- http://127.0.0.1:8080/page"
printf '\n$ umk --strace=network --pcap=x.pcapng busybox sh -c "busybox httpd -p 8080 -h DIR; busybox wget -qO- http://127.0.0.1:8080/page"\n'
timeout 60 "$umk" $options --strace=network -o "$scratch/trace" --pcap="$scratch/x.pcapng" "$busybox" sh -c "$server" >"$scratch/out" 2>&1 </dev/null
cat "$scratch/out"
sed 's/^/    /' "$scratch/trace"
cmp -s "$scratch/out" "$scratch/page" && grep -q 'connect(.*inet_addr("127.0.0.1").* = 0' "$scratch/trace" || {
	echo "(the page did not come through)"
	failed=1
}
if command -v tcpdump >/dev/null; then
	printf '\n$ tcpdump -vvr x.pcapng   (the first packets, and how many checksums are wrong)\n'
	tcpdump -nvvr "$scratch/x.pcapng" >"$scratch/packets" 2>/dev/null
	head -n 6 "$scratch/packets"
	wrong=$(grep -c 'bad cksum\|incorrect' "$scratch/packets")
	echo "$wrong of $(grep -c 'cksum 0x' "$scratch/packets") checksums are wrong"
	[ "$wrong" = 0 ] && grep -q 'cksum 0x' "$scratch/packets" || failed=1
fi
if command -v redis-server >/dev/null && command -v redis-benchmark >/dev/null; then
	redis="redis-server --save '' --logfile $scratch/redis.log >/dev/null & while ! redis-cli ping >/dev/null 2>&1; do sleep 0.1; done
redis-benchmark -q -n 20000 -c 50 -t set,get; redis-cli shutdown nosave"
	printf '\n$ umk sh -c "redis-server & ... redis-benchmark -q -n 20000 -c 50 -t set,get; redis-cli shutdown"\n'
	timeout 120 "$umk" $options sh -c "$redis" 2>&1 </dev/null | tr '\r' '\n' | grep 'requests per second' | tee "$scratch/redis"
	[ "$(grep -c 'requests per second' "$scratch/redis")" = 2 ] || failed=1
fi
printf '\n'
if [ $failed = 0 ]; then
	echo "tour: umk printed what the host prints"
else
	echo "tour: some output differs from the host's"
fi
exit $failed
