# run: busybox sh @
seq 1 20000 | sort -rn | head -3
seq 1 100 | awk '{ s += $1 } END { print s }'
yes | head -1000 | wc -l
mkdir -p d/a d/b
for i in $(seq 40); do echo "file $i" >d/a/$i; cp d/a/$i d/b/x$i; done
find d -type f | xargs cat | sort | uniq -c | sort -rn | head -5
find d -name 'x1*' | sort
grep -rl 'file 7' d | sort
ls d/a | wc -l
tar cf t.tar d && tar tf t.tar | sort | md5sum
gzip -c t.tar | gunzip | cmp - t.tar && echo same
mkdir out && tar xf t.tar -C out && diff -r d out/d && echo "tar ok"
mv d/a d/c && ls d
ln -s c d/link && readlink d/link && cat d/link/3
rm -r d out && ls
dd if=/dev/zero bs=64k count=64 2>/dev/null | md5sum
dd if=/dev/zero of=big bs=1M count=3 2>/dev/null && stat -c %s big
printf 'a\0b' | od -c
