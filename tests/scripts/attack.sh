# Attacks on the host from within, and on umk's processes from without, under both backends. Nothing but the guest may
# suffer, and nothing may stay behind.
fail=0
bad() { echo "$*"; fail=1; }

bin=$O/attack
mkdir -p "$bin"
for src in "$TOP"/tests/attack/*.c; do
	exe=$bin/$(basename "$src" .c)
	[ "$exe" -nt "$src" ] || gcc -std=gnu11 -O1 -D_GNU_SOURCE -static -pthread -o "$exe" "$src" || exit 1
done

# Each umk runs in a session of its own; its stubs stay in its process group, $umk.
run() {
	setsid "$@" >out 2>err &
	umk=$!
}
ours() { # the zygote, its pool and the guests of $umk
	for dir in /proc/[0-9]*; do
		case $(readlink "$dir/exe" 2>/dev/null) in
		/memfd:umk-stub*)
			set -- $(cut -d')' -f2 "$dir/stat" 2>/dev/null)
			[ "$3" = $umk ] && echo "${dir#/proc/}"
			;;
		esac
	done
}
none_left() {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		left=$(ours)
		[ -z "$left" ] && return 0
		sleep 0.2
	done
	bad "$1: processes are left: $left"
	kill -9 $left
}
wait_ready() {
	for i in $(seq 100); do
		grep -q ready "$1" && return 0
		sleep 0.05
	done
	bad "$2: not ready"
	return 1
}

space=--as=4096000000
nm "$UMK" | grep -q __asan_init && space=
for trap in ${ATTACK_TRAPS:-seccomp ptrace}; do
	# From within.
	for attack in stubcall masked scribble window clone files mappings forks memory; do
		echo canary >canary
		args= options= under=
		case $attack-$trap in
		stubcall-seccomp) args=6 ;;
		stubcall-ptrace) args=2 ;;
		forks-*) under='prlimit --nproc=300' ;;
		memory-*) options=--mem=128M args=512 ;;
		esac
		run timeout -k 5 300 $under "$UMK" --trap=$trap $options "$bin/$attack" $args
		wait $umk
		status=$?
		[ $status = 0 ] || bad "$trap $attack: exit $status: $(cat out err)"
		grep -q FAILED out && bad "$trap $attack: $(cat out)"
		# With ptrace the stub's instruction is one like any other: its calls are emulated, and reach files.
		if [ $attack-$trap != stubcall-ptrace ]; then
			[ "$(cat canary)" = canary ] || bad "$trap $attack: the canary is changed"
			[ -e canary2 ] && bad "$trap $attack: it has made a file"
		fi
		rm -rf canary*
		none_left "$trap $attack"
	done

	# Little of everything (a sanitizer's shadow needs its address space): descriptors, file size, address space.
	# shellcheck disable=SC2086
	run prlimit --nofile=256 --fsize=1024000 $space "$UMK" --trap=$trap busybox sh -c 'busybox ls / | busybox wc -l'
	wait $umk
	status=$?
	if [ $status != 125 ] || [ "$(id -u)" = 0 ] || ! grep -q 'umk: .*file size' err; then
		[ "$status $(cat out)" = "0 $(ls / | wc -l)" ] || bad "$trap limits: exit $status: $(cat out err)"
	fi

	# A small memory cgroup, where one can be made.
	for cgroup in /sys/fs/cgroup/memory /sys/fs/cgroup; do
		file=memory.limit_in_bytes
		[ $cgroup = /sys/fs/cgroup ] && file=memory.max
		dir=$cgroup/umk-test-$$
		mkdir $dir 2>/dev/null || continue
		if [ -e $dir/$file ] && echo 64M >$dir/$file; then
			run sh -c "echo \$\$ >$dir/cgroup.procs && exec \"\$@\"" sh "$UMK" --trap=$trap "$bin/memory" 200
			wait $umk
			status=$?
			[ $status = 0 ] || bad "$trap memory cgroup: exit $status: $(cat out err)"
			none_left "$trap memory cgroup"
			rmdir $dir
			break
		fi
		rmdir $dir
	done

	# umk is killed.
	run "$UMK" --trap=$trap "$bin/many"
	if wait_ready out "$trap kill umk"; then
		[ -n "$(ours)" ] || bad "$trap kill umk: no stubs found"
		kill -9 $umk
	fi
	wait $umk 2>/dev/null
	none_left "$trap kill umk"

	# A stub is killed: the one that has used most CPU time is the spinner's, or the sleeper's busy thread.
	run "$UMK" --trap=$trap "$bin/many"
	if wait_ready out "$trap kill stub"; then
		for round in 1 2; do
			grep -q spinner out && break
			most=0 victim=
			for pid in $(ours); do
				set -- $(cut -d')' -f2 /proc/$pid/stat)
				[ "${12}" -gt $most ] && most=${12} victim=$pid
			done
			[ -n "$victim" ] && kill -9 $victim
			sleep 0.3
		done
	else
		kill -9 $umk
	fi
	wait $umk
	status=$?
	[ $status = 0 ] || bad "$trap kill stub: umk exits with $status: $(cat err)"
	printf 'ready\nspinner: signal 9\nsleeper: signal 9\n' | cmp -s - out || bad "$trap kill stub: $(cat out err)"
	none_left "$trap kill stub"

	# The zygote is killed: umk says so and ends, and no guest outlives it.
	run "$UMK" --trap=$trap "$bin/many"
	if wait_ready out "$trap kill zygote"; then
		kill -9 $(ours | sort -n | head -1)
	fi
	wait $umk
	[ $? = 125 ] || bad "$trap kill zygote: umk's status"
	grep -q 'umk: .*zygote' err || bad "$trap kill zygote: $(cat err)"
	none_left "$trap kill zygote"
done
exit $fail
