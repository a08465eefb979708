# 2 GB through pipes, with checksums; tee, split, sort and compressors on the way.
set -e
echo "= zeros $(dd if=/dev/zero bs=1M count=2048 2>/dev/null | cat | dd bs=64k 2>/dev/null | sha256sum)"
echo "= blocks $(dd if=/dev/zero bs=1M count=64 2>/dev/null | dd bs=4k iflag=fullblock 2>&1 >/dev/null | head -2 | tr '\n' ' ')"
seq 5000000 | tee copy | gzip -1 | gzip -d | md5sum >sum
echo "= through gzip $(cut -c1-32 <sum) $(md5sum <copy | cut -c1-32)"
echo "= sorted $(sort -rn -S 20M --parallel=2 copy | md5sum)"
split -b 7000000 copy part.
echo "= split $(ls part.* | wc -l) $(cat part.* | md5sum)"
echo "= xz $(head -c 8000000 copy | xz -1 -T2 | xz -d | md5sum)"
mkfifo fifo
cat copy >fifo &
echo "= fifo $(md5sum <fifo)"
wait
echo "= many writers $(for i in 1 2 3 4; do (seq 100000 | grep -v x) & done | tr -d '\\n' | wc -c)"
yes | head -n 3000000 | wc | sed 's/^/= yes /'
