/* Thousands of steps through a small tree that keeps changing: what every call answers follows from the changes before it,
 * whatever is remembered of names. Each answer goes into a sum, which must be the host's. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned long long seed = 88172645463325252ull, sum;
static unsigned counts[8][2];

static unsigned next(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % n;
}

static void add(unsigned kind, long ret)
{
	sum = sum * 31 + kind * 7 + (ret < 0 ? errno : 1000);
	counts[kind][ret < 0]++;
}

/* One to three components of four names. */
static char *path(char *buf)
{
	static const char *const names[] = { "a", "b", "c", "A" };
	unsigned n = 1 + next(3);

	*buf = 0;
	for (unsigned i = 0; i < n; i++) {
		strcat(buf, i ? "/" : "");
		strcat(buf, names[next(4)]);
	}
	return buf;
}

static void step(void)
{
	char p[64], q[64], text[64];
	struct stat st;
	int fd;
	long n;

	path(p);
	path(q);
	switch (next(12)) {
	case 0:
		add(0, mkdir(p, next(4) ? 0755 : 0700));
		break;
	case 1:
		fd = open(p, O_RDWR | O_CREAT | (next(2) ? O_EXCL : 0), 0644);
		add(1, fd);
		if (fd >= 0 && write(fd, p, strlen(p)) != (long)strlen(p))
			perror("write");
		close(fd);
		break;
	case 2:
		add(2, unlink(p));
		break;
	case 3:
		add(2, rmdir(p));
		break;
	case 4:
		add(3, rename(p, q));
		break;
	case 5:
		add(4, symlink(q, p));
		break;
	case 6:
		add(4, link(p, q));
		break;
	case 7:
		n = readlink(p, text, sizeof(text));
		add(5, n);
		for (long i = 0; i < n; i++)
			sum = sum * 31 + (unsigned char)text[i];
		break;
	case 8:
		fd = open(p, O_RDONLY);
		add(6, fd);
		n = fd < 0 ? 0 : read(fd, text, sizeof(text));
		for (long i = 0; i < n; i++)
			sum = sum * 31 + (unsigned char)text[i];
		close(fd);
		break;
	default:
		add(7, next(2) ? stat(p, &st) : lstat(p, &st));
	}
}

int main(void)
{
	static const char *const kinds[] = { "mkdir", "creat", "remove", "rename", "link", "readlink", "open", "stat" };

	umask(022);
	if (mkdir("walks", 0755) || chdir("walks"))
		perror("walks");
	for (unsigned i = 0; i < 20000; i++) {
		step();
		/* now and then from below */
		if (i % 500 == 499 && chdir("..") == 0 && chdir("walks"))
			perror("walks again");
	}
	for (unsigned i = 0; i < 8; i++)
		printf("%s: %u done, %u refused\n", kinds[i], counts[i][0], counts[i][1]);
	printf("sum %016llx\n", sum);
	return 0;
}
