# Prints the coverage table: name, status, what the tests exercised, note. Arguments, in this order: the errno headers
# (asm-generic/errno-base.h and errno.h), tools/errnos.txt, kernel/syscall.tbl, then coverage files ("number result").
# With -v check=1 prints only rows called full that are not, and a summary line.

FILENAME ~ /errno(-base)?\.h$/ {
	if ($1 == "#define" && $2 ~ /^E[A-Z0-9]+$/ && $3 ~ /^[0-9]+$/) errname[$3] = $2
	next
}
FILENAME ~ /errnos\.txt$/ {
	if ($1 == "" || $1 ~ /^#/) next
	if ($2 == "except") {
		if (NF < 4) { print FILENAME ": an exception of " $1 " without a reason"; failed++ }
		excepted[$1, $3] = 1
	} else {
		listed[$1] = 1
		for (i = 2; i <= NF; i++) want[$1] = want[$1] " " $i
	}
	next
}
FILENAME ~ /syscall\.tbl$/ {
	if ($1 == "" || $1 ~ /^#/) next
	rows++
	name[rows] = $1; status[rows] = $6; number[rows] = $2
	if ($2 != "-") by[$2] = $1
	note = $0
	for (i = 1; i <= 6; i++) sub(/^[^ \t]+[ \t]*/, "", note)
	notes[rows] = note
	next
}
NF == 2 && ($1 in by) {
	r = $2 == 0 ? "OK" : ($2 in errname) ? errname[$2] : "E" $2
	if (!((by[$1], r) in got)) {
		got[by[$1], r] = 1
		results[by[$1]] = r == "OK" ? "OK " results[by[$1]] : results[by[$1]] r " "
	}
}
END {
	for (i = 1; i <= rows; i++) {
		n = name[i]
		count[status[i]]++
		if (!check) printf "%-24s %-8s %-40s %s\n", n, status[i], results[n] == "" ? "-" : results[n], notes[i]
		if (status[i] != "full") continue
		if (!(n in listed)) {
			print n " is called full but tools/errnos.txt does not list its errors"
			failed++
			continue
		}
		k = split("OK" want[n], w, " ")
		lack = ""
		for (j = 1; j <= k; j++)
			if (!((n, w[j]) in got) && !((n, w[j]) in excepted)) lack = lack " " w[j]
		if (lack != "") { print n " is called full but the tests did not exercise:" lack; failed++ } else passed++
	}
	if (!check) printf "\n%d full, %d partial, %d refused, %d absent\n", count["full"], count["partial"], count["refused"],
		count["absent"]
	if (check) printf "coverage: %d passed, %d failed\n", passed + (failed ? 0 : 1), failed
	exit failed > 0
}
