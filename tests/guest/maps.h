/* What /proc says about a range of memory, in pages from its start: for programs whose areas may not depend on addresses. */
#ifndef MAPS_H
#define MAPS_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define P 4096ul
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

/* @pages of address space with nothing in them or near them, where nothing else comes either. */
static inline char *hole(unsigned long pages)
{
	static char *next = (char *)0x200000000000;
	char *a = next;

	next += (pages + 1024) * P;
	return a;
}

static inline char *map_at(char *a, unsigned long pages, int prot, int flags)
{
	return mmap(a, pages * P, prot, flags | MAP_FIXED, -1, 0);
}

/* The text of a file of /proc, without allocating anything. */
static inline char *proc_text(const char *path)
{
	static char text[1 << 20];
	int fd = open(path, O_RDONLY);
	size_t have = 0;
	ssize_t n;

	while (fd >= 0 && have < sizeof(text) - 1 && (n = read(fd, text + have, sizeof(text) - 1 - have)) > 0)
		have += n;
	text[have] = 0;
	close(fd);
	return text;
}

/* The areas in [base, base+pages): "0-4 rw-p NAME" each. */
static inline void show_maps(const char *what, char *base, unsigned long pages)
{
	char *line = proc_text("/proc/self/maps"), *next, perm[8], name[4200];
	unsigned long start, end, off;

	printf("%s:", what);
	for (; *line; line = next) {
		next = strchr(line, '\n') + 1;
		name[0] = 0;
		if (sscanf(line, "%lx-%lx %7s %lx %*s %*s%*[ ]%4199[^\n]", &start, &end, perm, &off, name) < 4)
			continue;
		if (end <= (unsigned long)base || start >= (unsigned long)base + pages * P)
			continue;
		printf(" [%ld-%ld %s", ((long)start - (long)base) / 4096, ((long)end - (long)base) / 4096, perm);
		if (off)
			printf(" +%lu", off / P);
		if (name[0])
			printf(" %s", strrchr(name, '/') ? strrchr(name, '/') : name);
		printf("]");
	}
	printf("\n");
}

/* A line of the area at @a in /proc/self/smaps: the text after "KEY:", without blanks around it. */
static inline const char *smaps_text(void *a, const char *key)
{
	static char value[256];
	char *line = proc_text("/proc/self/smaps"), *next, *p;
	unsigned long start, end;
	int inside = 0;

	for (; *line; line = next) {
		next = strchr(line, '\n') + 1;
		next[-1] = 0;
		p = strchr(line, ':');
		if (p && p - line == (long)strlen(key) && inside && !strncmp(line, key, p - line)) {
			p += 1 + strspn(p + 1, " ");
			for (size_t n = strlen(p); n && p[n - 1] == ' '; n--)
				p[n - 1] = 0;
			snprintf(value, sizeof(value), "%s", p);
			return value;
		}
		if (strchr(line, '-') && sscanf(line, "%lx-%lx ", &start, &end) == 2)
			inside = (unsigned long)a >= start && (unsigned long)a < end;
	}
	return "none";
}
static inline long smaps_kib(void *a, const char *key) { return atol(smaps_text(a, key)); }

/* A figure of /proc/self/status in kB, or -1. */
static inline long status_kib(const char *key)
{
	char *line = proc_text("/proc/self/status"), *next;

	for (; *line; line = next) {
		next = strchr(line, '\n') + 1;
		if (!strncmp(line, key, strlen(key)) && line[strlen(key)] == ':')
			return atol(line + strlen(key) + 1);
	}
	return -1;
}

#endif
