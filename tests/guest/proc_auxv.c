/* The auxiliary vector: which entries there are, that they are true, and that /proc/self/auxv has the same. */
/* musl */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include "show.h"

int main(int argc, char **argv, char **envp)
{
	static Elf64_auxv_t file[64];
	Elf64_auxv_t *v;
	Elf64_Phdr *ph = (Elf64_Phdr *)getauxval(AT_PHDR);
	const char *strings = argv[0];
	int fd, n = 0, same = 1, loads = 0, twice = 0;
	unsigned long seen = 0;
	ssize_t got;

	(void)argc;
	while (*envp++)
		;
	v = (Elf64_auxv_t *)envp;
	SHOW(((unsigned long)(v) & 7) == 0);
	for (; v[n].a_type; n++)
		if (v[n].a_type < 64) {
			twice += (seen >> v[n].a_type) & 1;
			seen |= 1ul << v[n].a_type;
		}
	SHOW(twice);
	for (int t = 1; t < 40; t++)
		if (t != AT_SYSINFO_EHDR && t != 27 && t != 28 && t != 29 && (seen >> t & 1))
			printf("has %d\n", t);
	fd = open("/proc/self/auxv", O_RDONLY);
	got = read(fd, file, sizeof(file));
	SHOW(got >= (n + 1) * 16 && got % 16 == 0);
	for (int i = 0; i <= n; i++)
		same &= v[i].a_type == file[i].a_type && v[i].a_un.a_val == file[i].a_un.a_val;
	SHOW(same);
	SHOW(getauxval(AT_PAGESZ));
	SHOW(getauxval(AT_CLKTCK));
	SHOW(getauxval(AT_PHENT));
	SHOW(getauxval(AT_FLAGS));
	SHOW(getauxval(AT_SECURE));
	SHOW(getauxval(AT_UID) == getuid() && getauxval(AT_EUID) == geteuid());
	SHOW(getauxval(AT_GID) == getgid() && getauxval(AT_EGID) == getegid());
	printf("%s\n", (char *)getauxval(AT_PLATFORM));
	SHOW(strcmp((char *)getauxval(AT_EXECFN), argv[0]));
	SHOW(getauxval(AT_EXECFN) > (unsigned long)strings);
	for (unsigned i = 0; i < getauxval(AT_PHNUM); i++)
		loads += ph[i].p_type == PT_LOAD;
	SHOW(loads > 1);
	SHOW(getauxval(AT_MINSIGSTKSZ) >= 1024);
	SHOW(getauxval(AT_HWCAP) != 0);
	SHOW(memcmp((void *)getauxval(AT_RANDOM), "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16) != 0);
	SHOW(getauxval(AT_ENTRY) != 0);
	SHOW(memcmp((void *)getauxval(AT_SYSINFO_EHDR), ELFMAG, SELFMAG));
	SHOW(getauxval(1000));
	return 0;
}
