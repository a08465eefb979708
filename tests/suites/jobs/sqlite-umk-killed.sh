# The same with umk itself killed in the middle.
# outside
cat >writer.py <<'END'
import os, sqlite3
db = sqlite3.connect("killed.db", isolation_level=None, timeout=60)
db.execute("pragma journal_mode=wal")
db.execute("pragma synchronous=full")
db.execute("create table if not exists t (id integer primary key)")
while True:
    n = db.execute("select coalesce(max(id), 0) + 1 from t").fetchone()[0]
    db.execute("insert into t values (?)", (n,))
    os.write(1, b"%d\n" % n)
END
for round in $(seq 15); do
	[ -e acked ] || : >acked
	before=$(wc -l <acked)
	$GUEST python3 writer.py >>acked &
	while [ "$(wc -l <acked)" -lt $((before + 3)) ]; do sleep 0.05; done
	sleep "0.$(printf %02d $((round * 37 % 100)))"
	kill -9 $!
	wait $! 2>/dev/null
	python3 - <<'END' || exit 1
import sqlite3
acked = max((int(n) for n in open("acked").read().split("\n")[:-1]), default=0)
db = sqlite3.connect("killed.db", timeout=60)
rows = [r[0] for r in db.execute("select id from t order by id")]
if rows != list(range(1, len(rows) + 1)) or len(rows) < acked or db.execute("pragma integrity_check").fetchone()[0] != "ok":
    print("lost: %d acknowledged, %d there, first %s" % (acked, len(rows), rows[:3]))
    raise SystemExit(1)
END
done
[ "$(tail -n1 acked)" -gt 15 ] || exit 1
echo "= killed fifteen times, nothing is lost"
