/* Malformed and truncated ELF files of many kinds: which fail while the caller lives, which kill it, which run. The
 * program is built in memory: two segments, an exit with status 42. */
#include <elf.h>
#include <stddef.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "show.h"

#define BASE 0x10000000ul
static struct image {
	Elf64_Ehdr h;
	Elf64_Phdr p[5];
	char interp[32];
	unsigned char code[256];
} pattern, img;
static size_t size;
static mode_t mode = 0755;

static void make(void)
{
	/* mov $42,%edi; mov $231,%eax; syscall */
	static const unsigned char code[] = { 0xbf, 42, 0, 0, 0, 0xb8, 231, 0, 0, 0, 0x0f, 0x05 };
	struct image *m = &pattern;

	memcpy(m->h.e_ident, "\177ELF\2\1\1", 7);
	m->h.e_type = ET_EXEC;
	m->h.e_machine = EM_X86_64;
	m->h.e_version = 1;
	m->h.e_entry = BASE + offsetof(struct image, code);
	m->h.e_phoff = sizeof(Elf64_Ehdr);
	m->h.e_ehsize = sizeof(Elf64_Ehdr);
	m->h.e_phentsize = sizeof(Elf64_Phdr);
	m->h.e_phnum = 2;
	m->p[0] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = BASE, .p_paddr = BASE,
		.p_filesz = sizeof(*m), .p_memsz = sizeof(*m), .p_align = 4096 };
	m->p[1] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_vaddr = BASE + 0x10000,
		.p_filesz = 0x10, .p_memsz = 0x3000, .p_align = 4096 };
	memcpy(m->code, code, sizeof(code));
}

static void run(const char *what)
{
	struct rlimit no_core = { 0, 0 };
	char *argv[] = { "x", NULL };
	int fd, status;
	pid_t pid;

	unlink("prog");
	fd = open("prog", O_WRONLY | O_CREAT | O_TRUNC, 0700);
	write(fd, &img, size < sizeof(img) ? size : sizeof(img));
	if (size > sizeof(img))
		ftruncate(fd, (off_t)size);
	fchmod(fd, mode);
	close(fd);
	printf("%s: ", what);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		setrlimit(RLIMIT_CORE, &no_core);
		execve("prog", argv, argv + 1);
		printf("%s ", errno_name(errno));
		fflush(stdout);
		_exit(100);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status))
		printf("exit %d\n", WEXITSTATUS(status));
	else
		printf("signal %d\n", WTERMSIG(status));
	fflush(stdout);
}

#define TRY(...) do { img = pattern; size = sizeof(img); __VA_ARGS__; run(#__VA_ARGS__); } while (0)
#define INTERP(name, len) ((void)(img.p[1] = (Elf64_Phdr){ .p_type = PT_INTERP, .p_offset = offsetof(struct image, interp), \
	.p_filesz = len }), (void)strcpy(img.interp, name))

int main(void)
{
	make();
	TRY((void)0);
	for (size_t n = 0; n <= sizeof(img); n += n < 8 ? 1 : 15) {
		char text[32];

		img = pattern;
		size = n;
		snprintf(text, sizeof(text), "cut at %zu", n);
		run(text);
	}
	TRY(img.h.e_ident[0] = 0);
	TRY(img.h.e_ident[3] = 'f');
	TRY(img.h.e_ident[EI_CLASS] = ELFCLASS32);
	TRY(img.h.e_ident[EI_DATA] = ELFDATA2MSB);
	TRY(img.h.e_ident[EI_VERSION] = 9);
	TRY(img.h.e_ident[EI_OSABI] = 77);
	TRY(img.h.e_version = 5);
	TRY(img.h.e_type = ET_NONE);
	TRY(img.h.e_type = ET_REL);
	TRY(img.h.e_type = ET_CORE);
	TRY(img.h.e_type = 0xff00);
	TRY(img.h.e_machine = EM_AARCH64);
	TRY(img.h.e_machine = 0);
	TRY(img.h.e_ehsize = 1);
	TRY(img.h.e_phentsize = 0);
	TRY(img.h.e_phentsize = 57);
	TRY(img.h.e_phnum = 0);
	TRY(img.h.e_phnum = 1);
	TRY(img.h.e_phnum = 1170);
	TRY(img.h.e_phnum = 1171);
	TRY(img.h.e_phnum = 0xffff);
	TRY(img.h.e_phoff = 1);
	TRY(img.h.e_phoff = 1ul << 63);
	TRY(img.h.e_phoff = ~0ul);
	TRY(img.h.e_phoff = sizeof(img));
	TRY(img.h.e_phoff = 1ul << 40);
	TRY(img.h.e_shoff = ~0ul, img.h.e_shnum = 0xffff, img.h.e_shentsize = 3);
	TRY(img.h.e_entry = 0);
	TRY(img.h.e_entry = ~0ul);
	TRY(img.h.e_entry = 1ul << 47);
	TRY(img.h.e_entry = BASE + 0x10000);
	TRY(img.p[0].p_type = PT_NULL);
	TRY(img.p[0].p_type = PT_NULL, img.p[1].p_type = PT_NULL);
	TRY(img.p[0].p_flags = PF_R);
	TRY(img.p[0].p_flags = 0);
	TRY(img.p[0].p_flags = PF_R | PF_W | PF_X);
	TRY(img.p[0].p_offset = 8);
	TRY(img.p[0].p_offset = 4096);
	TRY(img.p[0].p_offset = ~0xffful);
	TRY(img.p[0].p_offset = 1ul << 62);
	TRY(img.p[0].p_vaddr = 0);
	TRY(img.p[0].p_vaddr = BASE + 8);
	TRY(img.p[0].p_vaddr = 1ul << 47);
	TRY(img.p[0].p_vaddr = ~0ul);
	TRY(img.p[0].p_vaddr = ~0xffful);
	TRY(img.p[0].p_filesz = 0);
	TRY(img.p[0].p_filesz = 0, img.p[0].p_memsz = 0);
	TRY(img.p[0].p_filesz = 8192, img.p[0].p_memsz = 8192);
	TRY(img.p[0].p_memsz = 8);
	TRY(img.p[0].p_memsz = 1ul << 47);
	TRY(img.p[0].p_memsz = ~0ul);
	TRY(img.p[0].p_filesz = ~0ul, img.p[0].p_memsz = ~0ul);
	TRY(img.p[0].p_filesz = 1ul << 46, img.p[0].p_memsz = 1ul << 46);
	TRY(img.p[0].p_align = 3);
	TRY(img.p[0].p_align = 0);
	TRY(img.p[1].p_vaddr = BASE);
	TRY(img.p[1].p_vaddr = BASE + 0x800, img.p[1].p_offset = 0x800);
	TRY(img.p[1].p_vaddr = BASE - 0x10000);
	TRY(img.p[1].p_memsz = 1ul << 45);
	TRY(img.p[1].p_memsz = 0x8);
	TRY(img.p[1].p_filesz = 0);
	TRY(img.p[1].p_filesz = 0, img.p[1].p_memsz = 0);
	TRY(img.p[1].p_flags = PF_R);
	TRY(img.p[1].p_flags = 0);
	TRY(img.p[1].p_vaddr += 8);
	TRY(img.p[1].p_type = PT_GNU_STACK, img.p[1].p_flags = PF_R | PF_W | PF_X);
	TRY(img.p[1].p_type = 0x77777777);
	TRY(img.p[1].p_type = PT_LOPROC + 5);
	TRY(img.p[1].p_type = PT_PHDR, img.p[1].p_vaddr = 1);
	TRY(img.p[1].p_type = PT_TLS, img.p[1].p_memsz = ~0ul);
	TRY(img.p[1].p_type = PT_DYNAMIC, img.p[1].p_vaddr = 1ul << 63);
	TRY(img.p[1].p_type = PT_GNU_PROPERTY, img.p[1].p_filesz = 3);
	TRY(INTERP("/no/such/ld.so", 15));
	TRY(INTERP("/", 2));
	TRY(INTERP("/dev/null", 10));
	TRY(INTERP("", 1));
	TRY(INTERP("x", 0));
	TRY(INTERP("x", 1));
	TRY(INTERP("/no/such/ld.so", 14));
	TRY(INTERP("prog", 5));
	TRY(INTERP("/etc/passwd", 12));
	TRY(INTERP("/no/such/ld.so", 15), img.p[1].p_filesz = 4096);
	TRY(INTERP("/no/such/ld.so", 15), img.p[1].p_filesz = 4097);
	TRY(INTERP("/no/such/ld.so", 15), img.p[1].p_filesz = ~0ul);
	TRY(INTERP("/no/such/ld.so", 15), img.p[1].p_offset = ~0ul);
	TRY(INTERP("/no/such/ld.so", 15), img.p[1].p_offset = 1ul << 40);
	TRY(INTERP("/no/such/ld.so", 15), img.p[0].p_type = PT_NULL);
	TRY(img.h.e_type = ET_DYN);
	TRY(img.h.e_type = ET_DYN, img.p[0].p_align = 1 << 21);
	TRY(img.h.e_type = ET_DYN, img.p[0].p_vaddr = 0, img.p[1].p_vaddr = 0x10000, img.h.e_entry -= BASE);
	TRY(img.h.e_type = ET_DYN, img.p[1].p_vaddr = 1ul << 46);
	TRY(img.h.e_type = ET_DYN, img.p[0].p_filesz = 0);
	mode = 0111;
	TRY((void)0);
	mode = 0644;
	TRY((void)0);
	mode = 04755;
	TRY((void)0);
	return 0;
}
