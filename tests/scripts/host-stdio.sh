#!/bin/sh
# Inherited standard descriptors: files, pipes, terminals, and blocking that holds up only who reads.
fail() { echo "$*"; exit 1; }

for backend in seccomp ptrace; do
	umk="$UMK --trap=$backend"
	# pipes, whole and in order
	seq 200000 >numbers
	$umk busybox cat <numbers >out || fail "$backend: file to file: $?"
	cmp numbers out || fail "$backend: file to file"
	cat numbers | $umk busybox cat | cmp - numbers || fail "$backend: pipe to pipe"
	rm -f fifo && mkfifo fifo
	cat numbers >fifo &
	$umk busybox cat <fifo | cmp - numbers || fail "$backend: a FIFO of the host's"
	echo again >fifo &
	[ "$($umk busybox sh -c 'cat /dev/stdin; readlink /proc/self/fd/0' <fifo)" = "again
$PWD/fifo" ] || fail "$backend: the FIFO's name"
	cat numbers | $umk busybox sh -c 'busybox cat | busybox cat' | cmp - numbers || fail "$backend: pipes inside"
	# append, as the descriptor says
	echo a >log
	$umk busybox echo b >>log
	[ "$(cat log)" = "a
b" ] || fail "$backend: append: $(cat log)"
	# the position of a shared descriptor moves on
	(read -r first; $umk busybox head -n 1 >/dev/null; cat) <numbers >rest
	[ -s rest ] || fail "$backend: shared position"
	# a reader that waits does not hold up others
	out=$( (sleep 0.5; echo late) | $umk busybox sh -c '(for i in 1 2 3; do echo $i; done) & read x; echo $x; wait' | sort | tr '\n' ' ')
	[ "$out" = "1 2 3 late " ] || fail "$backend: blocked reader: $out"
	# a closed pipe is SIGPIPE
	timeout 20 $umk busybox yes | head -n 1 >out
	[ "$(cat out)" = y ] || fail "$backend: yes: $(cat out)"
	# no description of the host was made non-blocking
	$umk busybox true <numbers
	if command -v script >/dev/null; then
		# a terminal
		out=$(script -qec "$umk busybox sh -c 'busybox test -t 0 && busybox test -t 1 && echo terminal'" /dev/null </dev/null |
			tr -d '\r')
		[ "$out" = terminal ] || fail "$backend: terminal: $out"
		# ^C ends the guest with 130; ^Z and ^\ likewise by their signals
		(sleep 1; printf '\003'; sleep 1) | script -qec "$umk busybox sleep 20" /dev/null >out
		[ $? = 0 ] || true
		status=$( (sleep 1; printf '\003'; sleep 1) | script -qec "$umk busybox sleep 20; echo status \$?" /dev/null | tr -d '\r')
		case $status in *"status 130"*) ;; *) fail "$backend: ^C: $status" ;; esac
		# input that comes late, in lines
		out=$( (sleep 0.5; echo hello; sleep 0.5) | script -qec "$umk busybox sh -c 'read x; echo got \$x'" /dev/null | tr -d '\r')
		case $out in *"got hello"*) ;; *) fail "$backend: terminal input: $out" ;; esac
		# raw mode stays when the guest sets it and ends, as without umk; it does not when umk is ended by a signal
		out=$(script -qec "$umk busybox stty -echo; stty -a | grep -o -e '-echo '" /dev/null </dev/null | tr -d '\r')
		[ "$out" = "-echo " ] || fail "$backend: modes after a normal end: $out"
		out=$(script -qec "$umk busybox sh -c 'busybox stty -echo; kill -TERM \$\$'; stty -a | grep -o -e '-echo '" /dev/null \
			</dev/null | tr -d '\r')
		case $out in *-echo*) fail "$backend: modes after a signal: $out" ;; esac
	fi
done
exit 0
