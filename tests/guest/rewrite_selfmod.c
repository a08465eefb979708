// Code that a program writes itself: the same address holds different calls in turn, in writable-and-executable memory and
// in a private file mapping that is made writable; the program reads back just what it wrote, or what the file holds.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef long (*fn)(void);

static void emit(uint8_t *p, uint32_t nr)
{
	uint8_t code[8] = { 0xb8, 0, 0, 0, 0, 0x0f, 0x05, 0xc3 };

	memcpy(code + 1, &nr, 4);
	memcpy(p, code, 8);
}

int main(void)
{
	long ids[2] = { getpid(), getppid() };
	uint8_t *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int bad = 0;

	for (int i = 0; i < 200; i++) {
		emit(p, i & 1 ? SYS_getppid : SYS_getpid);
		for (int k = 0; k < 3; k++)
			bad += ((fn)p)() != ids[i & 1];
	}
	printf("anonymous: %d bad\n", bad);

	int fd = open("code.bin", O_CREAT | O_RDWR | O_TRUNC, 0644);
	uint8_t page[4096] = { 0 };

	emit(page, SYS_getpid);
	emit(page + 64, SYS_getppid);
	if (write(fd, page, sizeof(page)) != sizeof(page))
		return 1;
	bad = 0;
	uint8_t *a = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	uint8_t *b = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	for (int k = 0; k < 10; k++) {
		bad += ((fn)a)() != ids[0];
		bad += ((fn)b)() != ids[0];
		bad += ((fn)(a + 64))() != ids[1];
		bad += ((fn)(b + 64))() != ids[1];
	}
	printf("one file at two addresses: %d bad\n", bad);

	uint8_t back[4096];

	bad = pread(fd, back, sizeof(back), 0) != sizeof(back) || memcmp(back, page, sizeof(back));
	printf("the file: %s\n", bad ? "changed" : "as written");

	bad = mprotect(a, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) != 0;
	printf("made writable: the page %s\n", bad || memcmp(a, page, sizeof(page)) ? "differs from the file" : "is the file's");
	bad = 0;
	for (int i = 0; i < 50; i++) {
		emit(a, i & 1 ? SYS_getppid : SYS_getpid);
		for (int k = 0; k < 3; k++)
			bad += ((fn)a)() != ids[i & 1];
		bad += ((fn)b)() != ids[0];
	}
	printf("rewritten by the program: %d bad\n", bad);
	mprotect(a, 4096, PROT_READ | PROT_EXEC);
	for (int k = 0; k < 10; k++)
		bad += ((fn)a)() != ids[1];
	munmap(b, 4096);
	printf("after: %d bad\n", bad);
	unlink("code.bin");
	return 0;
}
