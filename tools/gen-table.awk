# Makes the C tables of system calls from kernel/syscall.tbl.
#
# Refuses a duplicate name or number, a malformed row, an entry without a number, a status that is unknown or that
# disagrees with the entry. A body that is missing is found by the linker.

function fail(text)
{
	printf "%s:%d: %s\n", FILENAME, FNR, text > "/dev/stderr"
	failed = 1
}

BEGIN { max64 = max32 = -1 }
/^[ \t]*(#|$)/ { next }
{
	name = $1; nr = $2; nr32 = $3; entry = $4; entry32 = $5; status = $6
	if (NF < 6) { fail("a row has at least 6 columns"); next }
	if (name !~ /^[a-z_][a-z0-9_]*$/) fail("bad name " name)
	if (name in names) fail("duplicate name " name)
	names[name] = 1
	if (nr !~ /^([0-9]+|-)$/ || nr32 !~ /^([0-9]+|-)$/) { fail("bad number in " name); next }
	if (nr == "-" && nr32 == "-") fail(name " has no number")
	if (status !~ /^(absent|refused)$/ && status != "partial" && status != "full") fail("bad status " status " of " name)
	if ((status ~ /^(absent|refused)$/) != (entry == "-" && entry32 == "-")) fail("status " status " of " name " disagrees with its entries")
	if (status == "partial" && NF < 7) fail("partial " name " must say what is missing")
	if (status == "refused" && NF < 7) fail("refused " name " must say as which Linux")
	if (status == "refused" && nr != "-") refused[nr + 0] = 1
	if (entry != "-" && entry !~ /^sys_[a-z0-9_]+$/) fail("bad entry " entry)
	if (entry32 != "-" && entry32 !~ /^(compat_)?sys_[a-z0-9_]+$/) fail("bad i386 entry " entry32)
	if (entry != "-" && nr == "-") fail(name " has an entry but no x86-64 number")
	if (entry32 != "-" && nr32 == "-") fail(name " has an i386 entry but no i386 number")
	if (nr != "-") {
		nr += 0
		if (nr in by64) fail("duplicate x86-64 number " nr ": " by64[nr] " and " name)
		by64[nr] = name; entry64[nr] = entry
		if (nr > max64) max64 = nr
	}
	if (nr32 != "-") {
		nr32 += 0
		if (nr32 in by32) fail("duplicate i386 number " nr32 ": " by32[nr32] " and " name)
		by32[nr32] = name; entry_32[nr32] = entry32
		if (nr32 > max32) max32 = nr32
	}
}
END {
	if (max64 >= 512 || max32 >= 512) fail("a number is not below NR_SYSCALLS_MAX")
	if (failed) exit 1
	print "/* Made by tools/gen-table.awk from kernel/syscall.tbl. */"
	print "#include \"syscalls.h\"\n"
	for (i = 0; i <= max64; i++)
		if ((i in by64) && entry64[i] != "-" && !(entry64[i] in seen)) {
			seen[entry64[i]] = 1
			printf "long __x64_%s(const struct pt_regs *regs);\n", entry64[i]
			printf "extern const struct syscall_metadata syscall_meta_%s;\n", substr(entry64[i], 5)
		}
	for (i = 0; i <= max32; i++)
		if ((i in by32) && entry_32[i] != "-" && !(("32" entry_32[i]) in seen)) {
			seen["32" entry_32[i]] = 1
			printf "long __ia32_%s(const struct pt_regs *regs);\n", entry_32[i]
		}
	print "\nconst syscall_fn sys_call_table[] = {"
	for (i = 0; i <= max64; i++)
		if ((i in by64) && entry64[i] != "-")
			printf "\t[%d] = __x64_%s,\n", i, entry64[i]
	printf "\t[%d] = NULL,\n};\n", max64 + 1
	printf "const unsigned sys_call_table_size = %d;\n", max64 + 1
	print "\nconst syscall_fn ia32_sys_call_table[] = {"
	for (i = 0; i <= max32; i++)
		if ((i in by32) && entry_32[i] != "-")
			printf "\t[%d] = __ia32_%s,\n", i, entry_32[i]
	printf "\t[%d] = NULL,\n};\n", max32 + 1
	printf "const unsigned ia32_sys_call_table_size = %d;\n", max32 + 1
	print "\nconst struct syscall_metadata *const syscall_metadata[NR_SYSCALLS_MAX] = {"
	for (i = 0; i <= max64; i++)
		if ((i in by64) && entry64[i] != "-")
			printf "\t[%d] = &syscall_meta_%s,\n", i, substr(entry64[i], 5)
	print "};\n\nconst bool syscall_refused[NR_SYSCALLS_MAX] = {"
	for (i = 0; i <= max64; i++)
		if (i in refused)
			printf "\t[%d] = true,\n", i
	print "};\n\nconst char *const syscall_names[NR_SYSCALLS_MAX] = {"
	for (i = 0; i <= max64; i++)
		if (i in by64)
			printf "\t[%d] = \"%s\",\n", i, by64[i]
	print "};"
}
