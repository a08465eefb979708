#!/bin/sh
# Descriptors above 2 that umk was started with are the guest's, too: files, pipes, and by their own numbers.
for backend in seccomp ptrace; do
	umk="timeout 60 $UMK --trap=$backend"
	echo in >in
	$umk busybox sh -c 'read x <&8; echo "$x out" >&9' 8<in 9>out || { echo "$backend: exit $?"; exit 1; }
	[ "$(cat out)" = "in out" ] || { echo "$backend: files: $(cat out)"; exit 1; }
	got=$( { $umk busybox sh -c 'echo one >&7; exec 7>&-; echo two' 7>&1 >/dev/null; } | cat)
	[ "$got" = one ] || { echo "$backend: pipe: $got"; exit 1; }
	# a number beyond those that a table starts with
	bash -c "exec 200>high; $umk busybox sh -c 'busybox ls /proc/self/fd' >&200"
	grep -qx 200 high || { echo "$backend: 200 is not among: $(cat high)"; exit 1; }
	# what was closed is free
	$umk busybox sh -c 'exec 5<in; busybox ls /proc/self/fd | grep -cx 9' 9>&- | grep -qx 0 || { echo "$backend: 9"; exit 1; }
done
