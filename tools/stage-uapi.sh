#!/bin/sh
# Stages the folder of links through which freestanding code sees the kernel's uapi headers, and nothing else of
# /usr/include. Usage: stage-uapi.sh DIR
set -e
dir=$1
mkdir -p "$dir/sys"
inc=/usr/include
asm=$inc/$(gcc -print-multiarch 2>/dev/null)/asm
[ -d "$asm" ] || asm=$inc/asm
ln -sfn $inc/linux "$dir/linux"
ln -sfn $inc/asm-generic "$dir/asm-generic"
ln -sfn "$asm" "$dir/asm"
# A few uapi headers want libc's <sys/socket.h> for struct sockaddr: they get ours.
cat >"$dir/sys/socket.h" <<'H'
#if __has_include(<socket.h>)
#include <socket.h>
#endif
H
