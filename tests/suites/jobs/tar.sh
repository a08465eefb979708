# tar with extended attributes, sparse files, hard links, long names, incremental archives; cpio and zip beside it.
set -e
mkdir -p tree/sub
cd tree
for i in $(seq 200); do echo "file $i" >sub/f$i; done
setfattr -n user.colour -v blue sub/f1
setfattr -n user.empty sub/f2
setfattr -n user.long -v "$(printf '%01000d' 7)" sub/f3
setfattr -n user.dir -v yes sub
truncate -s 50M sparse
printf data | dd of=sparse bs=1 seek=30000000 conv=notrunc 2>/dev/null
ln sub/f4 hard
ln -s sub/f5 soft
ln -s nowhere dangling
mkfifo fifo
chmod 6755 sub/f6
chmod 1777 sub
mkdir "$(printf 'n%.0s' $(seq 200))"
echo deep >"$(printf 'n%.0s' $(seq 200))/$(printf 'm%.0s' $(seq 200))"
find . -exec touch -h -d '2021-03-04 05:06:07.123456789' {} +
cd ..
show() {
	(cd "$1" && find . -printf '%p %y %m %U:%G %n %s %l %T@\n' | sed '/ d /s/ [0-9]*  1614/  1614/' | sort | sha256sum)
	(cd "$1" && getfattr -R -d -m - --absolute-names . | sha256sum)
	(cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
}
tar --xattrs --xattrs-include='*' --sparse --format=posix --sort=name -cf a.tar -C tree .
echo "= archive: $(tar --xattrs -tvvf a.tar | sort | sha256sum)"
mkdir out && tar --xattrs --xattrs-include='*' -xpf a.tar -C out
show out | sed 's/^/= /'
[ "$(stat -c %b out/sparse)" -lt 1000 ] && echo "= sparse as it was"
mkdir gz && tar -cz -C tree . | tar -xz -C gz
echo "= through gzip $(cd gz && find . | wc -l)"
tar -c -g snapshot -f full.tar tree 2>/dev/null
sleep 1.1
echo new >tree/sub/new
tar -c -g snapshot -f step.tar tree 2>/dev/null
echo "= incremental: $(tar -tf step.tar | grep -v '/$' | tr '\n' ' ')"
find tree -exec touch -h -d '2021-03-04 05:06:07.123456789' {} +
cp -a tree copied
show copied | sed 's/^/= copied /'
