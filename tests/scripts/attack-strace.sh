# What the host sees of a guest that makes every call by the stub's own instruction: strace shows each call that a stub
# makes; those that the filter refuses are followed by SIGSYS, and the others must be in the table of um/stub/filter.c.
command -v strace >/dev/null || { echo "no strace"; exit 77; }
strace -o /dev/null true 2>/dev/null || { echo "strace does not work here"; exit 77; }
bin=$O/attack
mkdir -p "$bin"
gcc -std=gnu11 -O1 -D_GNU_SOURCE -static -pthread -o "$bin/stubcall.strace" "$TOP/tests/attack/stubcall.c" || exit 1

timeout -k 5 300 strace -f -qq -o log "$UMK" --trap=seccomp "$bin/stubcall.strace" 2 >out 2>err
status=$?
[ $status = 0 ] || { echo "exit $status: $(cat out err)"; exit 1; }

awk '
function allowed(call)
{
	if (call ~ /^(uretprobe|uprobe|syscall_0x14f|syscall_0x150)\(/) # see um/stub/filter.c
		return 1
	if (call ~ /^\?\?\?/) # killed before strace could look
		return 1
	if (call ~ /^(sched_yield|rt_sigreturn|sigaltstack|exit|exit_group)\(/)
		return 1
	if (call ~ /^rt_sigprocmask\(SIG_SETMASK, .*(NULL, 8)?( <unfinished|\))/)
		return 1
	if (call ~ /^futex\([^,]*, FUTEX_(WAIT|WAKE), /)
		return 1
	if (call ~ /^write\(5, .*, 8( <unfinished|\))/)
		return 1
	if (call ~ /^mmap\((NULL|0x[0-9a-f]*), [0-9]*, [A-Z_|]*, MAP_SHARED\|MAP_FIXED(\|MAP_POPULATE)?, (3|[2-5][0-9][0-9]), /)
		return below(call) && (call ~ /, 3, 0?x?[0-9a-f]*[ )]/ || file(call, 4))
	if (call ~ /^(dup2\(-1|close\()/)
		return file(call, call ~ /^dup2/)
	if (call ~ /^(munmap|mprotect)\(/)
		return call ~ /^munmap\(0x7fffe0080000, 524288/ || below(call)
	if (call ~ /^clone\(child_stack=[^,]*, flags=CLONE_VM\|CLONE_FS\|CLONE_FILES\|CLONE_SIGHAND\|CLONE_PARENT[ ,)<]/)
		return 1
	return call ~ /^prctl\(PR_SET_PDEATHSIG, SIGKILL/ || call ~ /^arch_prctl\(ARCH_[SG]ET_[FG]S,/
}
# Argument @n, the first is 0, is the descriptor of a host file.
function file(call, n, args)
{
	sub(/^[a-z0-9]*\(/, "", call)
	split(call, args, /, |[ )]/)
	return args[n + 1] >= 256 && args[n + 1] < 512
}
# The address, which is at most 12 digits long then, lies below the stub.
function below(call, a)
{
	a = call
	sub(/^[a-z]*\(/, "", a)
	sub(/,.*/, "", a)
	if (a == "NULL")
		return 1
	sub(/^0x/, "", a)
	while (length(a) < 12)
		a = "0" a
	return length(a) == 12 && a < "7fffe0000000"
}
function judge(pid)
{
	if (pending[pid] != "" && !allowed(pending[pid])) {
		print "not refused: " pending[pid]
		bad = 1
	}
	if (pending[pid] != "")
		passed++
	pending[pid] = ""
}
{
	pid = $1
	rest = substr($0, length($1) + 1)
	sub(/^ */, "", rest)
}
rest ~ /^munmap\(0x7fffe0080000, 524288/ { stub[pid] = 1 } # a child of the zygote leaves it
!stub[pid] || rest ~ /^<\.\.\./ { next }
rest ~ /^--- SIGSYS/ { pending[pid] = ""; refused++; next }
# Killed from outside between the call and its SIGSYS, as threads are when their process ends: nobody knows what would have come.
rest ~ /^\+\+\+ killed by SIGKILL/ && pending[pid] ~ /<unfinished/ && !allowed(pending[pid]) { cut++; pending[pid] = ""; next }
rest ~ /^(---|\+\+\+)/ { judge(pid); next }
{ judge(pid); pending[pid] = rest }
END {
	for (pid in pending)
		judge(pid)
	print refused + 0, "refused,", passed + 0, "passed,", cut + 0, "cut short"
	if (refused < 900 || passed < 1000 || cut > 5) {
		print "this cannot be all of it"
		bad = 1
	}
	exit bad
}' log
