# configure and make -j2 of GNU sed as Debian has it, and of a generated project of 150 files: the objects are the host's.
set -e
tar xf "$SOURCES"/sed_*.orig.tar.xz
cd sed-*
FORCE_UNSAFE_CONFIGURE=1 ./configure --disable-dependency-tracking >configure.out 2>&1
echo "= configure: $(grep -c '^checking' configure.out) checks, config.h $(sha256sum <config.h)"
make -j2 sed/sed >make.out 2>&1
find . -name '*.o' | sort | while read -r object; do
	echo "= $object $(sha256sum <"$object")"
done
echo "= sed $(sha256sum <sed/sed)"

mkdir ../many && cd ../many
cat >configure <<'END'
#!/bin/sh
for f in unistd.h sys/epoll.h sys/event.h no/such.h; do
	name=$(echo HAVE_$f | tr a-z/. A-Z__)
	if echo "#include <$f>" | gcc -E - >/dev/null 2>&1; then echo "#define $name 1"; else echo "/* no $name */"; fi
done >config.h
END
sh configure
objects=
for i in $(seq 150); do
	{
		echo '#include "config.h"'
		echo '#include <stdio.h>'
		echo '#include <unistd.h>'
		echo "int f$i(int x) { char b[64]; return x + snprintf(b, sizeof b, \"%d %s\", x * $i, __FILE__) + (int)sizeof(long[$i]); }"
	} >f$i.c
	objects="$objects f$i.o"
done
{
	echo '#include <stdio.h>'
	for i in $(seq 150); do echo "int f$i(int);"; done
	echo 'int main(void) { long n = 0;'
	for i in $(seq 150); do echo "n += f$i($i);"; done
	printf '%s\n' 'return printf("%ld\n", n) < 0; }' # echo may make a newline of \n
} >main.c
printf 'OBJ = %s main.o\nprog: $(OBJ)\n\tgcc -o $@ $(OBJ)\n%%.o: %%.c config.h\n\tgcc -O2 -g -c -o $@ $<\n' "$objects" >Makefile
make -s -j2
echo "= 151 objects: $(cat $(ls *.o | sort) | sha256sum), program says $(./prog)"
touch config.h
echo "= make sees what is new: $(make -n | grep -c 'gcc -O2')"
