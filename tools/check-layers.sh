#!/bin/sh
# Checks of the layers and of the compiled entries. Called by make with O, CC, KFLAGS, UFLAGS, SAN, KERNEL_OBJ, NET_OBJ and
# UM_OBJ in the environment. Each check is also run on a bad sample, on which it must fail: a check that cannot fail is
# a failure itself. Prints "layers: N passed, M failed".

passed=0 failed=0
tmp=$(mktemp -d "${TMPDIR:-/tmp}/umk-layers-XXXXXX")
trap 'rm -rf "$tmp"' EXIT

# allowed SYMBOL FILE: does a pattern of the file match?
allowed() {
	while read -r pattern; do
		case $pattern in ''|'#'*) continue ;; esac
		# shellcheck disable=SC2254
		case $1 in $pattern) return 0 ;; esac
	done <"$2"
	return 1
}

undefined_of() { nm -u "$@" | awk '$1 == "U" { print $2 }' | sort -u; }
defined_of() { nm --defined-only -g "$@" | awk 'NF == 3 { print $3 }' | sort -u; }

# symbols OBJECT...: what they want from outside is in the allow list.
symbols() {
	undefined_of "$@" >"$tmp/undefined"
	defined_of "$@" >"$tmp/defined"
	bad=0
	for s in $(comm -23 "$tmp/undefined" "$tmp/defined"); do
		allowed "$s" tools/host-symbols.txt && continue
		echo "$s is neither of kernel/ and net/ nor in tools/host-symbols.txt; wanted by:" $(nm -A -u "$@" |
			awk -v s="$s" '$NF == s { sub(/:.*/, "", $1); print $1 }')
		bad=1
	done
	return $bad
}

# kernel_to_net KERNEL-OBJECTS NET-OBJECTS (two words): kernel/ takes nothing of net/ but what is listed.
kernel_to_net() {
	undefined_of $1 >"$tmp/undefined"
	defined_of $2 >"$tmp/defined"
	bad=0
	for s in $(comm -12 "$tmp/undefined" "$tmp/defined"); do
		allowed "$s" tools/net-symbols.txt && continue
		echo "kernel/ uses $s of net/"
		bad=1
	done
	return $bad
}

# headers FLAGS DIR FILE...: each compiles alone.
headers() {
	flags=$1
	shift
	bad=0
	for h in "$@"; do
		case $h in /*) ;; *) h=$PWD/$h ;; esac
		echo "#include \"$h\"" >"$tmp/alone.c"
		$CC $flags -Wno-unused -fsyntax-only "$tmp/alone.c" 2>"$tmp/err" || {
			echo "$h does not compile alone:"
			head -n 5 "$tmp/err"
			bad=1
		}
	done
	return $bad
}

# prerequisites FILE.d...: the files they name, one a line, as "FILE.d PREREQUISITE"
prerequisites() {
	for d in "$@"; do
		[ -f "$d" ] && sed -e 's/\\$//' -e 's/^[^:]*://' "$d" | tr ' ' '\n' | sed -n "s|^\(..*\)|$d \1|p"
	done
}

# freestanding_includes FILE.d...: compiler's headers, include/, own layer, staged uapi; never libc, asm/ptrace.h.
freestanding_includes() {
	prerequisites "$@" | awk -v O="$O" -v gcc="$($CC -print-file-name=include)" '
		{ f = $2 }
		f ~ /asm\/ptrace\.h$/ { bad = 1; print $1 " includes asm/ptrace.h"; next }
		index(f, gcc) == 1 || f ~ /^include\// || f ~ /^(kernel|net)\// { next }
		f ~ /^\/usr\/include\/(linux|asm-generic|([a-z0-9_]+-linux-gnu\/)?asm)\// { next } # what $O/uapi links to
		index(f, O "/uapi/") == 1 || index(f, O "/gen/") == 1 || f ~ /\/stdc-predef\.h$/ { next }
		{ bad = 1; print $1 " includes " f }
		END { exit bad }'
}

# kernel_includes FILE.d...: kernel/ sees no header of net/, neither there nor in include/.
kernel_includes() {
	prerequisites "$@" | awk '
		$2 ~ /^net\// || $2 ~ /^include\/(net|skbuff)\.h$/ { bad = 1; print $1 " includes " $2 }
		END { exit bad }'
}

# um_includes FILE.d...: of include/, um/ sees the waist and what the waist is made of.
um_includes() {
	prerequisites "$@" | awk '
		$2 ~ /^include\// && $2 !~ /^include\/(types|ptrace|trap|host)\.h$/ { bad = 1; print $1 " includes " $2 }
		$2 ~ /^(kernel|net)\// { bad = 1; print $1 " includes " $2 }
		END { exit bad }'
}

# relocations OBJECT...: none refers to an entry.
relocations() {
	bad=0
	for o in "$@"; do
		readelf -rW "$o" | awk -v o="$o" '
			/^Relocation section/ { debug = /\.debug/ }
			!debug && $5 ~ /^(__x64_sys_|__ia32_sys_|__ia32_compat_sys_)/ { bad = 1; print o " refers to " $5 }
			END { exit bad }' || bad=1
	done
	return $bad
}

# entries OBJECT...: recv and recvfrom have at most 7 instructions, an entry of n arguments at most n + 3. The number of
# arguments comes from the metadata's object, in tools/nargs.
entries() {
	awk '/^[ \t]*(COMPAT_)?SYSCALL_DEFINE[0-6]\(/ {
		n = $0; sub(/.*SYSCALL_DEFINE/, "", n)
		name = n; sub(/^[0-6]\(/, "", name); sub(/[,)].*/, "", name)
		print (($0 ~ /COMPAT_SYSCALL/) ? "compat_sys_" : "sys_") name, substr(n, 1, 1)
	}' $(find ${ENTRY_SOURCES:-kernel net} -name '*.c') >"$tmp/nargs"
	objdump -d --no-show-raw-insn "$@" | awk -v nargs="$tmp/nargs" '
		BEGIN { while ((getline line < nargs) > 0) { split(line, f, " "); n[f[1]] = f[2] } }
		function finish(limit) {
			if (name == "") return
			seen++
			key = name; sub(/^__(x64|ia32)_/, "", key)
			if (!(key in n)) { print name ": no definition found"; bad = 1; return }
			limit = n[key] + 3
			if (name == "__x64_sys_recv" || name == "__x64_sys_recvfrom") limit = 7
			if (count > limit) { print name ": " count " instructions, at most " limit; bad = 1 }
		}
		/^[0-9a-f]+ <.*>:$/ {
			finish()
			name = $2; gsub(/[<>:]/, "", name)
			if (name !~ /^__(x64_sys|ia32_sys|ia32_compat_sys)_[a-z0-9_]+$/) name = ""
			count = 0; ended = 0
			next
		}
		name != "" && /^ *[0-9a-f]+:/ {
			pad = $2 ~ /^(nop|nopw|nopl|xchg|data16|cs|int3)$/
			if (ended && pad) next
			count++
			ended = $2 ~ /^(ret|jmp)/
		}
		END { finish(); if (!seen) { print "no entries"; bad = 1 }; exit bad }'
}

# expect NAME COMMAND...: the check on the real thing.
expect() {
	name=$1
	shift
	if "$@" >"$tmp/out" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name"
		cat "$tmp/out"
	fi
}

# expect_bad NAME COMMAND...: the check on a bad sample.
expect_bad() {
	name=$1
	shift
	if "$@" >"$tmp/out" 2>&1; then
		failed=$((failed + 1))
		echo "FAIL $name: accepts a bad sample"
	else
		passed=$((passed + 1))
	fi
}

sample() { # sample NAME TEXT: compiles a sample
	printf '%s\n' "$2" >"$tmp/$1.c"
	$CC -O2 -fcf-protection=none -c -o "$tmp/$1.o" "$tmp/$1.c"
}

deps() { for o in "$@"; do case $o in *.o) echo "${o%.o}.d" ;; esac; done; }

table=$O/gen/syscall_table.o
others=$(for o in $KERNEL_OBJ $NET_OBJ; do [ "$o" = "$table" ] || echo "$o"; done)

expect symbols symbols $KERNEL_OBJ $NET_OBJ
sample printf 'int printf(const char *, ...); void f(void) { printf("x"); printf("%d", 1); }'
expect_bad symbols symbols $KERNEL_OBJ $NET_OBJ "$tmp/printf.o"

expect kernel-to-net kernel_to_net "$(echo $KERNEL_OBJ | sed "s|$table||")" "$NET_OBJ"
sample calls 'void net_secret(void); void f(void) { net_secret(); }'
sample secret 'void net_secret(void); void net_secret(void) { }'
expect_bad kernel-to-net kernel_to_net "$tmp/calls.o" "$tmp/secret.o"

expect headers headers "$KFLAGS" include/*.h $(find kernel net -name '*.h')
expect headers-um headers "$UFLAGS" $(ls um/*.h)
echo 'static inline int f(struct nowhere *p) { return p->x; }' >"$tmp/bad.h"
expect_bad headers headers "$KFLAGS" "$tmp/bad.h"

expect includes freestanding_includes $(deps $KERNEL_OBJ $NET_OBJ)
expect includes-kernel kernel_includes $(deps $KERNEL_OBJ)
expect includes-um um_includes $(deps $UM_OBJ)
echo "x.o: kernel/x.c /usr/include/stdio.h" >"$tmp/libc.d"
echo "x.o: kernel/x.c $O/uapi/asm/ptrace.h" >"$tmp/ptrace.d"
echo "x.o: kernel/x.c net/unix/unix.h" >"$tmp/net.d"
echo "x.o: um/x.c include/sched.h" >"$tmp/um.d"
expect_bad includes freestanding_includes "$tmp/libc.d"
expect_bad includes freestanding_includes "$tmp/ptrace.d"
expect_bad includes-kernel kernel_includes "$tmp/net.d"
expect_bad includes-um um_includes "$tmp/um.d"

expect relocations relocations $others
sample reloc 'long __x64_sys_x(const void *); long f(void *p) { return __x64_sys_x(p) + 1; }'
expect_bad relocations relocations "$tmp/reloc.o"

if [ -z "$SAN" ]; then
	expect entries entries $others
	sample long 'long h(long); long __x64_sys_long(const long *r); long __x64_sys_long(const long *r) { return h(r[1]) * 3 + r[2] * 5 + r[4]; }'
	echo 'SYSCALL_DEFINE1(long, int, a)' >"$tmp/define.c"
	ENTRY_SOURCES=$tmp expect_bad entries entries "$tmp/long.o"
fi

# The generator refuses what it must.
gen() { awk -f tools/gen-table.awk "$1"; }
expect table gen kernel/syscall.tbl
printf 'read\t0\t3\t-\t-\tabsent\nrade\t0\t4\t-\t-\tabsent\n' >"$tmp/dup.tbl"
expect_bad table gen "$tmp/dup.tbl"
printf 'read\t0\t3\tsys_read\t-\tabsent\n' >"$tmp/status.tbl"
expect_bad table gen "$tmp/status.tbl"
# Every number that the headers know has a row.
rows() {
	for f in unistd_64:2 unistd_32:3; do
		awk -v col=${f#*:} 'FNR == NR { if ($1 !~ /^#/) row[$1] = $col; next }
			/^#define __NR_/ { n = $2; sub(/^__NR_/, "", n); if (row[n] != $3) { print "no row " n " " $3; bad = 1 } }
			END { exit bad }' "$1" "$O/uapi/asm/${f%:*}.h" || return 1
	done
}
expect rows rows kernel/syscall.tbl
expect_bad rows rows "$tmp/dup.tbl"

# Constants and structures as glibc has them.
abi() { sh tools/check-abi.sh "$@"; }
expect abi abi
expect_bad abi abi bad

echo "layers: $passed passed, $failed failed"
[ $failed = 0 ]
