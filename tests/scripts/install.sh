#!/bin/sh
# make install into a staging directory, the man page against --help, and the completion in a bash.
cd "$(dirname "$0")/../.." || exit 2
dir=$(mktemp -d "${TMPDIR:-/tmp}/umk-install-XXXXXX")
trap 'rm -rf "$dir"' EXIT
fail() { echo "install: $1"; exit 1; }

${MAKE:-make} -s install DESTDIR="$dir" PREFIX=/opt/umk >/dev/null || fail "make install fails"
"$dir/opt/umk/bin/umk" --version >/dev/null || fail "the installed umk does not run"
[ "$(stat -c %a "$dir/opt/umk/share/man/man1/umk.1")" = 644 ] || fail "the man page has wrong permissions"
# every option of --help has an entry in the page, and the other way round
"$dir/opt/umk/bin/umk" --help | sed -n 's/^ *\(-[a-z], \)\{0,1\}--\([a-z]*\).*/\2/p' | sort >"$dir/help"
sed -e 's/\\-/-/g' tools/umk.1 | sed -n '/^\.SH OPTIONS/,/^\.SH EXIT/p' | sed -n '/^\.TP/{n;s/.*--\([a-z]*\).*/\1/p}' | sort >"$dir/page"
diff "$dir/help" "$dir/page" || fail "the man page and --help differ"
if command -v mandoc >/dev/null; then
	mandoc -Tlint -Wwarning tools/umk.1 || fail "mandoc finds fault"
elif command -v man >/dev/null; then
	warnings=$(LC_ALL=C man --warnings -l tools/umk.1 2>&1 >/dev/null)
	[ -z "$warnings" ] || fail "man warns: $warnings"
fi
complete_for() { # complete_for LINE...: what bash offers for the last word
	PATH=$dir/opt/umk/bin:$PATH bash -c '
		. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _umk 2>/dev/null; printf "%s\n" "${COMPREPLY[@]}"' \
		"$dir/opt/umk/share/bash-completion/completions/umk" "$@" | sort | tr '\n' ' '
}
[ "$(complete_for umk --trap=)" = "auto ptrace seccomp " ] || fail "--trap= offers $(complete_for umk --trap=)"
[ "$(complete_for umk --strac)" = "--strace " ] || fail "--strac offers $(complete_for umk --strac)"
case " $(complete_for umk bas) " in *" bash "*) ;; *) fail "programs are not offered" ;; esac
${MAKE:-make} -s uninstall DESTDIR="$dir" PREFIX=/opt/umk
[ -z "$(find "$dir/opt" -type f)" ] || fail "uninstall leaves files"
echo "install: passed"
