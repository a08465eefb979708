# sqlite3: 100,000 inserts in WAL mode, readers beside them, and writers killed: no committed row is lost.
set -e
cat >load.py <<'END'
import sqlite3, sys
db = sqlite3.connect("big.db", isolation_level=None)
print("= journal", db.execute("pragma journal_mode=wal").fetchone()[0])
db.execute("create table t (id integer primary key, text)")
for base in range(0, 100000, 1000):
    db.execute("begin")
    db.executemany("insert into t values (?, ?)", ((i, "row %d" % i) for i in range(base, base + 1000)))
    db.execute("commit")
    if base == 50000:
        other = sqlite3.connect("file:big.db?mode=ro", uri=True)
        print("= a reader beside it sees", other.execute("select count(*), sum(id) from t").fetchone())
print("= rows", db.execute("select count(*), sum(id), max(text) from t").fetchone())
print("= check", db.execute("pragma integrity_check").fetchone()[0])
print("= checkpoint", db.execute("pragma wal_checkpoint(truncate)").fetchone())
END
python3 load.py
python3 -c 'import sqlite3; db = sqlite3.connect("big.db"); print("= dump", __import__("hashlib").sha256("\n".join(db.iterdump()).encode()).hexdigest())'

cat >writer.py <<'END'
import os, sqlite3, sys
db = sqlite3.connect("killed.db", isolation_level=None, timeout=60)
db.execute("pragma journal_mode=wal")
db.execute("pragma synchronous=full")
db.execute("create table if not exists t (id integer primary key)")
while True:
    n = db.execute("select coalesce(max(id), 0) + 1 from t").fetchone()[0]
    db.execute("insert into t values (?)", (n,))
    os.write(1, b"%d\n" % n)
END
cat >check.py <<'END'
import sqlite3
acked = 0
for n in open("acked").read().split("\n")[:-1]:
    acked = max(acked, int(n))
db = sqlite3.connect("killed.db", timeout=60)
rows = [r[0] for r in db.execute("select id from t order by id")]
if rows != list(range(1, len(rows) + 1)) or len(rows) < acked or db.execute("pragma integrity_check").fetchone()[0] != "ok":
    print("lost: %d acknowledged, %d there, first %s" % (acked, len(rows), rows[:3]))
    raise SystemExit(1)
END
for round in 1 2 3 4 5 6 7 8 9 10; do
	[ -e acked ] || : >acked
	before=$(wc -l <acked)
	python3 writer.py >>acked &
	while [ "$(wc -l <acked)" -lt $((before + 3)) ]; do sleep 0.05; done
	sleep "0.$((round * 37 % 10))"
	kill -9 $!
	wait $! || true
	python3 check.py
done
echo "= killed ten times, nothing is lost"
