#!/bin/sh
# The command line: what cannot run is one line on standard error and 127 (not found) or 126; the guest's status is umk's, 128+n
# for a signal; the search in PATH is execvp's.
passed=0 failed=0
case_() { # case_ WANTED-STATUS WANTED-STDERR(pattern; "" nothing) WANTED-STDOUT -- ARGS...
	status=$1 err=$2 out=$3
	shift 4
	"$@" >got.out 2>got.err </dev/null
	got=$?
	if [ $got = "$status" ] && [ "$(cat got.out)" = "$out" ] && { [ -n "$err" ] || [ ! -s got.err ]; } &&
	   { [ -z "$err" ] || { [ "$(wc -l <got.err)" = 1 ] && grep -q "^umk: $err\$" got.err; }; }
	then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$*: status $got instead of $status; out: $(cat got.out); err: $(cat got.err)"
	fi
}
mkdir dir bin1 bin2 bin3
echo 'echo script' >plain
chmod 755 plain
printf '#!/bin/sh\necho "ran $0 $*"\n' >script
printf '#!/nothing/here\n' >badinterp
printf '#!script\n' >nested
chmod 755 script badinterp nested
printf '#!/bin/sh\n' >notx
head -c 100 /bin/busybox >short
head -c 3000 /bin/busybox >cut
head -c 64 /dev/zero >zeros
: >empty
ln -s loop loop
chmod 755 short cut zeros empty
mkfifo fifo
chmod 755 fifo
printf '#!/bin/sh\necho one\n' >bin1/tool
printf '#!/bin/sh\necho two\n' >bin2/tool
printf '#!/bin/sh\necho three\n' >bin3/other
chmod 644 bin1/tool
chmod 755 bin2/tool bin3/other

for backend in seccomp ptrace; do
	umk="$UMK --trap=$backend"
	# shellcheck disable=SC2086
	run() { s=$1 e=$2 o=$3; shift 3; case_ "$s" "$e" "$o" -- env --default-signal=QUIT $umk -- "$@"; }
	run 127 './none: No such file or directory' '' ./none
	run 127 'dir/none: No such file or directory' '' dir/none
	run 127 'no-such-command: No such file or directory' '' no-such-command
	run 127 ': No such file or directory' '' ''
	run 126 './script/x: Not a directory' '' ./script/x
	run 126 './notx: Permission denied' '' ./notx
	run 126 './dir: Permission denied' '' ./dir
	run 126 './fifo: Permission denied' '' ./fifo
	run 126 './loop: Too many levels of symbolic links' '' ./loop
	run 126 './plain: Exec format error' '' ./plain
	run 126 './empty: Exec format error' '' ./empty
	run 126 './zeros: Exec format error' '' ./zeros
	run 126 './short: Exec format error' '' ./short
	run 127 './badinterp: No such file or directory' '' ./badinterp
	run 0 '' 'ran ./script a b  c' ./script a 'b  c'
	run 0 '' 'ran script ./nested x' ./nested x
	run 0 '' '' /bin/busybox true
	run 1 '' '' /bin/busybox false
	for status in 2 3 100 125 126 127 128 200 255; do
		run $status '' '' /bin/busybox sh -c "exit $status"
	done
	for sig in 1 2 6 9 10 13 14 15; do
		run $((128 + sig)) '' '' /bin/busybox sh -c "kill -$sig \$\$"
	done
	run 126 './cut: Bad address' '' ./cut
	# the search
	path() { p=$1 s=$2 e=$3 o=$4; shift 4; case_ "$s" "$e" "$o" -- env PATH="$p" $umk -- "$@"; }
	path "$PWD/bin1:$PWD/bin2" 0 '' two tool
	path "$PWD/none:$PWD/script:$PWD/bin3" 0 '' three other
	path "$PWD/bin1" 126 'tool: Permission denied' '' tool
	path "$PWD/none:$PWD/bin1:$PWD/bin3" 126 'tool: Permission denied' '' tool
	path "$PWD/bin1" 127 'other: No such file or directory' '' other
	cd bin3 || exit 1
	path "$OLDPWD/bin1::$OLDPWD/bin2" 0 '' three other
	path "" 0 '' three other
	path ":/bin" 0 '' three other
	path "/bin:" 0 '' three other
	cd .. || exit 1
	# without PATH: the default
	# shellcheck disable=SC2086
	case_ 0 '' 'hello' -- env -u PATH $umk -- busybox echo hello
	# options of umk's own
	# shellcheck disable=SC2086
	case_ 0 '' '-x --help' -- $umk busybox echo -x --help
	for bad in "--no-such-option" "--trap=nothing" "--mem=x"; do
		"$UMK" $bad /bin/busybox true >got.out 2>got.err
		status=$?
		if [ $status = 125 ] && [ ! -s got.out ] && grep -q '^umk: ' got.err; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "$bad: status $status; $(cat got.err)"
		fi
	done
done
# umk ends with its first program and takes along what that has left; --linger lets it end by itself
case_ 3 '' '' -- "$UMK" busybox sh -c '(sleep 1; echo late >late) & exit 3'
case_ 4 '' '' -- "$UMK" --linger busybox sh -c '(sleep 1; echo later >later) & exit 4'
if [ -e late ] || [ "$(cat later)" != later ]; then
	failed=$((failed + 1))
	echo "what the first program leaves in the background"
fi
echo "command line: $passed passed, $failed failed"
[ $failed = 0 ]
