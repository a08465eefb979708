# run: /bin/sh @
# Ordinary tools in pipelines.
mkdir -p tree/a/b tree/c
for i in 1 2 3 4 5 6 7 8 9 10; do echo "line $i of $((i * 7))" >tree/a/f$i; done
cp tree/a/f? tree/a/b
ln -s ../a/f1 tree/c/link
find tree -type f | sort | xargs cat | sort -k4n | uniq -c | head -n 5
find tree -type f -print0 | xargs -0 -n 3 -P 4 wc -c | awk '/total/ { t += $1 } END { print t > 0 }'
find tree -name 'f*' -exec sh -c 'echo "$#"' x {} +
find tree -type l -exec readlink {} \;
awk 'BEGIN { while (("seq 5" | getline n) > 0) s += n; close("seq 5"); print s; print "to sort" | "sort"; close("sort"); system("exit 3"); printf "%.3f\n", sqrt(2) }'
seq 100000 | sort -R | sort -n | md5sum
seq 1000 | grep -c 7
seq 20 | sed -n '/5/,/9/p' | paste -sd,
tar cf - tree | tar tf - | sort | head -n 4
tar czf x.tgz tree && mkdir out && tar xzf x.tgz -C out && diff -r tree out/tree && echo same
dd if=/dev/zero bs=1M count=8 2>/dev/null | gzip -c | gunzip -c | cksum
mkfifo pipe
(cat pipe | tr a-z A-Z) &
echo through a fifo >pipe
wait
split -l 300 -d - part <<EOF
$(seq 1000)
EOF
ls part*
cat part* | cksum
(cd tree && ls -R) | head -n 6
date -u -d @0 +%Y-%m-%dT%H:%M:%S
env -i A=1 sh -c 'echo $A $B'
nice -n 5 nice
nohup sh -c 'echo nohup' 2>/dev/null
stat -c '%s %F' tree/a/f1 tree
touch -d @1000000000 tree/a/f1 && stat -c %Y tree/a/f1
chmod 640 tree/a/f1 && stat -c %a tree/a/f1
cmp tree/a/f1 tree/a/b/f1 && echo equal
rm -r tree && ls
