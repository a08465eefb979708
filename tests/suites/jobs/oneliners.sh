# perl and node.
set -e
perl -e 'print "= ", join(" ", map { $_ * $_ } 1 .. 10), "\n"'
perl -MSocket -MIO::Handle -e 'socketpair(A, B, AF_UNIX, SOCK_STREAM, PF_UNSPEC); A->autoflush; if (!fork) { print B "child\n"; exit 7 } print "= ", scalar <A>; wait; print "= status ", $? >> 8, "\n"'
perl -MPOSIX -e '$SIG{ALRM} = sub { print "= alarm\n"; exit }; alarm 1; sleep 10 while 1'
perl -e 'open(F, "-|", "ls", "/usr/lib") or die; my @l = <F>; print "= ", scalar(@l), "\n"'
perl -MFile::Find -e 'my $n = 0; find(sub { $n++ }, "/usr/share/perl"); print "= found $n\n"'
perl -MDigest::SHA=sha1_hex -e 'print "= ", sha1_hex("x" x 10000000), "\n"'
perl -Mthreads -e 'my @t = map { threads->create(sub { $_[0] ** 2 }, $_) } 1 .. 5; print "= ", join(" ", map { $_->join } @t), "\n"'
node -e 'console.log("=", [1, 2, 3].map(x => x * 2).join(), process.argv.length, process.cwd().split("/").pop())'
node -e 'const fs = require("fs"); fs.writeFileSync("n", "hello"); fs.appendFileSync("n", " world"); console.log("=", fs.readFileSync("n", "utf8"), fs.statSync("n").size); fs.promises.readdir(".").then(l => console.log("=", l.includes("n")))'
node -e 'require("child_process").exec("echo from a shell; exit 3", (e, out) => console.log("=", out.trim(), e.code))'
node -e 'const h = require("http"); const s = h.createServer((q, r) => r.end("path " + q.url)).listen(0, "127.0.0.1", () => h.get({port: s.address().port, path: "/x"}, r => { let t = ""; r.on("data", d => t += d); r.on("end", () => { console.log("=", r.statusCode, t); s.close() }) }))'
node -e 'const {Worker} = require("worker_threads"); const w = new Worker("require(\"worker_threads\").parentPort.postMessage(6 * 7)", {eval: true}); w.on("message", m => console.log("= worker", m))'
node -e 'const z = require("zlib"), c = require("crypto"); const b = Buffer.alloc(1 << 22, "abc"); console.log("=", c.createHash("sha256").update(z.gunzipSync(z.gzipSync(b))).digest("hex"))'
node -e 'const fs = require("fs"); const w = fs.watch(".", (e, f) => { if (f === "seen") { console.log("= watch", f); w.close() } }); setTimeout(() => fs.writeFileSync("seen", ""), 50)'
node -e 'setTimeout(() => console.log("= timer"), 20); setImmediate(() => console.log("= immediate")); process.nextTick(() => console.log("= tick"))'
node -e 'process.on("SIGTERM", () => { console.log("= term"); process.exit(0) }); process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 1000)'
node -e 'process.stdout.write("= stdin " + require("fs").readFileSync(0, "utf8").length + "\n")' </etc/passwd
